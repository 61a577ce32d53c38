package orrery.unicorn;

import orrery.unicorn.host.NativeFunction;

/**
 * {@code uc_context_size}, apart from the other context calls because calibration needs it alone.
 */
final class CpuContextSize {
  private static final NativeFunction SIZE = UnicornLibrary.function("uc_context_size");

  private CpuContextSize() {}

  static long of(Unicorn engine) {
    return SIZE.call(engine.handle());
  }
}
