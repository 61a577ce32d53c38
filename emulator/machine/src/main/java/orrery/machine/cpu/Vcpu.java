package orrery.machine.cpu;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import orrery.machine.MachineException;
import orrery.machine.clock.MachineClock;
import orrery.machine.irq.InterruptLine;
import orrery.unicorn.Arm64Register;
import orrery.unicorn.CpuInternals;
import orrery.unicorn.Hook;
import orrery.unicorn.Unicorn;
import orrery.unicorn.UnicornError;
import orrery.unicorn.host.Callback;

/**
 * The machine's processor: one to eight CPUs, each a Cortex-A72 at EL1 from reset, that take turns
 * on one engine and one thread. They run a guest kernel with architectural exceptions; once a
 * hosted kernel is attached ({@link #traps}) the first runs EL0 programs whose exceptions are calls
 * in Java. Registers are those of the CPU whose turn it is.
 *
 * <p>Everything belongs to the thread that calls {@link #run} (or, before that, to the one that
 * builds the machine), except {@link #wake}, {@link #halt}, {@link #reports} and the {@link #irq}
 * lines, which any thread may use. Nothing on the way of an exception, a switch or a device access
 * allocates.
 */
public final class Vcpu extends CpuRegisters implements AutoCloseable {
  /**
   * The target's page size in bytes; the engine's default of 1 KiB makes guests 2.5 times slower.
   */
  private static final int PAGE_SIZE = 4096;

  /** EL1h with all interrupts masked, the state in which the guest starts. */
  private static final long RESET_PSTATE = 0x3c5;

  private static final long RESET_VECTOR = 0;
  private static final int IMMEDIATE_MASK = 0xffff;

  /** How often an interrupt that stays asserted is reported before the guest goes on. */
  private static final int INTERRUPT_ROUNDS = 16;

  private final EngineAccess access;
  private final Arena stubs = Arena.ofShared();
  private final PhysicalMap map;
  private final MmioDispatcher mmio;
  private final Kicker kicker;
  private final Core[] cores;
  private final Rotation rotation;
  private final GenericTimer timer;
  private final TranslationPool translations;
  private final ExternalAbort abort;
  private final DeferredCalls deferred = new DeferredCalls(this::wake);
  private final FaultLoop faultLoop = new FaultLoop();
  private final CpuReports reports;
  private final CpuPower power;

  private HypercallHandler hypercalls;
  private TrapHandler traps;
  private DeadEnd deadEnd = this::giveUp;
  private Throwable failure;
  private volatile boolean halting;

  /** Held while the CPU runs, for the engine's memory must not go away under it. */
  private final ReentrantLock turn = new ReentrantLock();

  private boolean closed;

  /** What the engine was told about the interrupt line; a guest kernel only. */
  private boolean irqDelivered;

  /** The engine leaves translated code only to look at its interrupt line. */
  private boolean interrupting;

  /** One CPU, see {@link #Vcpu(List, MmioDispatcher, MachineClock, int, CpuChoice, Consumer)}. */
  public Vcpu(List<GuestMemory> memory, MmioDispatcher mmio, MachineClock clock) {
    this(memory, mmio, clock, 1, CpuChoice.INTERNALS, notice -> {});
  }

  /**
   * CPUs in reset: EL1h, interrupts masked, PC 0, all but the first switched off.
   *
   * @param memory what the guest has as memory, RAM first; it must outlive the CPUs. RAM's first
   *     two pages must be zero
   * @param mmio where all other addresses go
   * @param clock the machine's clock
   * @param cpus how many CPUs there are, 1 to 8
   * @param choice which way it takes into the engine
   * @param notices is told if that is not the usual way
   * @throws MachineException if the way into the engine allows one CPU and there are more
   * @throws orrery.unicorn.UnicornException if the engine's library is missing or unsuitable
   */
  public Vcpu(
      List<GuestMemory> memory,
      MmioDispatcher mmio,
      MachineClock clock,
      int cpus,
      CpuChoice choice,
      Consumer<String> notices) {
    map = new PhysicalMap(memory);
    this.mmio = mmio;
    Accesses accesses = new Accesses(this);
    access =
        choice.open(
            () -> new InternalAccess(EngineAccess.engine(map, accesses, PAGE_SIZE), map.ram()),
            () -> new PublicAccess(EngineAccess.engine(map, accesses, PAGE_SIZE), map.ram()),
            notices);
    cpu = access.cpu();
    internals = access.internals();
    abort = access.abort();
    translations = access.translations();
    Unicorn engine = cpu.engine();
    try {
      if (internals == null && cpus > 1) {
        throw new MachineException(
            "by its public interface the engine has one CPU, not " + cpus + ": use --cpus 1");
      }
      kicker = new Kicker(cpu, clock);
      cores = new Core[cpus];
      int words = internals == null ? 0 : internals.registerFileWords();
      Arrays.setAll(cores, index -> new Core(this, index, words));
      timer = new GenericTimer(this, cores, clock, kicker);
      access.attach(this, timer);
      cpu.onException(new Exceptions(this));
      SystemState.identify(engine, 0);
      engine.write(Arm64Register.PSTATE, RESET_PSTATE);
      cpu.rebuildFlags();
      cpu.pc(RESET_VECTOR);
      rotation = new Rotation(cores, internals, kicker, clock);
      if (cpus > 1) {
        internals.onLeave(Callback.pointer(MethodHandles.lookup(), this, "left", stubs));
      }
      reports = new CpuReports(engine, rotation, kicker);
      power = new CorePower(cores, rotation, timer, map, cpu);
    } catch (RuntimeException | Error e) {
      access.close();
      stubs.close();
      throw e;
    }
  }

