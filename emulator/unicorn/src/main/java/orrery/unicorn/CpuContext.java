package orrery.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A saved CPU state, {@code uc_context}; close it before its engine. */
public final class CpuContext implements AutoCloseable {
  private static final long LARGEST_REGISTER = 16;

  private final Unicorn engine;
  private long handle;

  CpuContext(Unicorn engine) {
    this.engine = engine;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ADDRESS);
      Unicorn.check(
          "uc_context_alloc", ContextCalls.ALLOC.callInt(engine.handle(), result.address()));
      handle = result.get(JAVA_LONG, 0);
    }
    try {
      save();
    } catch (UnicornException e) {
      close();
      throw e;
    }
  }

  /** How many bytes the engine's CPU state has. */
  public static long size(Unicorn engine) {
    return CpuContextSize.of(engine);
  }

  /** Fills the context with the engine's present state. */
  public void save() {
    Unicorn.check("uc_context_save", ContextCalls.SAVE.callInt(engine.handle(), open()));
  }

  /** Makes the context the engine's state. */
  public void restore() {
    Unicorn.check("uc_context_restore", ContextCalls.RESTORE.callInt(engine.handle(), open()));
  }

  /** Looks into the context's bytes. */
  int peekInt(long offset) {
    return NativeMemory.MEMORY.get(JAVA_INT, open() + offset);
  }

  /** Looks into the context's bytes; {@code offset} is a multiple of 4. */
  long peekLong(long offset) {
    return NativeMemory.MEMORY.get(JAVA_LONG_UNALIGNED, open() + offset);
  }

  /** Reads a register of up to 64 bits of the context, zero-extended. */
  public long read(int register) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(LARGEST_REGISTER, LARGEST_REGISTER);
      Unicorn.check(
          "uc_context_reg_read", ContextCalls.READ.callInt(open(), register, value.address()));
      return value.get(JAVA_LONG, 0);
    }
  }

  /** Writes a register of up to 64 bits of the context. */
  public void write(int register, long value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(LARGEST_REGISTER, LARGEST_REGISTER);
      buffer.set(JAVA_LONG, 0, value);
      Unicorn.check(
          "uc_context_reg_write", ContextCalls.WRITE.callInt(open(), register, buffer.address()));
    }
  }

  /** Reads a register of any size into native memory; its size. */
  public long read(int register, MemorySegment into) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocateFrom(JAVA_LONG, into.byteSize());
      Unicorn.check(
          "uc_context_reg_read2",
          ContextCalls.READ_SIZED.callInt(
              open(), register, NativeMemory.address(into), size.address()));
      return size.get(JAVA_LONG, 0);
    }
  }

  /** Writes a register of any size from native memory; its size. */
  public long write(int register, MemorySegment from) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocateFrom(JAVA_LONG, from.byteSize());
      Unicorn.check(
          "uc_context_reg_write2",
          ContextCalls.WRITE_SIZED.callInt(
              open(), register, NativeMemory.address(from), size.address()));
      return size.get(JAVA_LONG, 0);
    }
  }

  /** Reads registers of up to 64 bits into {@code values}. */
  public void read(int[] registers, long[] values) {
    try (RegisterBatch batch = new RegisterBatch(registers, values)) {
      Unicorn.check(
          "uc_context_reg_read_batch",
          ContextCalls.READ_BATCH.callInt(
              open(), batch.ids.address(), batch.pointers.address(), registers.length));
      batch.copyTo(values);
    }
  }

  /** Writes registers of up to 64 bits from {@code values}. */
  public void write(int[] registers, long[] values) {
    try (RegisterBatch batch = new RegisterBatch(registers, values)) {
      Unicorn.check(
          "uc_context_reg_write_batch",
          ContextCalls.WRITE_BATCH.callInt(
              open(), batch.ids.address(), batch.pointers.address(), registers.length));
    }
  }

  /** Reads registers of any size, each into its own native memory; the sizes. */
  public long[] read(int[] registers, MemorySegment[] values) {
    try (RegisterBatch batch = new RegisterBatch(registers, values)) {
      Unicorn.check(
          "uc_context_reg_read_batch2",
          ContextCalls.READ_BATCH_SIZED.callInt(
              open(),
              batch.ids.address(),
              batch.pointers.address(),
              batch.sizes.address(),
              registers.length));
      return batch.sizes();
    }
  }

  /** Writes registers of any size, each from its own native memory; the sizes. */
  public long[] write(int[] registers, MemorySegment[] values) {
    try (RegisterBatch batch = new RegisterBatch(registers, values)) {
      Unicorn.check(
          "uc_context_reg_write_batch2",
          ContextCalls.WRITE_BATCH_SIZED.callInt(
              open(),
              batch.ids.address(),
              batch.pointers.address(),
              batch.sizes.address(),
              registers.length));
      return batch.sizes();
    }
  }

  private long open() {
    if (handle == 0) {
      throw new IllegalStateException("the context is closed");
    }
    return handle;
  }

  /** Frees the context. */
  @Override
  public void close() {
    if (handle != 0) {
      long freed = handle;
      handle = 0;
      Unicorn.check("uc_context_free", ContextCalls.FREE.callInt(freed));
    }
  }
}
