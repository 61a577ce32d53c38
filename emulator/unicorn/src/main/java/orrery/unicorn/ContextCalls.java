package orrery.unicorn;

import orrery.unicorn.host.NativeFunction;

/** Saved CPU contexts: bound when first used. */
final class ContextCalls {
  static final NativeFunction ALLOC = UnicornLibrary.function("uc_context_alloc");
  static final NativeFunction FREE = UnicornLibrary.function("uc_context_free");
  static final NativeFunction SAVE = UnicornLibrary.function("uc_context_save");
  static final NativeFunction RESTORE = UnicornLibrary.function("uc_context_restore");
  static final NativeFunction READ = UnicornLibrary.function("uc_context_reg_read");
  static final NativeFunction WRITE = UnicornLibrary.function("uc_context_reg_write");
  static final NativeFunction READ_SIZED = UnicornLibrary.function("uc_context_reg_read2");
  static final NativeFunction WRITE_SIZED = UnicornLibrary.function("uc_context_reg_write2");
  static final NativeFunction READ_BATCH = UnicornLibrary.function("uc_context_reg_read_batch");
  static final NativeFunction WRITE_BATCH = UnicornLibrary.function("uc_context_reg_write_batch");
  static final NativeFunction READ_BATCH_SIZED =
      UnicornLibrary.function("uc_context_reg_read_batch2");
  static final NativeFunction WRITE_BATCH_SIZED =
      UnicornLibrary.function("uc_context_reg_write_batch2");

  private ContextCalls() {}
}