  /** Who serves HVC and SMC from EL1; without one they answer "not supported". */
  public void hypercalls(HypercallHandler handler) {
    hypercalls = handler;
  }

  /** Whom to tell that the guest cannot go on; without one {@link #run} throws. */
  public void deadEnd(DeadEnd handler) {
    deadEnd = handler;
  }

  /** Where the outputs of a guest kernel's generic timers go (PPI 27 and 30 by convention). */
  public void timer(int cpu, InterruptLine virtual, InterruptLine physical) {
    timer.outputs(cpu, virtual, physical);
  }

  /** Whom to tell, before its first access to a device, which CPU's turn it is. */
  public void turns(IntConsumer listener) {
    rotation.listener(listener);
  }

  /** Switches CPUs on and off. */
  public CpuPower power() {
    return power;
  }

  /**
   * What every CPU is doing. Any thread may ask; asking when nothing runs must not race with {@link
   * #run}.
   *
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public List<CpuReport> reports() throws InterruptedException {
    return reports.take();
  }

  /** PSTATE in SPSR layout. */
  public long pstate() {
    return traps != null
        ? internals.nzcv() & UserContext.NZCV
        : cpu.engine().read(Arm64Register.PSTATE) & 0xffff_ffffL;
  }

  /** Sets PSTATE; with a hosted kernel attached only NZCV, so that any value is safe. */
  public void pstate(long value) {
    if (traps != null) {
      internals.nzcv((int) value);
    } else {
      cpu.engine().write(Arm64Register.PSTATE, value);
      cpu.rebuildFlags();
    }
  }

  // ---- The hosted kernel ----

  /** Whether a hosted kernel can be attached. */
  public boolean canHostKernels() {
    return internals != null;
  }

  /** Attaches the hosted kernel: from now on exceptions from EL0 are calls of {@code handler}. */
  public void traps(TrapHandler handler) {
    traps = handler;
    // The line is the handler's business now; the guest must not see it.
    cpu.interruptLine(false);
    irqDelivered = false;
  }

  /** Sets up EL1's registers as a hosted kernel needs them and goes to EL0. */
  public void enterUserMode() {
    SystemState.enterUserMode(cpu.engine());
    cpu.rebuildFlags();
    internals.flushTlb();
  }

  /** Saves the user registers. */
  public void save(UserContext context) {
    context.save(internals);
  }

