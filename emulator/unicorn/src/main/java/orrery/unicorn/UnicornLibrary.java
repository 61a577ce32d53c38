package orrery.unicorn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import orrery.unicorn.host.NativeFunction;

/**
 * Finds, loads and checks the native library, once per process.
 *
 * <p>It is looked for in the environment variable {@code ORRERY_UNICORN}, then the system property
 * {@code orrery.unicorn}, then {@code ${XDG_CACHE_HOME:-$HOME/.cache}/orrery/unicorn-2.1.4/
 * libunicorn.so.2}. The first that is set is taken, whether it works or not.
 */
public final class UnicornLibrary {
  /** Names the library's file; overrides everything. */
  public static final String ENVIRONMENT_VARIABLE = "ORRERY_UNICORN";

  /** Names the library's file if the environment does not. */
  public static final String SYSTEM_PROPERTY = "orrery.unicorn";

  /** The least version that works, in the layout of {@code uc_version}: 2.1.4. */
  public static final int MINIMUM_VERSION = 0x02010400;

  private static final String CACHED = "orrery/unicorn-2.1.4/libunicorn.so.2";
  private static final int EXTRA_MASK = 0xff;

  private static UnicornLibrary loaded;

  private final Path path;
  private final SymbolLookup symbols;
  private final int version;

  private UnicornLibrary(Path path, SymbolLookup symbols, int version) {
    this.path = path;
    this.symbols = symbols;
    this.version = version;
  }

  /**
   * The library, loaded at the first call.
   *
   * @throws UnicornException if there is none or it is too old; the message is one line that says
   *     what to do
   */
  public static synchronized UnicornLibrary load() {
    if (loaded == null) {
      loaded = load(locate());
    }
    return loaded;
  }

  /** Where the library is looked for; the file may be missing. */
  public static Path locate() {
    String named = System.getenv(ENVIRONMENT_VARIABLE);
    if (named == null || named.isEmpty()) {
      named = System.getProperty(SYSTEM_PROPERTY);
    }
    try {
      return named == null || named.isEmpty() ? cacheFolder().resolve(CACHED) : Path.of(named);
    } catch (InvalidPathException e) {
      throw new UnicornException("the library's path is no path: " + e.getMessage(), e);
    }
  }

  private static Path cacheFolder() {
    String cache = System.getenv("XDG_CACHE_HOME");
    if (cache != null && !cache.isEmpty()) {
      return Path.of(cache);
    }
    String home = System.getenv("HOME");
    return Path.of(home != null ? home : System.getProperty("user.home"), ".cache");
  }

  @SuppressWarnings("restricted") // the file is the one the user or the launcher chose
  static UnicornLibrary load(Path path) {
    Path absolute = path.toAbsolutePath();
    if (!Files.isReadable(absolute)) {
      throw new UnicornException(
          "no Unicorn library at "
              + absolute
              + ": run ./orrery once to fetch it, or set "
              + ENVIRONMENT_VARIABLE
              + " to a libunicorn.so.2 of version 2.1.4 or later",
          null);
    }
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup(absolute, Arena.global());
    } catch (IllegalArgumentException e) {
      throw unusable(absolute, "cannot be loaded", e);
    }
    MemorySegment symbol =
        symbols.find("uc_version").orElseThrow(() -> unusable(absolute, "is no Unicorn", null));
    int version = new NativeFunction(symbol).callInt(0, 0);
    if (Integer.compareUnsigned(version & ~EXTRA_MASK, MINIMUM_VERSION) < 0) {
      throw unusable(absolute, "is Unicorn " + text(version), null);
    }
    return new UnicornLibrary(absolute, symbols, version);
  }

  private static UnicornException unusable(Path path, String why, Throwable cause) {
    return new UnicornException(
        path
            + " "
            + why
            + ": set "
            + ENVIRONMENT_VARIABLE
            + " to a libunicorn.so.2 of version 2.1.4 or later",
        cause);
  }

  /** The file that was loaded. */
  public Path path() {
    return path;
  }

  /** The version as {@code uc_version} gives it: major, minor, patch, extra, a byte each. */
  public int version() {
    return version;
  }

  /** The version as people write it. */
  public String versionText() {
    return text(version);
  }

  private static String text(int version) {
    return (version >>> 24) + "." + (version >>> 16 & 0xff) + "." + (version >>> 8 & 0xff);
  }

  /**
   * The address of an exported symbol.
   *
   * @throws UnicornException if the library does not export it
   */
  MemorySegment symbol(String name) {
    return symbols.find(name).orElseThrow(() -> unusable(path, "does not export " + name, null));
  }

  /**
   * The address of an exported symbol that unicorn.h does not declare.
   *
   * @throws InternalsUnavailableException if the library does not export it
   */
  MemorySegment internal(String name) {
    return internal(symbols, path, name);
  }

  static MemorySegment internal(SymbolLookup symbols, Path path, String name) {
    return symbols
        .find(name)
        .orElseThrow(() -> new InternalsUnavailableException(path + " does not export " + name));
  }

  /** An exported function. */
  static NativeFunction function(String name) {
    return new NativeFunction(load().symbol(name));
  }

  /** What a native call threw: only errors of the JVM, since the engine throws nothing. */
  static RuntimeException unchecked(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      return runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }
}
