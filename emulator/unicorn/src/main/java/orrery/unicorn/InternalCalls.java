package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Functions of the engine that unicorn.h does not declare but the library exports. None of them
 * calls back into Java or leaves by longjmp, so that the short call sequence is safe.
 */
final class InternalCalls {
  private static final FunctionDescriptor POINTER = FunctionDescriptor.ofVoid(JAVA_LONG);
  private static final FunctionDescriptor POINTER_INT =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT);

  /** Architectural exception entry (ARM DDI 0487, D1.3). */
  static final MethodHandle DO_INTERRUPT = leaf("arm_cpu_do_interrupt_aarch64", POINTER);

  /** Ends the running chain of blocks. */
  static final MethodHandle EXIT = leaf("cpu_exit", POINTER);

  /** Recomputes what translation depends on after PSTATE or a control register changed. */
  static final MethodHandle REBUILD_FLAGS = leaf("arm_rebuild_hflags_aarch64", POINTER);

  /** Asserts an input line of the CPU. */
  static final MethodHandle INTERRUPT = interrupt();

  /** Deasserts an input line of the CPU. */
  static final MethodHandle RESET_INTERRUPT = leaf("cpu_reset_interrupt", POINTER_INT);

  /** Forgets all cached translations. */
  static final MethodHandle TLB_FLUSH = leaf("tlb_flush_aarch64", POINTER);

  /** Forgets a page in a set of TLBs, and its part of the jump cache. */
  static final MethodHandle TLB_FLUSH_PAGE =
      leaf(
          "tlb_flush_page_by_mmuidx_aarch64",
          FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_SHORT));

  /** Forgets the part of the jump cache that may hold blocks of a page. */
  static final MethodHandle JUMP_CACHE_FLUSH_PAGE =
      leaf("tb_flush_jmp_cache_aarch64", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));

  /** Forgets blocks translated from a range of RAM. */
  static final MethodHandle INVALIDATE =
      leaf(
          "tb_invalidate_phys_range_aarch64",
          FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG));

  static final MethodHandle GET_FPSCR =
      leaf("vfp_get_fpscr_aarch64", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
  static final MethodHandle SET_FPSCR = leaf("vfp_set_fpscr_aarch64", POINTER_INT);

  private InternalCalls() {}

  private static MethodHandle leaf(String name, FunctionDescriptor type) {
    return UnicornLibrary.function(name, type, Linker.Option.critical(false));
  }

  @SuppressWarnings("restricted") // the variable holds a function of this type
  private static MethodHandle interrupt() {
    long variable = UnicornLibrary.load().symbol("cpu_interrupt_handler").address();
    MemorySegment function = MemorySegment.ofAddress(NativeMemory.MEMORY.get(JAVA_LONG, variable));
    return Linker.nativeLinker()
        .downcallHandle(function, POINTER_INT, Linker.Option.critical(false));
  }

  /** What only exceptional accesses and guest kernels need: bound when first used. */
  static final class Rare {
    /** The description of a system register. */
    static final MethodHandle REGISTER_INFO =
        leaf("get_arm_cp_reginfo_aarch64", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT));

    /** Sets PC to the instruction that a host address belongs to; false if there is none. */
    static final MethodHandle RESTORE_STATE =
        leaf(
            "cpu_restore_state_aarch64",
            FunctionDescriptor.of(JAVA_BOOLEAN, JAVA_LONG, JAVA_LONG, JAVA_BOOLEAN));

    private Rare() {}
  }
}
