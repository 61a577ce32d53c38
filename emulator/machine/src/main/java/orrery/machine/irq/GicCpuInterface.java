package orrery.machine.irq;

import static orrery.machine.irq.GicRegisters.*;

import orrery.machine.bus.MmioDevice;

/**
 * The CPU interface's registers (Arm IHI 0048B.b, section 4.4) as a GICv2 without the Security
 * Extensions has them. Word accesses only; reads of IAR and AIAR acknowledge.
 */
final class GicCpuInterface implements MmioDevice {
  /** Group priorities are multiples of 8: five bits are implemented. */
  static final int ACTIVE_PRIORITY_SHIFT = 3;

  private static final int MAX_BINARY_POINT = 7;

  private final Gic gic;
  private final GicState state;

  GicCpuInterface(Gic gic, GicState state) {
    this.gic = gic;
    this.state = state;
  }

  @Override
  public long read(long offset, int width) {
    synchronized (gic) {
      int cpu = gic.runningCpu();
      int value =
          switch ((int) offset) {
            case GICC_CTLR -> state.control[cpu];
            case GICC_PMR -> state.priorityMask[cpu];
            case GICC_BPR -> state.binaryPoint[cpu];
            case GICC_IAR -> acknowledge(cpu, false);
            case GICC_RPR -> gic.runningPriority(cpu);
            case GICC_HPPIR -> highestPending(cpu, false);
            case GICC_ABPR -> state.aliasedBinaryPoint[cpu];
            case GICC_AIAR -> acknowledge(cpu, true);
            case GICC_AHPPIR -> highestPending(cpu, true);
            case GICC_APR -> state.activePriorities0[cpu];
            case GICC_NSAPR -> state.activePriorities1[cpu];
            case GICC_IIDR -> GICC_IIDR_VALUE;
            default -> 0; // reserved, or write-only: RAZ
          };
      return Integer.toUnsignedLong(value);
    }
  }

  @Override
  public void write(long offset, int width, long value) {
    int word = (int) value;
    synchronized (gic) {
      int cpu = gic.runningCpu();
      switch ((int) offset) {
        case GICC_CTLR -> state.control[cpu] = word & CTLR_WRITABLE;
        case GICC_PMR -> state.priorityMask[cpu] = word & GicState.PRIORITY_MASK;
        case GICC_BPR ->
            state.binaryPoint[cpu] = Math.max(word & MAX_BINARY_POINT, GicState.MIN_BINARY_POINT);
        case GICC_ABPR ->
            state.aliasedBinaryPoint[cpu] =
                Math.max(word & MAX_BINARY_POINT, GicState.MIN_BINARY_POINT + 1);
        case GICC_EOIR -> endOfInterrupt(cpu, word, false);
        case GICC_AEOIR -> endOfInterrupt(cpu, word, true);
        case GICC_DIR -> {
          // Only meaningful when EOIR does not deactivate (section 4.4.15).
          if ((state.control[cpu] & CTLR_EOI_MODE) != 0) {
            deactivate(cpu, word & INTID_MASK);
          }
        }
        case GICC_APR -> state.activePriorities0[cpu] = word;
        case GICC_NSAPR -> state.activePriorities1[cpu] = word;
        default -> {} // reserved, or read-only: WI
      }
      gic.update();
    }
  }

  /** IAR, or with {@code aliased} AIAR, which only sees group 1 (sections 4.4.4 and 4.4.11). */
  private int acknowledge(int cpu, boolean aliased) {
    int intid = gic.signalled(cpu);
    int visible = visible(cpu, intid, aliased);
    if (visible != intid || intid == INTID_SPURIOUS) {
      return visible;
    }
    boolean group1 = state.get(state.group1, cpu, intid);
    int source = 0;
    if (intid < GicState.SGI_COUNT) {
      // One request is served at a time, the lowest source first.
      int sources = state.sgiSources(cpu, intid);
      source = Integer.numberOfTrailingZeros(sources);
      state.sgiSources(cpu, intid, sources & sources - 1);
    } else {
      state.set(state.latched, cpu, intid, false);
    }
    state.set(state.active, cpu, intid, true);
    int priority = gic.groupPriority(cpu, state.priority(cpu, intid), group1);
    int bit = 1 << (priority >>> ACTIVE_PRIORITY_SHIFT);
    if (group1) {
      state.activePriorities1[cpu] |= bit;
    } else {
      state.activePriorities0[cpu] |= bit;
    }
    gic.update();
    return source << SOURCE_CPU_SHIFT | intid;
  }

  private int highestPending(int cpu, boolean aliased) {
    int intid = gic.highestPending(cpu);
    int visible = visible(cpu, intid, aliased);
    if (visible == intid && intid < GicState.SGI_COUNT) {
      int source = Integer.numberOfTrailingZeros(state.sgiSources(cpu, intid));
      return source << SOURCE_CPU_SHIFT | intid;
    }
    return visible;
  }

  /**
   * What a register of one group shows of an interrupt that may be of the other (section 3.2.3).
   */
  private int visible(int cpu, int intid, boolean aliased) {
    if (intid == INTID_SPURIOUS) {
      return INTID_SPURIOUS;
    }
    boolean group1 = state.get(state.group1, cpu, intid);
    if (aliased) {
      return group1 ? intid : INTID_SPURIOUS;
    }
    boolean mayAcknowledge = (state.control[cpu] & CTLR_ACK_CTL) != 0;
    return group1 && !mayAcknowledge ? INTID_OTHER_GROUP : intid;
  }

  /** Drops the running priority and, unless EOImode says otherwise, deactivates (section 4.4.5). */
  private void endOfInterrupt(int cpu, int value, boolean aliased) {
    int intid = value & INTID_MASK;
    if (intid >= state.interrupts) {
      return; // spurious
    }
    int[] active =
        aliased || state.get(state.group1, cpu, intid)
            ? state.activePriorities1
            : state.activePriorities0;
    active[cpu] &= active[cpu] - 1;
    if ((state.control[cpu] & CTLR_EOI_MODE) == 0) {
      deactivate(cpu, intid);
    }
  }

  private void deactivate(int cpu, int intid) {
    if (intid < state.interrupts) {
      state.set(state.active, cpu, intid, false);
    }
  }
}
