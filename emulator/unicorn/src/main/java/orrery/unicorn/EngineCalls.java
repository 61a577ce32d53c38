package orrery.unicorn;

import orrery.unicorn.host.NativeFunction;

/** The engine's life and control: handles bound when the first engine opens. */
final class EngineCalls {
  static final NativeFunction OPEN = UnicornLibrary.function("uc_open");
  static final NativeFunction CLOSE = UnicornLibrary.function("uc_close");
  static final NativeFunction START = UnicornLibrary.function("uc_emu_start");
  static final NativeFunction STOP = UnicornLibrary.function("uc_emu_stop");
  static final NativeFunction CONTROL = UnicornLibrary.function("uc_ctl");
  static final NativeFunction HOOK_ADD = UnicornLibrary.function("uc_hook_add");
  static final NativeFunction REG_READ = UnicornLibrary.function("uc_reg_read");
  static final NativeFunction REG_WRITE = UnicornLibrary.function("uc_reg_write");
  static final NativeFunction MEM_MAP_PTR = UnicornLibrary.function("uc_mem_map_ptr");

  private EngineCalls() {}
}
