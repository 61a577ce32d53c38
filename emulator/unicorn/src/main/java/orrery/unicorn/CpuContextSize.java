package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/**
 * {@code uc_context_size}, apart from the other context calls because calibration needs it alone.
 */
final class CpuContextSize {
  private static final MethodHandle SIZE =
      UnicornLibrary.function("uc_context_size", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

  private CpuContextSize() {}

  static long of(Unicorn engine) {
    try {
      return (long) SIZE.invokeExact(engine.handle());
    } catch (Throwable e) {
      throw UnicornLibrary.unchecked(e);
    }
  }
}
