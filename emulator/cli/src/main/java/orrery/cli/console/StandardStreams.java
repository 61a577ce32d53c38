package orrery.cli.console;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The process's standard streams. */
final class StandardStreams {
  static final int INPUT = 0;
  static final int OUTPUT = 1;
  static final int ERRORS = 2;

  private static final MethodHandle ISATTY = isatty();

  private StandardStreams() {}

  /** Whether a descriptor is a terminal; see isatty(3). */
  static boolean isTerminal(int descriptor) {
    try {
      return (int) ISATTY.invokeExact(descriptor) == 1;
    } catch (Throwable e) {
      throw new IllegalStateException("isatty cannot be called", e);
    }
  }

  @SuppressWarnings("restricted") // the C library's own isatty(int)
  private static MethodHandle isatty() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("isatty"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }
}
