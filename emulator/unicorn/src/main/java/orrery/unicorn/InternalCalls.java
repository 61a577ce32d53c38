package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import orrery.unicorn.host.LeafFunction;
import orrery.unicorn.host.NativeFunction;

/**
 * Functions of the engine that unicorn.h does not declare but the library exports. None of them
 * calls back into Java or leaves by longjmp, so that the short call sequence is safe, except where
 * a {@link NativeFunction} says otherwise.
 */
final class InternalCalls {
  private static final String REGISTER_INFO = "get_arm_cp_reginfo_aarch64";
  private static final String RESTORE_STATE = "cpu_restore_state_aarch64";
  private static final String TRANSLATE = "arm_cpu_get_phys_page_attrs_debug_aarch64";

  /** Called by nobody, but an entry of {@link ClassTable}. */
  static final String EXECUTE_INTERRUPT = "arm_cpu_exec_interrupt_aarch64";

  /** Architectural exception entry (ARM DDI 0487, D1.3). */
  static final LeafFunction DO_INTERRUPT = leaf("arm_cpu_do_interrupt_aarch64");

  /** Ends the running chain of blocks. */
  static final LeafFunction EXIT = leaf("cpu_exit");

  /** Recomputes what translation depends on after PSTATE or a control register changed. */
  static final LeafFunction REBUILD_FLAGS = leaf("arm_rebuild_hflags_aarch64");

  /** Asserts an input line of the CPU. */
  static final LeafFunction INTERRUPT = interrupt();

  /** Deasserts an input line of the CPU. */
  static final LeafFunction RESET_INTERRUPT = leaf("cpu_reset_interrupt");

  /** Forgets all cached translations. */
  static final LeafFunction TLB_FLUSH = leaf("tlb_flush_aarch64");

  /** Forgets a page in a set of TLBs, and its part of the jump cache. */
  static final LeafFunction TLB_FLUSH_PAGE = leaf("tlb_flush_page_by_mmuidx_aarch64");

  /** Forgets the part of the jump cache that may hold blocks of a page. */
  static final LeafFunction JUMP_CACHE_FLUSH_PAGE = leaf("tb_flush_jmp_cache_aarch64");

  /** Forgets blocks translated from a range of RAM. */
  static final LeafFunction INVALIDATE = leaf("tb_invalidate_phys_range_aarch64");

  static final LeafFunction GET_FPSCR = leaf("vfp_get_fpscr_aarch64");
  static final LeafFunction SET_FPSCR = leaf("vfp_set_fpscr_aarch64");

  private InternalCalls() {}

  private static LeafFunction leaf(String name) {
    return new LeafFunction(UnicornLibrary.load().internal(name));
  }

  /** The variable holds the function. */
  private static LeafFunction interrupt() {
    long variable = UnicornLibrary.load().internal("cpu_interrupt_handler").address();
    return new LeafFunction(MemorySegment.ofAddress(NativeMemory.MEMORY.get(JAVA_LONG, variable)));
  }

  /**
   * Whether the library has what is bound only when it is first used.
   *
   * @throws InternalsUnavailableException if it does not export one of the functions
   */
  static void checkRare() {
    UnicornLibrary library = UnicornLibrary.load();
    for (String name : List.of(REGISTER_INFO, RESTORE_STATE, TRANSLATE, EXECUTE_INTERRUPT)) {
      library.internal(name);
    }
  }

  /** What only exceptional accesses and guest kernels need: bound when first used. */
  static final class Rare {
    /** The description of a system register. */
    static final LeafFunction REGISTER_INFO = leaf(InternalCalls.REGISTER_INFO);

    /** Sets PC to the instruction that a host address belongs to; false if there is none. */
    static final LeafFunction RESTORE_STATE = leaf(InternalCalls.RESTORE_STATE);

    /**
     * The physical address that a virtual one has at the current exception level, -1 if none; walks
     * the guest's tables, which may lie in a device, whose callback is Java.
     */
    static final NativeFunction TRANSLATE =
        new NativeFunction(UnicornLibrary.load().internal(InternalCalls.TRANSLATE));

    /** Where {@link #TRANSLATE} puts the memory's attributes, which nobody reads. */
    static final MemorySegment ATTRIBUTES = Arena.global().allocate(64, 8);

    private Rare() {}
  }
}
