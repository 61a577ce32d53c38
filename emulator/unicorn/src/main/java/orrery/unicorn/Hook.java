package orrery.unicorn;

/**
 * The callbacks of the engine. They run on the thread that called {@link Unicorn#start}, may call
 * the engine, and may throw: the engine then stops and {@code start} rethrows.
 */
public final class Hook {
  private Hook() {}

  /** Exceptions. */
  @FunctionalInterface
  public interface Interrupt {
    /**
     * The guest raised an exception; PC is past an SVC, HVC or SMC and at any other instruction.
     *
     * @param number the engine's exception number: 1 undefined, 2 SVC, 3 prefetch abort, 4 data
     *     abort, 5 IRQ, 7 BRK, 11 HVC, 13 SMC
     */
    void interrupted(int number);
  }

  /** Invalid instructions. */
  @FunctionalInterface
  public interface InvalidInstruction {
    /** True to go on (PC is then the handler's business), false to stop with an error. */
    boolean handle();
  }

  /** Instructions or basic blocks. */
  @FunctionalInterface
  public interface Code {
    /**
     * An instruction or block is about to run.
     *
     * @param address its virtual address
     * @param size its size in bytes
     */
    void executing(long address, int size);
  }

  /** Valid memory accesses. */
  @FunctionalInterface
  public interface Memory {
    /**
     * An access happens.
     *
     * @param address guest-physical address
     * @param size bytes
     * @param value what is written, or what was read for {@link MemoryAccess#READ_AFTER}
     */
    void accessed(MemoryAccess access, long address, int size, long value);
  }

  /** Invalid memory accesses. */
  @FunctionalInterface
  public interface InvalidMemory {
    /**
     * An access to unmapped or protected memory.
     *
     * @return true if the handler has made the memory accessible, false to stop with an error
     */
    boolean handle(MemoryAccess access, long address, int size, long value);
  }

  /** System instructions. */
  @FunctionalInterface
  public interface SystemInstruction {
    /**
     * The guest executes MRS, MSR, SYS or SYSL.
     *
     * @param register the general register, an {@link Arm64Register} number
     * @param system the system register
     * @param value the register's value as the engine gives it
     * @return true to skip the instruction
     */
    boolean handle(int register, SystemRegister system, long value);
  }

  /** New edges between translation blocks. */
  @FunctionalInterface
  public interface Edge {
    /** {@code current} follows {@code previous} for the first time. */
    void generated(TranslationBlock current, TranslationBlock previous);
  }

  /** TCG opcodes. */
  @FunctionalInterface
  public interface TcgOpcode {
    /** An instrumented operation with two operands of {@code size} bits. */
    void executing(long address, long first, long second, int size);
  }

  /** Misses of the virtual TLB ({@link Unicorn#virtualTlb}). */
  @FunctionalInterface
  public interface TlbFill {
    /** What {@link #fill} returns if the address is not mapped: the guest gets a fault. */
    long NOT_MAPPED = -1;

    /**
     * Finds the page of an address.
     *
     * @return the page's physical address with the permissions ({@link Protection}) in its low
     *     bits, or {@link #NOT_MAPPED}
     */
    long fill(long address, MemoryAccess access);
  }

  /** Reads of a device. */
  @FunctionalInterface
  public interface MmioRead {
    /**
     * The guest reads.
     *
     * @param offset bytes from the start of the mapping
     * @param size 1, 2, 4 or 8 bytes
     */
    long read(long offset, int size);
  }

  /** Writes to a device. */
  @FunctionalInterface
  public interface MmioWrite {
    /**
     * The guest writes.
     *
     * @param offset bytes from the start of the mapping
     * @param size 1, 2, 4 or 8 bytes
     */
    void write(long offset, int size, long value);
  }
}
