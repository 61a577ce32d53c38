package orrery.unicorn;

import orrery.unicorn.host.NativeFunction;

/** Devices: bound when the first one is mapped. */
final class MmioCalls {
  static final NativeFunction MAP = UnicornLibrary.function("uc_mmio_map");

  private MmioCalls() {}
}