  /** Loads user registers and clears the exclusive monitor. */
  public void load(UserContext context) {
    context.load(internals);
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
    GuestMemory ram = map.ram();
    long from = Math.max(physical, ram.base());
    long to = Math.min(physical + length, ram.end());
    if (from < to) {
      cpu.invalidateCode(from - ram.base(), to - from);
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
    if (!cores[0].irqAsserted && !halting) {
      kicker.park();
    }
    if (!halting) {
      kicker.attention = false;
      deferred.run();
      reports.answer();
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

  /** The interrupt line of the first CPU; any thread may drive it. */
  public InterruptLine irq() {
    return cores[0];
  }

  /** The interrupt line of a CPU; any thread may drive it. */
  public InterruptLine irq(int cpu) {
    return cores[cpu];
  }

  /** Whether the first CPU's interrupt line is asserted. */
  public boolean irqAsserted() {
    return cores[0].irqAsserted;
  }

  /** A CPU's interrupt line has changed; any thread. */
  void lineChanged(Core core, boolean asserted) {
    if (cores.length > 1 && kicker.isVcpu() && core != rotation.current()) {
      if (asserted && traps == null) {
        rotation.limitTurn();
      }
    } else if (asserted || traps == null) {
      kicker.signal();
    }
  }

  // ---- Several CPUs ----

  /** The CPU whose turn it is. */
  Core current() {
    return rotation.current();
  }

  /**
   * The engine leaves translated code: if the guest only spins (WFE, YIELD) while another CPU could
   * run, it is that one's turn. Called by the engine.
   */
  long left(long cpuState, long b, long c, long d, long e, long f) {
    try {
      if (interrupting) {
        interrupting = false;
      } else if (rotation.isContended() && !kicker.attention) {
        rotation.giveWay();
        cpu.stop();
      }
    } catch (Throwable thrown) {
      fail(thrown);
    }
    return 0;
  }

  // ---- The run loop ----

  /**
   * Runs the guest until {@link #halt}; may be called again afterwards.
   *
   * @throws MachineException if the engine gives up
   */
  public void run() {
    turn.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the CPU is closed");
      }
      runUntilHalt();
    } finally {
      turn.unlock();
    }
  }

  private void runUntilHalt() {
    kicker.start();
    try {
      while (!halting) {
        kicker.running(true);
        if (kicker.attention) {
          lookAround();
        }
        if (!halting && isReady()) {
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

  /** Whether a CPU can run, whose turn it then is; otherwise the thread has slept. */
  private boolean isReady() {
    if (traps != null) {
      return true;
    }
    Core before = rotation.current();
    if (!rotation.choose()) {
      kicker.running(false);
      if (Arrays.stream(cores).noneMatch(core -> core.state.on)) {
        deadEnd.reached("all CPUs are off");
      } else {
        kicker.park();
        kicker.attention = true;
      }
      return false;
    }
    if (rotation.current() != before) {
      driveInterrupt();
    }
    return true;
  }

  private void execute() {
    int code = cpu.run();
    rethrow();
    if (code != 0) {
      stopped(UnicornError.of(code));
    }
    if (abort.isPending()) {
      deliverAbort();
    } else if (code == 0 && traps == null && cpu.halted()) {
      current().state.waiting = true; // WFI
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
      default -> deadEnd.reached("the engine stopped: " + error);
    }
  }

  private void giveUp(String reason) {
    throw new MachineException(
        "CPU " + current().index + " stopped at 0x" + Long.toHexString(cpu.pc()) + ": " + reason);
  }

  private void deliverAbort() {
    long at = abort.deliver(traps != null);
    if (traps == null) {
      checkProgress(at);
    } else {
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
    cpu.stop();
  }

  /** Attention was wanted; between two instructions. */
  private void lookAround() {
    kicker.attention = false;
    reports.answer();
    if (halting) {
      kicker.attention = true; // nothing goes on any more
      cpu.stop();
    } else {
      deferred.run();
      if (traps != null) {
        interruptHosted();
      } else {
        interruptGuest();
      }
    }
  }

  private void interruptGuest() {
    timer.update();
    driveInterrupt();
    rotation.lookAround();
    if (rotation.isOver()) {
      cpu.stop();
    }
  }

  private void interruptHosted() {
    translations.relieve();
    int rounds = 0;
    do {
      kicker.attention = false;
      traps.interrupted(this);
      rounds++;
    } while (cores[0].irqAsserted && !halting && rounds < INTERRUPT_ROUNDS);
    if (halting) {
      cpu.stop();
    } else if (cores[0].irqAsserted) {
      kicker.signalAgain();
    }
  }

  /** Tells the engine about the interrupt line. */
  private void driveInterrupt() {
    boolean asserted = current().irqAsserted;
    if (asserted != irqDelivered) {
      irqDelivered = asserted;
      cpu.interruptLine(asserted);
      if (asserted) {
        interrupting = true;
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
      long at = cpu.pc();
      cpu.takeException();
      checkProgress(at);
    } else if (hypercalls != null) {
      hypercalls.hypercall(this, cpu.syndrome() & IMMEDIATE_MASK);
    } else {
      cpu.x(0, -1); // SMCCC: not supported
    }
  }

  /** An exception was taken from {@code at}. */
  private void checkProgress(long at) {
    if (faultLoop.taken(at, cpu.pc())) {
      deadEnd.reached("it faults in its exception vector for ever");
      cpu.stop();
    }
  }

  // ---- Devices ----

  /** What the devices' addresses know of this. */
  private record Accesses(Vcpu vcpu) implements PhysicalMap.Accesses {
    @Override
    public MmioDispatcher devices() {
      return vcpu.mmio;
    }

    @Override
    public void failed(boolean write, long address) {
      vcpu.abort(write, address);
    }

    @Override
    public void done() {
      vcpu.afterAccess();
    }
  }

  private void abort(boolean write, long address) {
    abort.record(write, address);
    cpu.stop();
  }

  /** After a device access by translated code: what it changed must reach the guest soon. */
  void afterAccess() {
    if (kicker.attention) {
      if (traps == null && !halting && deferred.isEmpty()) {
        driveInterrupt();
      } else {
        cpu.stop();
      }
    }
  }

  /**
   * Closes the engine; on whatever thread the CPU runs, that ends first.
   *
   * @throws IllegalStateException if called by what the CPU itself calls
   */
  @Override
  public void close() {
    if (turn.isHeldByCurrentThread()) {
      throw new IllegalStateException("a CPU that runs cannot close itself");
    }
    halt();
    turn.lock();
    try {
      if (!closed) {
        closed = true;
        access.close();
        stubs.close();
      }
    } finally {
      turn.unlock();
    }
  }
}
