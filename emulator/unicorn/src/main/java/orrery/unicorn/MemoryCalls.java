package orrery.unicorn;

import orrery.unicorn.host.NativeFunction;

/** Guest memory: bound when first used. */
final class MemoryCalls {
  static final NativeFunction MAP = UnicornLibrary.function("uc_mem_map");
  static final NativeFunction UNMAP = UnicornLibrary.function("uc_mem_unmap");
  static final NativeFunction PROTECT = UnicornLibrary.function("uc_mem_protect");
  static final NativeFunction READ = UnicornLibrary.function("uc_mem_read");
  static final NativeFunction WRITE = UnicornLibrary.function("uc_mem_write");
  static final NativeFunction VIRTUAL_READ = UnicornLibrary.function("uc_vmem_read");
  static final NativeFunction VIRTUAL_WRITE = UnicornLibrary.function("uc_vmem_write");
  static final NativeFunction TRANSLATE = UnicornLibrary.function("uc_vmem_translate");
  static final NativeFunction REGIONS = UnicornLibrary.function("uc_mem_regions");
  static final NativeFunction FREE = UnicornLibrary.function("uc_free");

  private MemoryCalls() {}
}
