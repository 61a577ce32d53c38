package orrery.machine.cpu;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import orrery.machine.MachineException;
import orrery.machine.bus.BusFault;
import orrery.machine.clock.MachineClock;
import orrery.machine.irq.InterruptLine;
import orrery.unicorn.Arm64Register;
import orrery.unicorn.CpuInternals;
import orrery.unicorn.CpuModel;
import orrery.unicorn.Hook;
import orrery.unicorn.Protection;
import orrery.unicorn.Unicorn;
import orrery.unicorn.UnicornError;

/**
 * One virtual CPU, a Cortex-A72 at EL1 from reset. It runs a guest kernel with architectural
 * exceptions, and once a hosted kernel is attached ({@link #traps}) EL0 programs whose exceptions
 * are calls in Java.
 *
 * <p>Everything belongs to the thread that calls {@link #run} (or, before that, to the one that
 * builds the machine), except {@link #wake}, {@link #halt} and the {@link #irq} line, which any
 * thread may use. Nothing on the way of an exception, a switch or a device access allocates.
 */
public final class Vcpu implements AutoCloseable {
  /**
   * The target's page size in bytes; the engine's default of 1 KiB makes guests 2.5 times slower.
   */
  private static final int PAGE_SIZE = 4096;

  /** Where physical addresses end: 44 bits, Cortex-A72's. */
  private static final long ADDRESS_SPACE = 1L << 44;

  /** EL1h with all interrupts masked, the state in which the guest starts. */
  private static final long RESET_PSTATE = 0x3c5;

  private static final long RESET_VECTOR = 0;
  private static final int INSTRUCTION_BYTES = 4;
  private static final int IMMEDIATE_MASK = 0xffff;

  /** How often an interrupt that stays asserted is reported before the guest goes on. */
  private static final int INTERRUPT_ROUNDS = 16;

  private final Unicorn engine;
  private final CpuInternals cpu;
  private final Arena stubs = Arena.ofShared();
  private final MmioDispatcher mmio;
  private final long ramBase;
  private final long ramEnd;
  private final Kicker kicker;
  private final GenericTimer timer;
  private final TranslationPool translations;
  private final ExternalAbort abort;
  private final InterruptLine irq = new Line();
  private final DeferredCalls deferred = new DeferredCalls(this::wake);

  private HypercallHandler hypercalls;
  private TrapHandler traps;
  private Throwable failure;
  private volatile boolean irqAsserted;
  private volatile boolean halting;

  /** What the engine was told about the interrupt line; a guest kernel only. */
  private boolean irqDelivered;

  /**
   * A vCPU in reset: EL1h, interrupts masked, PC 0.
   *
   * @param memory what the guest has as memory, RAM first; it must outlive the vCPU. RAM's first
   *     two pages must be zero
   * @param mmio where all other addresses go
   * @param clock the machine's clock
   * @throws orrery.unicorn.UnicornException if the engine's library is missing or unsuitable
   */
  public Vcpu(List<GuestMemory> memory, MmioDispatcher mmio, MachineClock clock) {
    if (memory.isEmpty() || !memory.getFirst().writable()) {
      throw new MachineException("the first memory of a machine must be RAM");
    }
    this.mmio = mmio;
    GuestMemory ram = memory.getFirst();
    ramBase = ram.base();
    ramEnd = ram.end();
    engine = Unicorn.open();
    try {
      engine.pageSize(PAGE_SIZE);
      engine.cpuModel(CpuModel.CORTEX_A72);
      map(memory);
      SystemState.leaveSecureState(engine);
      cpu = CpuInternals.of(engine, ram.base(), ram.segment());
      kicker = new Kicker(engine, clock);
      timer = new GenericTimer(this, clock, kicker);
      timer.attach(cpu, stubs);
      translations = new TranslationPool(cpu);
      abort = new ExternalAbort(cpu);
      engine.onInterrupt(new Exceptions(this));
      engine.write(Arm64Register.PSTATE, RESET_PSTATE);
      cpu.rebuildFlags();
      cpu.pc(RESET_VECTOR);
    } catch (RuntimeException | Error e) {
      engine.close();
      stubs.close();
      throw e;
    }
  }

