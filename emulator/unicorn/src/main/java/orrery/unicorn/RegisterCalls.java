package orrery.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** Registers in bulk and with sizes: bound when first used. */
final class RegisterCalls {
  static final MethodHandle READ_SIZED =
      UnicornLibrary.function(
          "uc_reg_read2", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
  static final MethodHandle WRITE_SIZED =
      UnicornLibrary.function(
          "uc_reg_write2", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
  static final MethodHandle READ_BATCH =
      UnicornLibrary.function(
          "uc_reg_read_batch",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT));
  static final MethodHandle WRITE_BATCH =
      UnicornLibrary.function(
          "uc_reg_write_batch",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT));
  static final MethodHandle READ_BATCH_SIZED =
      UnicornLibrary.function(
          "uc_reg_read_batch2",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
  static final MethodHandle WRITE_BATCH_SIZED =
      UnicornLibrary.function(
          "uc_reg_write_batch2",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));

  private RegisterCalls() {}
}
