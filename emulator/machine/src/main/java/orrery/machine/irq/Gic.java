package orrery.machine.irq;

import static orrery.machine.irq.GicRegisters.ENABLE_GROUP_0;
import static orrery.machine.irq.GicRegisters.ENABLE_GROUP_1;
import static orrery.machine.irq.GicRegisters.INTID_SPURIOUS;

import orrery.machine.bus.MmioDevice;

/**
 * A generic interrupt controller, version 2 (Arm IHI 0048B.b), without the Security and the
 * Virtualization Extensions: a distributor and a CPU interface for up to eight CPUs.
 *
 * <p>Threads: lines are driven from any thread, registers on the thread that runs the CPUs. The
 * controller's monitor guards all state and is held for a few dozen nanoseconds; while holding it
 * the controller drives the CPUs' lines, so their implementations must not call back.
 */
public final class Gic {
  /** The first shared peripheral interrupt. */
  public static final int FIRST_SPI = GicState.PRIVATE_COUNT;

  private static final int MAX_INTERRUPTS = 1020;

  private final GicState state;
  private final InterruptLine[] cpuLines;
  private final boolean[] asserted;
  private final GicDistributor distributor;
  private final GicCpuInterface cpuInterface;
  private int runningCpu;

  /**
   * A controller in reset.
   *
   * @param interrupts INTIDs, a multiple of 32 from 32 to 992, or 1020
   * @param cpuLines the IRQ input of each CPU
   */
  public Gic(int interrupts, InterruptLine... cpuLines) {
    if (interrupts != MAX_INTERRUPTS
        && (interrupts < GicState.PRIVATE_COUNT
            || interrupts > MAX_INTERRUPTS
            || interrupts % Integer.SIZE != 0)) {
      throw new IllegalArgumentException("no GICv2 has " + interrupts + " interrupts");
    }
    if (cpuLines.length == 0 || cpuLines.length > GicState.MAX_CPUS) {
      throw new IllegalArgumentException("no GICv2 has " + cpuLines.length + " CPUs");
    }
    this.cpuLines = cpuLines.clone();
    this.asserted = new boolean[cpuLines.length];
    this.state = new GicState(cpuLines.length, interrupts);
    this.distributor = new GicDistributor(this, state);
    this.cpuInterface = new GicCpuInterface(this, state);
  }

  /** The distributor's registers, 4 KiB. */
  public MmioDevice distributor() {
    return distributor;
  }

  /** The CPU interface's registers, 8 KiB, banked by the running CPU. */
  public MmioDevice cpuInterface() {
    return cpuInterface;
  }

  /** Which CPU the next register accesses come from: CPUs share one thread in turns. */
  public synchronized void running(int cpu) {
    if (cpu < 0 || cpu >= state.cpus) {
      throw new IllegalArgumentException("no CPU " + cpu);
    }
    runningCpu = cpu;
  }

  /** The input of a shared peripheral interrupt. */
  public InterruptLine line(int intid) {
    requireShared(intid);
    return new Input(0, intid);
  }

  void requireShared(int intid) {
    if (intid < FIRST_SPI || intid >= state.interrupts) {
      throw new IllegalArgumentException("INTID " + intid + " is no shared peripheral interrupt");
    }
  }

  /**
   * A rising and a falling edge on a shared peripheral interrupt, as one: two that meet are two
   * edges. Without effect if software configured the interrupt as level-sensitive.
   */
  synchronized void pulse(int intid) {
    int word = state.word(0, intid / Integer.SIZE);
    state.latched[word] |= state.edge[word] & 1 << intid % Integer.SIZE;
    update();
  }

  /** The input of a private peripheral interrupt (INTID 16 to 31) of one CPU. */
  public InterruptLine privateLine(int cpu, int intid) {
    if (cpu < 0 || cpu >= state.cpus || intid < GicState.SGI_COUNT || intid >= FIRST_SPI) {
      throw new IllegalArgumentException("CPU " + cpu + " has no private interrupt " + intid);
    }
    return new Input(cpu, intid);
  }