  /** Maps memory first, because translated code is told by its place in it, then devices. */
  private void map(List<GuestMemory> memory) {
    for (GuestMemory block : memory) {
      int permissions = block.writable() ? Protection.ALL : Protection.READ | Protection.EXECUTE;
      engine.mapHost(block.base(), permissions, block.segment());
    }
    List<GuestMemory> ascending = new ArrayList<>(memory);
    ascending.sort((a, b) -> Long.compare(a.base(), b.base()));
    long from = 0;
    for (GuestMemory block : ascending) {
      mapDevices(from, block.base());
      from = block.end();
    }
    mapDevices(from, ADDRESS_SPACE);
  }

  private void mapDevices(long from, long to) {
    if (from < to) {
      DeviceWindow window = new DeviceWindow(this, from);
      engine.mapMmio(from, to - from, window, window);
    }
  }

  /** Who serves HVC and SMC from EL1; without one they answer "not supported". */
  public void hypercalls(HypercallHandler handler) {
    hypercalls = handler;
  }

  /** Where the outputs of a guest kernel's generic timers go (PPI 27 and 30 by convention). */
  public void timer(InterruptLine virtual, InterruptLine physical) {
    timer.outputs(virtual, physical);
  }

  // ---- Registers ----

  /** X0 to X30; 31 is the SP of the current level. */
  public long x(int n) {
    return cpu.x(n);
  }

  /** Sets X0 to X30; 31 is the SP of the current level. */
  public void x(int n, long value) {
    cpu.x(n, value);
  }

  /** SP of the current level. */
  public long sp() {
    return cpu.x(31);
  }

  /** Sets SP of the current level. */
  public void sp(long value) {
    cpu.x(31, value);
  }

  /** PC. */
  public long pc() {
    return cpu.pc();
  }

  /** Sets PC. */
  public void pc(long value) {
    cpu.pc(value);
  }

  /** Moves PC over the instruction that trapped, once the handler has done its work. */
  public void skipInstruction() {
    cpu.pc(cpu.pc() + INSTRUCTION_BYTES);
  }

  /** PSTATE in SPSR layout. */
  public long pstate() {
    return traps != null
        ? cpu.nzcv() & UserContext.NZCV
        : engine.read(Arm64Register.PSTATE) & 0xffff_ffffL;
  }

  /** Sets PSTATE; with a hosted kernel attached only NZCV, so that any value is safe. */
  public void pstate(long value) {
    if (traps != null) {
      cpu.nzcv((int) value);
    } else {
      engine.write(Arm64Register.PSTATE, value);
      cpu.rebuildFlags();
    }
  }

  /** TPIDR_EL0. */
  public long tpidrEl0() {
    return cpu.tpidrEl0();
  }

  /** Sets TPIDR_EL0. */
  public void tpidrEl0(long value) {
    cpu.tpidrEl0(value);
  }

  /** FPCR. */
  public int fpcr() {
    return cpu.fpscr() & UserContext.FPCR_MASK;
  }

  /** Sets FPCR; bits that do not exist are ignored. */
  public void fpcr(int value) {
    cpu.fpscr(cpu.fpscr() & ~UserContext.FPCR_MASK | value & UserContext.FPCR_MASK);
  }

  /** FPSR. */
  public int fpsr() {
    return cpu.fpscr() & UserContext.FPSR_MASK;
  }

  /** Sets FPSR; bits that do not exist are ignored. */
  public void fpsr(int value) {
    cpu.fpscr(cpu.fpscr() & ~UserContext.FPSR_MASK | value & UserContext.FPSR_MASK);
  }

  /** Bits 63:0 of Vn. */
  public long vLow(int n) {
    return cpu.vLow(n);
  }

  /** Sets bits 63:0 of Vn. */
  public void vLow(int n, long value) {
    cpu.vLow(n, value);
  }

  /** Bits 127:64 of Vn. */
  public long vHigh(int n) {
    return cpu.vHigh(n);
  }

  /** Sets bits 127:64 of Vn. */
  public void vHigh(int n, long value) {
    cpu.vHigh(n, value);
  }

  /** In a trap: the exception's syndrome in the layout of ESR_EL1. */
  public int syndrome() {
    return cpu.syndrome();
  }

  /** In a trap: the virtual address that an abort is about. */
  public long faultAddress() {
    return cpu.faultAddress();
  }

  // ---- The hosted kernel ----

