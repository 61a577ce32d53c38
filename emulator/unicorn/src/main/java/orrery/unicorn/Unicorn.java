package orrery.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * One AArch64 engine: {@code unicorn.h} of Unicorn 2.1.4 as Java.
 *
 * <p>An engine belongs to one thread at a time; only {@link #stop} may be called from any. What the
 * engine refuses becomes a {@link UnicornException}. What a callback throws stops the engine and
 * comes out of {@link #start}. Addresses are guest-physical unless named virtual, sizes are bytes.
 */
public final class Unicorn implements AutoCloseable {
  /** Little-endian, the default {@code mode}. */
  public static final int MODE_LITTLE_ENDIAN = 0;

  /** Big-endian {@code mode}. */
  public static final int MODE_BIG_ENDIAN = 1 << 30;

  /** {@code UC_ARCH_ARM64}. */
  public static final int ARCHITECTURE_ARM64 = 2;

  /** {@link #contextMode}: contexts hold the CPU's registers. */
  public static final int CONTEXT_CPU = 1;

  /** {@link #contextMode}: contexts hold a snapshot of memory. */
  public static final int CONTEXT_MEMORY = 2;

  /** {@link #onTcgOpcode}: additions and subtractions. */
  public static final int TCG_OPCODE_SUB = 0;

  /** {@link #onTcgOpcode}: only comparisons. */
  public static final int TCG_FLAG_COMPARE = 1;

  /** {@link #onTcgOpcode}: only directly translated operations. */
  public static final int TCG_FLAG_DIRECT = 2;

  /** {@link #onSystemInstruction}: MRS. */
  public static final int INSTRUCTION_MRS = 1;

  /** {@link #onSystemInstruction}: MSR. */
  public static final int INSTRUCTION_MSR = 2;

  /** {@link #onSystemInstruction}: SYS. */
  public static final int INSTRUCTION_SYS = 3;

  /** {@link #onSystemInstruction}: SYSL. */
  public static final int INSTRUCTION_SYSL = 4;

  private static final int QUERY_MODE = 1;
  private static final int QUERY_PAGE_SIZE = 2;
  private static final int QUERY_ARCHITECTURE = 3;
  private static final int QUERY_TIMEOUT = 4;
  private static final int TLB_TYPE_CPU = 0;
  private static final int TLB_TYPE_VIRTUAL = 1;
  private static final long SCRATCH = 64;
  private static final long REGION = 24; // sizeof(uc_mem_region)
  private static final long EVERYWHERE_BEGIN = 1; // begin > end: the hook is called everywhere
  private static final long EVERYWHERE_END = 0;

  private final long handle;
  private final Arena stubs = Arena.ofShared();
  private final MemorySegment scratch;
  private Throwable failure;
  private boolean closed;

  private Unicorn(long handle) {
    this.handle = handle;
    this.scratch = stubs.allocate(SCRATCH, 16);
  }

  /** The library's version: major, minor, patch, extra, a byte each. */
  public static int version() {
    return UnicornLibrary.load().version();
  }

  /** Whether the library supports an architecture, a {@code uc_arch} value. */
  public static boolean isArchitectureSupported(int architecture) {
    return InfoCalls.ARCH_SUPPORTED.callBoolean(architecture);
  }

  /** The engine's text for an error, a {@code uc_err} value. */
  public static String errorText(int code) {
    return string(InfoCalls.STRERROR.call(code));
  }

  @SuppressWarnings("restricted") // the engine's texts are static, NUL-terminated strings
  private static String string(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** Opens a little-endian AArch64 engine. */
  public static Unicorn open() {
    return open(MODE_LITTLE_ENDIAN);
  }

  /**
   * Opens an AArch64 engine.
   *
   * @param mode {@link #MODE_LITTLE_ENDIAN} or {@link #MODE_BIG_ENDIAN}
   * @throws UnicornException if the library is missing, too old, or refuses
   */
  public static Unicorn open(int mode) {
    UnicornLibrary.load(); // a clear message before the handles' class initialisers need it
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ADDRESS);
      check("uc_open", EngineCalls.OPEN.callInt(ARCHITECTURE_ARM64, mode, result.address()));
      return new Unicorn(result.get(JAVA_LONG, 0));
    }
  }

  /** Closes the engine; memory given by {@link #mapHost} stays the caller's. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      check("uc_close", EngineCalls.CLOSE.callInt(handle));
    } finally {
      stubs.close();
    }
  }

  /** The {@code uc_engine} pointer. */
  public long handle() {
    return handle;
  }

  static void check(String call, int code) {
    if (code != 0) {
      throw new UnicornException(code, call + ": " + errorText(code));
    }
  }

  // ---- Questions ----

  /** The hardware mode, {@code uc_mode}; the engine answers this query for ARM only. */
  public long queryMode() {
    return query(QUERY_MODE);
  }

  /** The page size of mappings in bytes. */
  public long queryPageSize() {
    return query(QUERY_PAGE_SIZE);
  }

  /** The architecture, {@code uc_arch}. */
  public long queryArchitecture() {
    return query(QUERY_ARCHITECTURE);
  }

  /** Whether the last {@link #start} ended by its timeout. */
  public boolean queryTimedOut() {
    return query(QUERY_TIMEOUT) != 0;
  }

  private long query(int what) {
    scratch.set(JAVA_LONG, 0, 0);
    check("uc_query", InfoCalls.QUERY.callInt(handle, what, scratch.address()));
    return scratch.get(JAVA_LONG, 0);
  }

  /** The error of the last call that failed, cleared by some calls. */
  public UnicornError lastError() {
    return UnicornError.of(InfoCalls.ERRNO.callInt(handle));
  }

  // ---- Registers ----

  /** Reads a register of up to 64 bits, zero-extended. */
  public long read(int register) {
    scratch.set(JAVA_LONG, 0, 0);
    check("uc_reg_read", EngineCalls.REG_READ.callInt(handle, register, address(scratch)));
    return scratch.get(JAVA_LONG, 0);
  }

  /** Writes a register of up to 64 bits. Writing PC in a hook ends the current block. */
  public void write(int register, long value) {
    scratch.set(JAVA_LONG, 0, value);
    writeScratch(register);
  }

  private void writeScratch(int register) {
    check("uc_reg_write", EngineCalls.REG_WRITE.callInt(handle, register, address(scratch)));
  }

  private static long address(MemorySegment nativeSegment) {
    return nativeSegment.address();
  }

  /** Reads a system register as the engine keeps it, unchecked; 0 if the CPU model lacks it. */
  public long read(SystemRegister register) {
    encode(register, 0);
    check(
        "uc_reg_read " + register,
        EngineCalls.REG_READ.callInt(handle, Arm64Register.CP_REG, address(scratch)));
    return scratch.get(JAVA_LONG, SystemRegister.VALUE);
  }

  /** Writes a system register as the engine keeps it, without access checks. */
  public void write(SystemRegister register, long value) {
    encode(register, value);
    writeScratch(Arm64Register.CP_REG);
  }

  private void encode(SystemRegister register, long value) {
    scratch.set(JAVA_INT, SystemRegister.CRN, register.crn());
    scratch.set(JAVA_INT, SystemRegister.CRM, register.crm());
    scratch.set(JAVA_INT, SystemRegister.OP0, register.op0());
    scratch.set(JAVA_INT, SystemRegister.OP1, register.op1());
    scratch.set(JAVA_INT, SystemRegister.OP2, register.op2());
    scratch.set(JAVA_LONG, SystemRegister.VALUE, value);
  }

  /**
   * Reads a register of any size.
   *
   * @param into native memory, at least as large as the register
   * @return the register's size
   * @throws UnicornException {@link UnicornError#OVERFLOW} if {@code into} is too small
   */
  public long read(int register, MemorySegment into) {
    scratch.set(JAVA_LONG, 0, into.byteSize());
    check(
        "uc_reg_read2",
        RegisterCalls.READ_SIZED.callInt(
            handle, register, NativeMemory.address(into), scratch.address()));
    return scratch.get(JAVA_LONG, 0);
  }

  /**
   * Writes a register of any size.
   *
   * @param from native memory, at least as large as the register
   * @return the register's size
   */
  public long write(int register, MemorySegment from) {
    scratch.set(JAVA_LONG, 0, from.byteSize());
    check(
        "uc_reg_write2",
        RegisterCalls.WRITE_SIZED.callInt(
            handle, register, NativeMemory.address(from), scratch.address()));
    return scratch.get(JAVA_LONG, 0);
  }

  /** Reads registers of up to 64 bits into {@code values}. */
  public void read(int[] registers, long[] values) {
    try (RegisterBatch batch = new RegisterBatch(registers, values)) {
      check(
          "uc_reg_read_batch",
          RegisterCalls.READ_BATCH.callInt(
              handle, batch.ids.address(), batch.pointers.address(), registers.length));
      batch.copyTo(values);
    }
  }

  /** Writes registers of up to 64 bits from {@code values}. */
  public void write(int[] registers, long[] values) {
    try (RegisterBatch batch = new RegisterBatch(registers, values)) {
      check(
          "uc_reg_write_batch",
          RegisterCalls.WRITE_BATCH.callInt(
              handle, batch.ids.address(), batch.pointers.address(), registers.length));
    }
  }

  /** Reads registers of any size, each into its own native memory; the sizes that were read. */
  public long[] read(int[] registers, MemorySegment[] values) {
    try (RegisterBatch batch = new RegisterBatch(registers, values)) {
      check(
          "uc_reg_read_batch2",
          RegisterCalls.READ_BATCH_SIZED.callInt(
              handle,
              batch.ids.address(),
              batch.pointers.address(),
              batch.sizes.address(),
              registers.length));
      return batch.sizes();
    }
  }

  /** Writes registers of any size, each from its own native memory; the sizes written. */
  public long[] write(int[] registers, MemorySegment[] values) {
    try (RegisterBatch batch = new RegisterBatch(registers, values)) {
      check(
          "uc_reg_write_batch2",
          RegisterCalls.WRITE_BATCH_SIZED.callInt(
              handle,
              batch.ids.address(),
              batch.pointers.address(),
              batch.sizes.address(),
              registers.length));
      return batch.sizes();
    }
  }

  // ---- Memory ----

  /** Maps zero-filled memory of the engine's own; address and size are multiples of the page. */
  public void map(long address, long size, int permissions) {
    check("uc_mem_map", MemoryCalls.MAP.callInt(handle, address, size, permissions));
  }

  /** Shares the host's memory with the guest; it must outlive the engine or the mapping. */
  public void mapHost(long address, int permissions, MemorySegment memory) {
    if (!memory.isNative()) {
      throw new IllegalArgumentException("only native memory can be shared with the guest");
    }
    check(
        "uc_mem_map_ptr",
        EngineCalls.MEM_MAP_PTR.callInt(
            handle, address, memory.byteSize(), permissions, memory.address()));
  }

  /**
   * Maps a device.
   *
   * @param onRead null if the device cannot be read
   * @param onWrite null if the device cannot be written
   */
  public void mapMmio(long address, long size, Hook.MmioRead onRead, Hook.MmioWrite onWrite) {
    long read = onRead == null ? 0 : Upcalls.mmioRead(this, onRead, stubs).address();
    long write = onWrite == null ? 0 : Upcalls.mmioWrite(this, onWrite, stubs).address();
    check("uc_mmio_map", MmioCalls.MAP.callInt(handle, address, size, read, 0L, write, 0L));
  }

  /** Unmaps memory or a device, or a part of it. */
  public void unmap(long address, long size) {
    check("uc_mem_unmap", MemoryCalls.UNMAP.callInt(handle, address, size));
  }

  /** Changes permissions. */
  public void protect(long address, long size, int permissions) {
    check("uc_mem_protect", MemoryCalls.PROTECT.callInt(handle, address, size, permissions));
  }

  /** What is mapped, in ascending order of addresses. */
  public List<MemoryRegion> regions() {
    List<MemoryRegion> regions = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment list = arena.allocate(ADDRESS);
      MemorySegment count = arena.allocate(JAVA_INT);
      check("uc_mem_regions", MemoryCalls.REGIONS.callInt(handle, list.address(), count.address()));
      long first = list.get(JAVA_LONG, 0);
      for (int i = 0; i < count.get(JAVA_INT, 0); i++) {
        long at = first + i * REGION;
        regions.add(
            new MemoryRegion(
                NativeMemory.MEMORY.get(JAVA_LONG, at),
                NativeMemory.MEMORY.get(JAVA_LONG, at + 8),
                NativeMemory.MEMORY.get(JAVA_INT, at + 16)));
      }
      check("uc_free", MemoryCalls.FREE.callInt(first));
    }
    return regions;
  }

  /** Reads guest memory. */
  public byte[] readMemory(long address, int size) {
    byte[] bytes = new byte[size];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(1, size));
      check(
          "uc_mem_read", MemoryCalls.READ.callInt(handle, address, buffer.address(), (long) size));
      MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, size);
    }
    return bytes;
  }

  /** Writes guest memory and forgets code that was translated from it. */
  public void writeMemory(long address, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(1, bytes.length));
      MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, bytes.length);
      check(
          "uc_mem_write",
          MemoryCalls.WRITE.callInt(handle, address, buffer.address(), (long) bytes.length));
    }
  }

  /**
   * Reads memory at virtual addresses.
   *
   * @param access the access that must be allowed, one of {@link Protection}
   */
  public byte[] readVirtual(long address, int access, int size) {
    byte[] bytes = new byte[size];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(1, size));
      check(
          "uc_vmem_read",
          MemoryCalls.VIRTUAL_READ.callInt(handle, address, access, buffer.address(), (long) size));
      MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, size);
    }
    return bytes;
  }

  /**
   * Writes memory at virtual addresses.
   *
   * @param access the access that must be allowed, one of {@link Protection}
   */
  public void writeVirtual(long address, int access, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(1, bytes.length));
      MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, bytes.length);
      check(
          "uc_vmem_write",
          MemoryCalls.VIRTUAL_WRITE.callInt(
              handle, address, access, buffer.address(), (long) bytes.length));
    }
  }

  /**
   * Translates a virtual address.
   *
   * @param access the access that must be allowed, one of {@link Protection}
   */
  public long translate(long address, int access) {
    check(
        "uc_vmem_translate",
        MemoryCalls.TRANSLATE.callInt(handle, address, access, scratch.address()));
    return scratch.get(JAVA_LONG, 0);
  }

  // ---- Emulation ----

  /** Runs from {@code begin} until {@code until} is reached or the engine is stopped. */
  public void start(long begin, long until) {
    start(begin, until, 0, 0);
  }

  /**
   * Runs guest code.
   *
   * @param begin virtual address of the first instruction
   * @param until virtual address to stop at; ignored with {@link #useExits}
   * @param timeout microseconds, 0 for none
   * @param count instructions, 0 for no limit
   * @throws UnicornException if the guest did something that no hook handled
   */
  public void start(long begin, long until, long timeout, long count) {
    check("uc_emu_start", startUnchecked(begin, until, timeout, count));
  }

  /**
   * As {@link #start(long, long, long, long)}, but an error of the engine is the result ({@code
   * uc_err}; 0 is success). What a callback threw is thrown.
   */
  public int startUnchecked(long begin, long until, long timeout, long count) {
    int code;
    code = EngineCalls.START.callInt(handle, begin, until, timeout, count);
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throw UnicornLibrary.unchecked(thrown);
    }
    return code;
  }

  /** Stops the engine as soon as possible; any thread. A stop just before a start is lost. */
  public void stop() {
    check("uc_emu_stop", EngineCalls.STOP.callInt(handle));
  }

  /** A callback failed: the first failure is kept for start() to throw. */
  void fail(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    }
    stop();
  }

  // ---- Hooks ----

  /** Exceptions of the guest. */
  public HookHandle onInterrupt(Hook.Interrupt hook) {
    return add(HookType.INTERRUPT, Upcalls.interrupt(this, hook, stubs));
  }

  /** Invalid instructions; the AArch64 engine reports them to {@link #onInterrupt} instead. */
  public HookHandle onInvalidInstruction(Hook.InvalidInstruction hook) {
    return add(HookType.INVALID_INSTRUCTION, Upcalls.invalidInstruction(this, hook, stubs));
  }

  /** Every instruction from {@code begin} to {@code end} inclusive; slow. */
  public HookHandle onCode(long begin, long end, Hook.Code hook) {
    return addRaw(HookType.CODE, Upcalls.code(this, hook, stubs), 0, begin, end);
  }

  /** Every basic block that starts from {@code begin} to {@code end} inclusive. */
  public HookHandle onBlock(long begin, long end, Hook.Code hook) {
    return addRaw(HookType.BLOCK, Upcalls.code(this, hook, stubs), 0, begin, end);
  }

  /**
   * Valid accesses to physical addresses from {@code begin} to {@code end} inclusive.
   *
   * @param types a mask of {@link HookType#READ}, {@code WRITE}, {@code FETCH}, {@code READ_AFTER}
   */
  public HookHandle onMemory(int types, long begin, long end, Hook.Memory hook) {
    return addRaw(
        within(types, HookType.VALID | HookType.READ_AFTER),
        Upcalls.memory(this, hook, stubs),
        0,
        begin,
        end);
  }

  /**
   * Invalid accesses to physical addresses from {@code begin} to {@code end} inclusive.
   *
   * @param types a mask of {@link HookType#INVALID}
   */
  public HookHandle onInvalidMemory(int types, long begin, long end, Hook.InvalidMemory hook) {
    return addRaw(
        within(types, HookType.INVALID), Upcalls.invalidMemory(this, hook, stubs), 0, begin, end);
  }

  /** MRS, MSR, SYS or SYSL: one of the {@code INSTRUCTION_} constants. */
  public HookHandle onSystemInstruction(int instruction, Hook.SystemInstruction hook) {
    MemorySegment callback = Upcalls.systemInstruction(this, hook, stubs);
    int code =
        HookCalls.ADD_INSTRUCTION.callInt(
            handle,
            scratch.address(),
            HookType.INSTRUCTION,
            callback.address(),
            0L,
            EVERYWHERE_BEGIN,
            EVERYWHERE_END,
            instruction);
    check("uc_hook_add", code);
    return new HookHandle(this, scratch.get(JAVA_LONG, 0));
  }

  /** New edges between translation blocks. */
  public HookHandle onEdge(long begin, long end, Hook.Edge hook) {
    return addRaw(HookType.EDGE_GENERATED, Upcalls.edge(this, hook, stubs), 0, begin, end);
  }

  /** TCG operations: {@link #TCG_OPCODE_SUB} with a mask of the {@code TCG_FLAG_} constants. */
  public HookHandle onTcgOpcode(int opcode, int flags, long begin, long end, Hook.TcgOpcode hook) {
    MemorySegment callback = Upcalls.tcgOpcode(this, hook, stubs);
    int code =
        HookCalls.ADD_OPCODE.callInt(
            handle,
            scratch.address(),
            HookType.TCG_OPCODE,
            callback.address(),
            0L,
            begin,
            end,
            opcode,
            flags);
    check("uc_hook_add", code);
    return new HookHandle(this, scratch.get(JAVA_LONG, 0));
  }

  /** Misses of the virtual TLB from {@code begin} to {@code end} inclusive. */
  public HookHandle onTlbFill(long begin, long end, Hook.TlbFill hook) {
    return addRaw(HookType.TLB_FILL, Upcalls.tlbFill(this, hook, stubs), 0, begin, end);
  }

  private HookHandle add(int type, MemorySegment callback) {
    return addRaw(type, callback, 0, EVERYWHERE_BEGIN, EVERYWHERE_END);
  }

  /**
   * Any hook with a callback of the caller's own, in machine code or an upcall stub; the callback
   * must have the C type of its kind and throw nothing.
   *
   * @param type a {@link HookType}
   * @param data given to the callback
   */
  public HookHandle addRaw(int type, MemorySegment callback, long data, long begin, long end) {
    int code =
        EngineCalls.HOOK_ADD.callInt(
            handle, scratch.address(), type, callback.address(), data, begin, end);
    check("uc_hook_add", code);
    return new HookHandle(this, scratch.get(JAVA_LONG, 0));
  }

  private static int within(int types, int allowed) {
    if (types == 0 || (types & ~allowed) != 0) {
      throw new IllegalArgumentException("no hook of this kind has the types " + types);
    }
    return types;
  }

  void deleteHook(long id) {
    check("uc_hook_del", HookCalls.DELETE.callInt(handle, id));
  }

  // ---- Contexts ----

  /** A new context, filled with the engine's present state. */
  public CpuContext saveContext() {
    return new CpuContext(this);
  }

  // ---- Controls ----

  /** The mode the engine was opened with. */
  public int mode() {
    return (int) control(Control.GET_MODE);
  }

  /** The architecture the engine was opened with. */
  public int architecture() {
    return (int) control(Control.GET_ARCHITECTURE);
  }

  /** The target's page size in bytes. */
  public int pageSize() {
    return (int) control(Control.GET_PAGE_SIZE);
  }

  /** Sets the target's page size, 1024 or more; only before anything but this and the CPU model. */
  public void pageSize(int bytes) {
    control(Control.SET_PAGE_SIZE, bytes);
  }

  /** The timeout of the running {@link #start} in microseconds. */
  public long timeout() {
    return control(Control.GET_TIMEOUT);
  }

  /** Whether {@link #exits} replace the {@code until} of {@link #start}. */
  public void useExits(boolean enabled) {
    control(Control.USE_EXITS, enabled ? 1 : 0);
  }

  /** The addresses at which emulation stops; needs {@link #useExits}. */
  public long[] exits() {
    int count = (int) control(Control.GET_EXIT_COUNT);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment list = arena.allocate(JAVA_LONG, Math.max(1, count));
      controlPair(Control.GET_EXITS, list.address(), count);
      return list.asSlice(0, 8L * count).toArray(JAVA_LONG);
    }
  }

  /** Sets the addresses at which emulation stops; needs {@link #useExits}. */
  public void exits(long... addresses) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment list = arena.allocate(JAVA_LONG, Math.max(1, addresses.length));
      MemorySegment.copy(addresses, 0, list, JAVA_LONG, 0, addresses.length);
      controlPair(Control.SET_EXITS, list.address(), addresses.length);
    }
  }

  /** The CPU model. */
  public CpuModel cpuModel() {
    return CpuModel.of((int) control(Control.GET_CPU_MODEL));
  }

  /** Sets the CPU model; only before anything but this and the page size. */
  public void cpuModel(CpuModel model) {
    control(Control.SET_CPU_MODEL, model.ordinal());
  }

  /** Translates the block at a virtual address. */
  public TranslationBlock requestBlock(long address) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(TranslationBlock.BYTES, 8);
      controlPair(Control.REQUEST_BLOCK, address, block.address());
      return TranslationBlock.at(block.address());
    }
  }

  /** Forgets the blocks translated from virtual addresses {@code begin} to {@code end}. */
  public void removeBlocks(long begin, long end) {
    controlPair(Control.REMOVE_BLOCKS, begin, end);
  }

  /** Forgets all translated blocks. */
  public void flushBlocks() {
    control(Control.FLUSH_BLOCKS, 0);
  }

  /** Forgets all cached translations of addresses. */
  public void flushTlb() {
    control(Control.FLUSH_TLB, 0);
  }

  /** Chooses the virtual TLB, filled by {@link #onTlbFill}, or the CPU's own MMU. */
  public void virtualTlb(boolean enabled) {
    control(Control.TLB_TYPE, enabled ? TLB_TYPE_VIRTUAL : TLB_TYPE_CPU);
  }

  /** The size of the buffer for translated code in bytes; 0 until the engine has chosen one. */
  public int codeBufferSize() {
    return (int) control(Control.GET_BUFFER_SIZE);
  }

  /** Sets the size of the buffer for translated code; only before anything is translated. */
  public void codeBufferSize(int bytes) {
    control(Control.SET_BUFFER_SIZE, bytes);
  }

  /** What contexts hold: a mask of {@link #CONTEXT_CPU} and {@link #CONTEXT_MEMORY}. */
  public void contextMode(int content) {
    control(Control.CONTEXT_MODE, content);
  }

  private long control(int request) {
    scratch.set(JAVA_LONG, 0, 0);
    control(request, scratch.address());
    return scratch.get(JAVA_LONG, 0);
  }

  private void control(int request, long argument) {
    check("uc_ctl", EngineCalls.CONTROL.callInt(handle, request, argument));
  }

  private void controlPair(int request, long first, long second) {
    check("uc_ctl", InfoCalls.CONTROL_PAIR.callInt(handle, request, first, second));
  }
}
