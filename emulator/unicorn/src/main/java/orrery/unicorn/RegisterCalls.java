package orrery.unicorn;

import orrery.unicorn.host.NativeFunction;

/** Registers in bulk and with sizes: bound when first used. */
final class RegisterCalls {
  static final NativeFunction READ_SIZED = UnicornLibrary.function("uc_reg_read2");
  static final NativeFunction WRITE_SIZED = UnicornLibrary.function("uc_reg_write2");
  static final NativeFunction READ_BATCH = UnicornLibrary.function("uc_reg_read_batch");
  static final NativeFunction WRITE_BATCH = UnicornLibrary.function("uc_reg_write_batch");
  static final NativeFunction READ_BATCH_SIZED = UnicornLibrary.function("uc_reg_read_batch2");
  static final NativeFunction WRITE_BATCH_SIZED = UnicornLibrary.function("uc_reg_write_batch2");

  private RegisterCalls() {}
}