  /** Attaches the hosted kernel: from now on exceptions from EL0 are calls of {@code handler}. */
  public void traps(TrapHandler handler) {
    traps = handler;
    // The line is the handler's business now; the guest must not see it.
    cpu.interruptLine(false);
    irqDelivered = false;
  }

  /** Sets up EL1's registers as a hosted kernel needs them and goes to EL0. */
  public void enterUserMode() {
    SystemState.enterUserMode(engine);
    cpu.rebuildFlags();
    cpu.flushTlb();
  }

  /** Saves the user registers. */
  public void save(UserContext context) {
    context.save(cpu);
  }

  /** Loads user registers and clears the exclusive monitor. */
  public void load(UserContext context) {
    context.load(cpu);
  }

  /**
   * A new address space.
   *
   * @param rootTable physical address of its level 1 table (39-bit addresses, 4 KiB granule)
   */
  public Translation translation(long rootTable) {
    return translations.create(rootTable);
  }

  /** Makes an address space current. */
  public void activate(Translation translation) {
    translations.activate(translation);
  }

  /**
   * The host or a device has written memory that may hold translated code. Addresses outside RAM
   * are ignored.
   *
   * @param physical guest-physical address
   * @param length bytes
   */
  public void invalidateCode(long physical, long length) {
    long from = Math.max(physical, ramBase);
    long to = Math.min(physical + length, ramEnd);
    if (from < to) {
      cpu.invalidateCode(from - ramBase, to - from);
    }
  }

  // ---- Time, interrupts, waiting ----

  /**
   * When {@link TrapHandler#interrupted} is to be called, once.
   *
   * @param nanos machine time in nanoseconds, {@code Long.MAX_VALUE} for never
   */
  public void deadline(long nanos) {
    kicker.deadline(nanos);
  }

  /**
   * In a trap: sleeps until the interrupt line is asserted, the deadline has passed, or {@link
   * #wake} or {@link #halt} was called; what happened before counts. May return for no reason.
   */
  public void waitForInterrupt() {
    if (!irqAsserted && !halting) {
      kicker.park();
    }
    if (!halting) {
      kicker.attention = false;
      deferred.run();
    }
  }

  /** Whether {@link #halt} was called: a kernel that waits in a trap must leave it. */
  public boolean isHalting() {
    return halting;
  }

  /** Any thread: {@link #waitForInterrupt} returns, or interrupted() is called soon. */
  public void wake() {
    kicker.signal();
  }

  /** Work that other threads want done on the vCPU's thread. */
  public DeferredCalls deferredCalls() {
    return deferred;
  }

  /** The interrupt line; any thread may drive it. */
  public InterruptLine irq() {
    return irq;
  }

  /** Whether the interrupt line is asserted. */
  public boolean irqAsserted() {
    return irqAsserted;
  }

  private final class Line implements InterruptLine {
    @Override
    public void raise() {
      drive(true);
    }

    @Override
    public void lower() {
      drive(false);
    }

    private void drive(boolean asserted) {
      if (irqAsserted != asserted) {
        irqAsserted = asserted;
        if (asserted || traps == null) {
          kicker.signal();
        }
      }
    }
  }

  // ---- The run loop ----

  /**
   * Runs the guest until {@link #halt}; may be called again afterwards.
   *
   * @throws MachineException if the engine gives up
   */
  public void run() {
    kicker.start();
    try {
      while (!halting) {
        kicker.running(true);
        if (kicker.attention) {
          lookAround();
        }
        if (!halting) {
          execute();
        }
        kicker.running(false);
      }
    } finally {
      endKicker();
      halting = false;
    }
  }

