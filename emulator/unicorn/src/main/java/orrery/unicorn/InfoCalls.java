package orrery.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** Questions about the library and the engine: bound when first asked. */
final class InfoCalls {
  static final MethodHandle ARCH_SUPPORTED =
      UnicornLibrary.function("uc_arch_supported", FunctionDescriptor.of(JAVA_BOOLEAN, JAVA_INT));
  static final MethodHandle QUERY =
      UnicornLibrary.function(
          "uc_query", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS));
  static final MethodHandle ERRNO =
      UnicornLibrary.function("uc_errno", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
  static final MethodHandle STRERROR =
      UnicornLibrary.function("uc_strerror", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
  static final MethodHandle CONTROL_PAIR =
      UnicornLibrary.function(
          "uc_ctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(2));

  private InfoCalls() {}
}
