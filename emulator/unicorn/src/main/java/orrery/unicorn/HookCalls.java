package orrery.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** The rarer hooks: bound when first used. */
final class HookCalls {
  static final MethodHandle DELETE =
      UnicornLibrary.function("uc_hook_del", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  static final MethodHandle ADD_INSTRUCTION =
      UnicornLibrary.function(
          "uc_hook_add",
          FunctionDescriptor.of(
              JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_INT),
          Linker.Option.firstVariadicArg(7));
  static final MethodHandle ADD_OPCODE =
      UnicornLibrary.function(
          "uc_hook_add",
          FunctionDescriptor.of(
              JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(7));

  private HookCalls() {}
}