  /** One input wire. */
  private final class Input implements InterruptLine {
    private final int word;
    private final int bit;

    Input(int cpu, int intid) {
      word = state.word(cpu, intid / Integer.SIZE);
      bit = 1 << intid % Integer.SIZE;
    }

    @Override
    public void raise() {
      synchronized (Gic.this) {
        if ((state.level[word] & bit) == 0) {
          state.level[word] |= bit;
          state.latched[word] |= state.edge[word] & bit;
          update();
        }
      }
    }

    @Override
    public void lower() {
      synchronized (Gic.this) {
        if ((state.level[word] & bit) != 0) {
          state.level[word] &= ~bit;
          update();
        }
      }
    }
  }

  int runningCpu() {
    return runningCpu;
  }

  /** Drives the CPUs' lines after any change of state. The monitor is held. */
  void update() {
    for (int cpu = 0; cpu < state.cpus; cpu++) {
      boolean signal = signalled(cpu) != INTID_SPURIOUS;
      if (signal != asserted[cpu]) {
        asserted[cpu] = signal;
        cpuLines[cpu].set(signal);
      }
    }
  }

  /**
   * The highest priority pending interrupt if it is to interrupt the CPU now (sections 3.3 and
   * 3.6): its group is enabled in the CPU interface, it passes the mask and preempts what runs.
   */
  int signalled(int cpu) {
    int intid = highestPending(cpu);
    if (intid == INTID_SPURIOUS) {
      return INTID_SPURIOUS;
    }
    boolean group1 = state.get(state.group1, cpu, intid);
    int priority = state.priority(cpu, intid);
    if ((state.control[cpu] & (group1 ? ENABLE_GROUP_1 : ENABLE_GROUP_0)) == 0
        || priority >= state.priorityMask[cpu]
        || groupPriority(cpu, priority, group1) >= runningPriority(cpu)) {
      return INTID_SPURIOUS;
    }
    return intid;
  }

  /**
   * The pending, enabled, not active interrupt of highest priority that the distributor forwards to
   * the CPU, the lowest INTID among equals; 1023 if there is none.
   */
  int highestPending(int cpu) {
    int best = INTID_SPURIOUS;
    int bestPriority = Integer.MAX_VALUE;
    int forwarded0 = (state.distributorControl & ENABLE_GROUP_0) != 0 ? -1 : 0;
    int forwarded1 = (state.distributorControl & ENABLE_GROUP_1) != 0 ? -1 : 0;
    for (int n = 0; n < state.words; n++) {
      int word = state.word(cpu, n);
      int group1 = state.group1[word];
      int candidates =
          state.enabled[word]
              & ~state.active[word]
              & state.pending(word)
              & (group1 & forwarded1 | ~group1 & forwarded0);
      while (candidates != 0) {
        int intid = n * Integer.SIZE + Integer.numberOfTrailingZeros(candidates);
        candidates &= candidates - 1;
        int priority = state.priority(cpu, intid);
        if (priority < bestPriority && state.targets(cpu, intid)) {
          best = intid;
          bestPriority = priority;
        }
      }
    }
    return best;
  }

  /** The priority of the most urgent active interrupt, 0xff when idle (section 4.4.6). */
  int runningPriority(int cpu) {
    int active = state.activePriorities0[cpu] | state.activePriorities1[cpu];
    return active == 0
        ? GicState.IDLE_PRIORITY
        : Integer.numberOfTrailingZeros(active) << GicCpuInterface.ACTIVE_PRIORITY_SHIFT;
  }

  /** The part of a priority that decides about preemption (section 3.3.3, table 3-2). */
  int groupPriority(int cpu, int priority, boolean group1) {
    int point;
    if (group1 && (state.control[cpu] & GicRegisters.CTLR_CBPR) == 0) {
      // For group 1 the binary point is one less than in the table for group 0.
      point = state.aliasedBinaryPoint[cpu] - 1;
    } else {
      point = state.binaryPoint[cpu];
    }
    return priority & -1 << point + 1 & GicState.PRIORITY_MASK;
  }
}
