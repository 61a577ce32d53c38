package orrery.unicorn;

import orrery.unicorn.host.NativeFunction;

/** The rarer hooks: bound when first used. */
final class HookCalls {
  static final NativeFunction DELETE = UnicornLibrary.function("uc_hook_del");
  static final NativeFunction ADD_INSTRUCTION = UnicornLibrary.function("uc_hook_add");
  static final NativeFunction ADD_OPCODE = UnicornLibrary.function("uc_hook_add");

  private HookCalls() {}
}
