package orrery.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** The engine's life and control: handles bound when the first engine opens. */
final class EngineCalls {
  static final MethodHandle OPEN =
      UnicornLibrary.function(
          "uc_open", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  static final MethodHandle CLOSE =
      UnicornLibrary.function("uc_close", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
  static final MethodHandle START =
      UnicornLibrary.function(
          "uc_emu_start",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  static final MethodHandle STOP =
      UnicornLibrary.function("uc_emu_stop", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
  static final MethodHandle CONTROL =
      UnicornLibrary.function(
          "uc_ctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG),
          Linker.Option.firstVariadicArg(2));
  static final MethodHandle HOOK_ADD =
      UnicornLibrary.function(
          "uc_hook_add",
          FunctionDescriptor.of(
              JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(7));
  static final MethodHandle REG_READ =
      UnicornLibrary.function(
          "uc_reg_read", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG));
  static final MethodHandle REG_WRITE =
      UnicornLibrary.function(
          "uc_reg_write", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG));
  static final MethodHandle MEM_MAP_PTR =
      UnicornLibrary.function(
          "uc_mem_map_ptr",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));

  private EngineCalls() {}
}
