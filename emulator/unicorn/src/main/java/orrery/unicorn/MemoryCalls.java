package orrery.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** Guest memory: bound when first used. */
final class MemoryCalls {
  static final MethodHandle MAP =
      UnicornLibrary.function(
          "uc_mem_map", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
  static final MethodHandle UNMAP =
      UnicornLibrary.function(
          "uc_mem_unmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  static final MethodHandle PROTECT =
      UnicornLibrary.function(
          "uc_mem_protect",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
  static final MethodHandle READ =
      UnicornLibrary.function(
          "uc_mem_read", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG));
  static final MethodHandle WRITE =
      UnicornLibrary.function(
          "uc_mem_write",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG));
  static final MethodHandle VIRTUAL_READ =
      UnicornLibrary.function(
          "uc_vmem_read",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  static final MethodHandle VIRTUAL_WRITE =
      UnicornLibrary.function(
          "uc_vmem_write",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  static final MethodHandle TRANSLATE =
      UnicornLibrary.function(
          "uc_vmem_translate",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS));
  static final MethodHandle REGIONS =
      UnicornLibrary.function(
          "uc_mem_regions", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));
  static final MethodHandle FREE =
      UnicornLibrary.function("uc_free", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

  private MemoryCalls() {}
}