  private void endKicker() {
    boolean interrupted = false;
    while (true) {
      try {
        kicker.end();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void execute() {
    int code = engine.startUnchecked(cpu.pc(), 0, 0, 0);
    rethrow();
    if (code != 0) {
      stopped(UnicornError.of(code));
    }
    if (abort.isPending()) {
      deliverAbort();
    } else if (code == 0 && traps == null && cpu.halted() && !halting) {
      // WFI: the guest goes on when something may have changed.
      if (!irqDelivered) {
        kicker.park();
        kicker.attention = true;
      }
    }
  }

  private void rethrow() {
    Throwable thrown = failure;
    failure = null;
    if (thrown == null) { // apart, because the first switch over types costs a start milliseconds
      return;
    }
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new MachineException("a handler failed: " + thrown, thrown);
    }
  }

  /** The engine stopped by itself: an access where nothing is mapped, or to ROM. */
  private void stopped(UnicornError error) {
    switch (error) {
      case READ_UNMAPPED, READ_PROTECTED -> abort.recordStopped(false, false);
      case WRITE_UNMAPPED, WRITE_PROTECTED -> abort.recordStopped(true, false);
      case FETCH_UNMAPPED, FETCH_PROTECTED -> abort.recordStopped(false, true);
      default ->
          throw new MachineException(
              "the CPU stopped at 0x" + Long.toHexString(cpu.pc()) + ": " + error);
    }
  }

  private void deliverAbort() {
    abort.deliver(traps != null);
    if (traps != null) {
      traps.synchronousException(this);
      if (kicker.attention) {
        lookAround();
      }
    }
  }

  /** A callback outside {@link Exceptions} failed. */
  void fail(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    }
    engine.stop();
  }

  /** Attention was wanted; between two instructions. */
  private void lookAround() {
    kicker.attention = false;
    if (halting) {
      kicker.attention = true; // nothing goes on any more
      engine.stop();
    } else {
      deferred.run();
      if (traps != null) {
        interruptHosted();
      } else {
        timer.update();
        driveInterrupt();
      }
    }
  }

  private void interruptHosted() {
    translations.relieve();
    int rounds = 0;
    do {
      kicker.attention = false;
      traps.interrupted(this);
      rounds++;
    } while (irqAsserted && !halting && rounds < INTERRUPT_ROUNDS);
    if (halting) {
      engine.stop();
    } else if (irqAsserted) {
      kicker.signalAgain();
    }
  }

  /** Tells the engine about the interrupt line. */
  private void driveInterrupt() {
    boolean asserted = irqAsserted;
    if (asserted != irqDelivered) {
      irqDelivered = asserted;
      cpu.interruptLine(asserted);
      if (asserted) {
        cpu.exitBlocks();
      }
    }
  }

  /** Ends {@link #run}; any thread. */
  public void halt() {
    halting = true;
    kicker.signal();
  }

  // ---- Exceptions ----

  /** The engine's exceptions; a record, so that the compiler sees through it. */
  private record Exceptions(Vcpu vcpu) implements Hook.Interrupt {
    @Override
    public void interrupted(int number) {
      vcpu.exception(number);
    }
  }

  private void exception(int number) {
    if (abort.isPending()) {
      deliverAbort();
    } else if (traps == null) {
      guestException(number);
    } else {
      if (number == CpuInternals.EXCEPTION_SVC) {
        traps.supervisorCall(this);
      } else {
        traps.synchronousException(this);
      }
    }
    if (kicker.attention) {
      lookAround();
    }
  }

  private void guestException(int number) {
    if (number != CpuInternals.EXCEPTION_HVC && number != CpuInternals.EXCEPTION_SMC) {
      cpu.takeException();
    } else if (hypercalls != null) {
      hypercalls.hypercall(this, cpu.syndrome() & IMMEDIATE_MASK);
    } else {
      cpu.x(0, -1); // SMCCC: not supported
    }
  }

  // ---- Devices ----

  /** A range without memory: its accesses go to the machine's bus. */
  private record DeviceWindow(Vcpu vcpu, long base) implements Hook.MmioRead, Hook.MmioWrite {
    @Override
    public long read(long offset, int size) {
      try {
        return vcpu.mmio.read(base + offset, size);
      } catch (BusFault e) {
        vcpu.abort(false);
        return 0;
      } finally {
        vcpu.afterAccess();
      }
    }

    @Override
    public void write(long offset, int size, long value) {
      try {
        vcpu.mmio.write(base + offset, size, value);
      } catch (BusFault e) {
        vcpu.abort(true);
      } finally {
        vcpu.afterAccess();
      }
    }
  }

  private void abort(boolean write) {
    abort.record(write);
    engine.stop();
  }

  /** After a device access by translated code: what it changed must reach the guest soon. */
  void afterAccess() {
    if (kicker.attention) {
      if (traps == null && !halting && deferred.isEmpty()) {
        driveInterrupt();
      } else {
        engine.stop();
      }
    }
  }

  /** Closes the engine. */
  @Override
  public void close() {
    translations.close();
    engine.close();
    stubs.close();
  }
}
