package orrery.machine.irq;

import static orrery.machine.irq.GicRegisters.*;

import orrery.machine.bus.BusFault;
import orrery.machine.bus.MmioDevice;

/** The distributor's registers (Arm IHI 0048B.b, section 4.3). */
final class GicDistributor implements MmioDevice {
  private static final int BITS_PER_CONFIG = 2;
  private static final int BYTE_MASK = 0xff;

  private final Gic gic;
  private final GicState state;

  GicDistributor(Gic gic, GicState state) {
    this.gic = gic;
    this.state = state;
  }

  @Override
  public int widths() {
    return 1 | 4;
  }

  @Override
  public long read(long offset, int width) {
    int at = (int) offset;
    synchronized (gic) {
      if (width == 1) {
        if (!byteAccessible(at)) {
          throw BusFault.INSTANCE;
        }
        return readByte(at);
      }
      if (byteAccessible(at)) {
        long word = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
          word |= (long) readByte(at + i) << i * Byte.SIZE;
        }
        return word;
      }
      return Integer.toUnsignedLong(readWord(at));
    }
  }

  @Override
  public void write(long offset, int width, long value) {
    int at = (int) offset;
    synchronized (gic) {
      if (width == 1) {
        if (!byteAccessible(at)) {
          throw BusFault.INSTANCE;
        }
        writeByte(at, (int) value);
      } else if (byteAccessible(at)) {
        for (int i = 0; i < Integer.BYTES; i++) {
          writeByte(at + i, (int) (value >>> i * Byte.SIZE) & BYTE_MASK);
        }
      } else {
        writeWord(at, (int) value);
      }
      gic.update();
    }
  }

  /** Registers that hold a byte for each interrupt take byte accesses (section 4.1.4). */
  private static boolean byteAccessible(int at) {
    return at >= GICD_IPRIORITYR && at < GICD_ICFGR
        || at >= GICD_CPENDSGIR && at < GICD_SPENDSGIR_END;
  }

  private int readByte(int at) {
    int cpu = gic.runningCpu();
    if (at >= GICD_CPENDSGIR) {
      return state.sgiSources(cpu, at % GicState.SGI_COUNT);
    }
    int intid = at % (GICD_ITARGETSR - GICD_IPRIORITYR);
    if (intid >= state.interrupts) {
      return 0;
    }
    if (at < GICD_ITARGETSR) {
      return state.priority(cpu, intid);
    }
    // Of private interrupts the register tells the reader its own number (section 4.3.12); with one
    // CPU all targets read as zero.
    if (state.cpus == 1) {
      return 0;
    }
    return intid < GicState.PRIVATE_COUNT ? 1 << cpu : state.targets[intid] & BYTE_MASK;
  }

  private void writeByte(int at, int value) {
    int cpu = gic.runningCpu();
    if (at >= GICD_CPENDSGIR) {
      int sgi = at % GicState.SGI_COUNT;
      int sources = state.sgiSources(cpu, sgi);
      boolean clear = at < GICD_SPENDSGIR;
      int cpus = (1 << state.cpus) - 1;
      state.sgiSources(cpu, sgi, clear ? sources & ~value : sources | value & cpus);
      return;
    }
    int intid = at % (GICD_ITARGETSR - GICD_IPRIORITYR);
    if (intid >= state.interrupts) {
      return;
    }
    if (at < GICD_ITARGETSR) {
      state.priority[state.slot(cpu, intid)] = (byte) (value & GicState.PRIORITY_MASK);
    } else if (intid >= GicState.PRIVATE_COUNT && state.cpus > 1) {
      state.targets[intid] = (byte) (value & (1 << state.cpus) - 1);
    }
  }

  private int readWord(int at) {
    if (at >= GICD_IGROUPR && at < GICD_ICACTIVER + BITMAP_SIZE) {
      return readBitmap(at);
    }
    if (at >= GICD_ICFGR && at < GICD_NSACR) {
      return readConfiguration(at);
    }
    return switch (at) {
      case GICD_CTLR -> state.distributorControl;
      case GICD_TYPER ->
          (state.interrupts - 1) / Integer.SIZE | state.cpus - 1 << TYPER_CPU_NUMBER_SHIFT;
      case GICD_IIDR -> IIDR_IMPLEMENTER_ARM;
      case GICD_ICPIDR2 -> ICPIDR2_GICV2;
      default -> 0; // reserved, or write-only: RAZ
    };
  }

  private void writeWord(int at, int value) {
    if (at >= GICD_IGROUPR && at < GICD_ICACTIVER + BITMAP_SIZE) {
      writeBitmap(at, value);
    } else if (at >= GICD_ICFGR && at < GICD_NSACR) {
      writeConfiguration(at, value);
    } else if (at == GICD_CTLR) {
      state.distributorControl = value & (ENABLE_GROUP_0 | ENABLE_GROUP_1);
    } else if (at == GICD_SGIR) {
      generate(value);
    }
  }

  private int readBitmap(int at) {
    int n = at % BITMAP_SIZE / Integer.BYTES;
    if (n >= state.words) {
      return 0;
    }
    int word = state.word(gic.runningCpu(), n);
    return switch (at & -BITMAP_SIZE) {
      case GICD_IGROUPR -> state.group1[word];
      case GICD_ISENABLER, GICD_ICENABLER -> state.enabled[word];
      case GICD_ISPENDR, GICD_ICPENDR -> state.pending(word);
      default -> state.active[word];
    };
  }

  private void writeBitmap(int at, int value) {
    int n = at % BITMAP_SIZE / Integer.BYTES;
    if (n >= state.words) {
      return;
    }
    int word = state.word(gic.runningCpu(), n);
    int bits = value & state.implemented(n);
    // SGIs are always enabled, and their pending state has registers of its own (4.3.5 to 4.3.8).
    int noSgis = n == 0 ? bits & -1 << GicState.SGI_COUNT : bits;
    switch (at & -BITMAP_SIZE) {
      case GICD_IGROUPR -> state.group1[word] = bits;
      case GICD_ISENABLER -> state.enabled[word] |= bits;
      case GICD_ICENABLER -> state.enabled[word] &= ~noSgis;
      case GICD_ISPENDR -> state.latched[word] |= noSgis;
      case GICD_ICPENDR -> state.latched[word] &= ~noSgis;
      case GICD_ISACTIVER -> state.active[word] |= bits;
      default -> state.active[word] &= ~bits;
    }
  }

  private int readConfiguration(int at) {
    int first = (at - GICD_ICFGR) * Byte.SIZE / BITS_PER_CONFIG;
    int word = 0;
    for (int i = 0; i < Integer.SIZE / BITS_PER_CONFIG && first + i < state.interrupts; i++) {
      if (state.get(state.edge, gic.runningCpu(), first + i)) {
        word |= 2 << i * BITS_PER_CONFIG;
      }
    }
    return word;
  }

  private void writeConfiguration(int at, int value) {
    int first = (at - GICD_ICFGR) * Byte.SIZE / BITS_PER_CONFIG;
    for (int i = 0; i < Integer.SIZE / BITS_PER_CONFIG && first + i < state.interrupts; i++) {
      if (first + i >= GicState.SGI_COUNT) {
        boolean edge = (value >>> i * BITS_PER_CONFIG & 2) != 0;
        state.set(state.edge, gic.runningCpu(), first + i, edge);
      }
    }
  }

  /** GICD_SGIR (section 4.3.15). */
  private void generate(int value) {
    int self = 1 << gic.runningCpu();
    int all = (1 << state.cpus) - 1;
    int targets =
        switch (value >>> SGIR_FILTER_SHIFT & SGIR_FILTER_MASK) {
          case SGIR_FILTER_LIST -> value >>> SGIR_TARGETS_SHIFT & SGIR_TARGETS_MASK & all;
          case SGIR_FILTER_OTHERS -> all & ~self;
          case SGIR_FILTER_SELF -> self;
          default -> 0; // reserved
        };
    int sgi = value & SGIR_INTID_MASK;
    for (int cpu = 0; cpu < state.cpus; cpu++) {
      if ((targets >>> cpu & 1) != 0) {
        state.sgiSources(cpu, sgi, state.sgiSources(cpu, sgi) | self);
      }
    }
  }
}
