package orrery.unicorn.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;

/**
 * A C function whose arguments and result are integers or pointers.
 *
 * <p>All functions are called through one shape, {@value #ARGUMENTS} longs and a long as the
 * result: linking a shape takes the JVM 10 ms, of which a start has few. The C calling conventions
 * of Linux (System V x86-64 psABI 3.2.3, AAPCS64 6.8.2) allow it: arguments that a function does
 * not have are not looked at, nor is the upper half of one that is narrower, and the same holds for
 * the variable arguments of a function. What the result's type does not cover is undefined, hence
 * {@link #callInt} and {@link #callBoolean}.
 *
 * @param address the function
 */
public record NativeFunction(MemorySegment address) {
  private static final int ARGUMENTS = 9;

  /** Takes a function's address; null where only {@link #LINKED} is there. */
  private static final MethodHandle DIRECT = direct(true);

  /** Takes a function's address as a segment; null if {@link #DIRECT} is there. */
  private static final MethodHandle LINKED = DIRECT == null ? linked() : null;

  /** A handle for any function, its address being the first argument; null if not to be had. */
  static MethodHandle direct(boolean waits) {
    DirectLinker linker = DirectLinker.instance();
    return linker == null ? null : linker.call(ARGUMENTS, waits);
  }

  /**
   * A handle for any function, a segment at its address being the first argument.
   *
   * @param options of the linker
   */
  @SuppressWarnings("restricted") // the class comment says why the type suits every function
  static MethodHandle linked(Linker.Option... options) {
    var longs = Collections.nCopies(ARGUMENTS, JAVA_LONG).toArray(new ValueLayout.OfLong[0]);
    return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, longs), options);
  }

  /**
   * A function of the C library.
   *
   * @throws IllegalStateException if it has none of that name
   */
  public static NativeFunction standard(String name) {
    return new NativeFunction(standardSymbol(name));
  }

  static MemorySegment standardSymbol(String name) {
    DirectLinker direct = DirectLinker.instance();
    SymbolLookup symbols =
        direct == null ? Linker.nativeLinker().defaultLookup() : direct.standardSymbols();
    return symbols
        .find(name)
        .orElseThrow(() -> new IllegalStateException("the host's C library has no " + name));
  }

  /** Calls it. */
  public long call(long a, long b, long c, long d, long e, long f, long g, long h, long i) {
    try {
      return DIRECT == null
          ? (long) LINKED.invokeExact(address, a, b, c, d, e, f, g, h, i)
          : (long) DIRECT.invokeExact(address.address(), a, b, c, d, e, f, g, h, i);
    } catch (Throwable thrown) {
      throw Unchecked.of(thrown);
    }
  }

  /** Calls it. */
  public long call(long a, long b, long c, long d, long e, long f) {
    return call(a, b, c, d, e, f, 0, 0, 0);
  }

  /** Calls it. */
  public long call(long a, long b, long c) {
    return call(a, b, c, 0, 0, 0, 0, 0, 0);
  }

  /** Calls it. */
  public long call(long a, long b) {
    return call(a, b, 0, 0, 0, 0, 0, 0, 0);
  }

  /** Calls it. */
  public long call(long a) {
    return call(a, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** Calls it for an int. */
  public int callInt(long a, long b, long c, long d, long e, long f, long g, long h, long i) {
    return (int) call(a, b, c, d, e, f, g, h, i);
  }

  /** Calls it for an int. */
  public int callInt(long a, long b, long c, long d, long e, long f, long g, long h) {
    return (int) call(a, b, c, d, e, f, g, h, 0);
  }

  /** Calls it for an int. */
  public int callInt(long a, long b, long c, long d, long e, long f, long g) {
    return (int) call(a, b, c, d, e, f, g, 0, 0);
  }

  /** Calls it for an int. */
  public int callInt(long a, long b, long c, long d, long e) {
    return (int) call(a, b, c, d, e, 0, 0, 0, 0);
  }

  /** Calls it for an int. */
  public int callInt(long a, long b, long c, long d) {
    return (int) call(a, b, c, d, 0, 0, 0, 0, 0);
  }

  /** Calls it for an int. */
  public int callInt(long a, long b, long c) {
    return (int) call(a, b, c, 0, 0, 0, 0, 0, 0);
  }

  /** Calls it for an int. */
  public int callInt(long a, long b) {
    return (int) call(a, b, 0, 0, 0, 0, 0, 0, 0);
  }

  /** Calls it for an int. */
  public int callInt(long a) {
    return (int) call(a, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** Calls it for a C bool. */
  public boolean callBoolean(long a) {
    return (byte) call(a, 0, 0, 0, 0, 0, 0, 0, 0) != 0;
  }
}
