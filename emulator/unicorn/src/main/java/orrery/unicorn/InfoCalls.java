package orrery.unicorn;

import orrery.unicorn.host.NativeFunction;

/** Questions about the library and the engine: bound when first asked. */
final class InfoCalls {
  static final NativeFunction ARCH_SUPPORTED = UnicornLibrary.function("uc_arch_supported");
  static final NativeFunction QUERY = UnicornLibrary.function("uc_query");
  static final NativeFunction ERRNO = UnicornLibrary.function("uc_errno");
  static final NativeFunction STRERROR = UnicornLibrary.function("uc_strerror");
  static final NativeFunction CONTROL_PAIR = UnicornLibrary.function("uc_ctl");

  private InfoCalls() {}
}
