package orrery.device.nvme;

import static orrery.device.nvme.RegisterMap.*;

import orrery.machine.bus.MmioDevice;

/** Controller properties and doorbells as the host sees them (Base, section 3.1.4). */
final class Registers implements MmioDevice {
  private static final int WORD_MASK = 0xffff;
  private static final long UNSIGNED = 0xffff_ffffL;
  private static final long PAGE_MASK = (1 << MIN_PAGE_SHIFT) - 1;

  private final NvmeState state;
  private final Control control;

  /** What writes to properties cause. */
  interface Control {
    /** CC.EN was set. */
    void enable();

    /** CC.EN was cleared. */
    void disable();

    /** CC.SHN asks for a shutdown, normal or abrupt: both lose nothing here. */
    void shutDown();

    /** NSSR asks for a reset of the subsystem. */
    void resetSubsystem();

    /** The interrupt mask changed. */
    void maskChanged();

    /** A submission queue's tail moved. */
    void submissionDoorbell(int id, int tail);

    /** A completion queue's head moved. */
    void completionDoorbell(int id, int head);
  }

  Registers(NvmeState state, Control control) {
    this.state = state;
    this.control = control;
  }

  @Override
  public int widths() {
    return Integer.BYTES | Long.BYTES;
  }

  @Override
  public long read(long offset, int width) {
    int at = (int) offset;
    long low = word(at) & UNSIGNED;
    return width == Integer.BYTES ? low : low | (long) word(at + Integer.BYTES) << Integer.SIZE;
  }

  private int word(int at) {
    if (state.dead) {
      return -1;
    }
    return switch (at) {
      case CAP -> (int) CAPABILITIES;
      case CAP_HIGH -> (int) (CAPABILITIES >>> Integer.SIZE);
      case VS -> VERSION;
      case INTMS, INTMC -> state.interruptMask;
      case CC -> state.configuration;
      case CSTS -> state.status;
      case AQA -> state.adminSizes;
      case ASQ -> (int) state.adminSubmission;
      case ASQ_HIGH -> (int) (state.adminSubmission >>> Integer.SIZE);
      case ACQ -> (int) state.adminCompletion;
      case ACQ_HIGH -> (int) (state.adminCompletion >>> Integer.SIZE);
      case CRTO -> (int) READY_TIMEOUTS;
      default -> 0; // reserved, not supported (CMB, PMR, boot partitions), or write-only
    };
  }

  @Override
  public void write(long offset, int width, long value) {
    int at = (int) offset;
    writeWord(at, (int) value);
    if (width == Long.BYTES) {
      writeWord(at + Integer.BYTES, (int) (value >>> Integer.SIZE));
    }
  }

  private void writeWord(int at, int value) {
    if (state.dead) {
      return;
    }
    if (at >= DOORBELLS) {
      doorbell((at - DOORBELLS) / Integer.BYTES, value & WORD_MASK);
      return;
    }
    switch (at) {
      case INTMS -> mask(state.interruptMask | value);
      case INTMC -> mask(state.interruptMask & ~value);
      case CC -> configure(value & CC_WRITABLE);
      case CSTS -> state.status &= ~(value & CSTS_SUBSYSTEM_RESET);
      case NSSR -> {
        if (value == SUBSYSTEM_RESET_KEY) {
          control.resetSubsystem();
        }
      }
      case AQA ->
          state.adminSizes = value & (AQA_SIZE_MASK | AQA_SIZE_MASK << AQA_COMPLETION_SHIFT);
      case ASQ -> state.adminSubmission = low(state.adminSubmission, value);
      case ASQ_HIGH -> state.adminSubmission = high(state.adminSubmission, value);
      case ACQ -> state.adminCompletion = low(state.adminCompletion, value);
      case ACQ_HIGH -> state.adminCompletion = high(state.adminCompletion, value);
      default -> {
        return; // read-only or reserved
      }
    }
  }

  private static long low(long old, int value) {
    return old & ~UNSIGNED | value & UNSIGNED & ~PAGE_MASK;
  }

  private static long high(long old, int value) {
    return old & UNSIGNED | (long) value << Integer.SIZE;
  }

  private void mask(int value) {
    state.interruptMask = value;
    control.maskChanged();
  }

  private void configure(int value) {
    int old = state.configuration;
    state.configuration = value;
    int shutdown = value >>> CC_SHUTDOWN_SHIFT & CC_SHUTDOWN_MASK;
    if (shutdown != 0 && (old >>> CC_SHUTDOWN_SHIFT & CC_SHUTDOWN_MASK) == 0) {
      control.shutDown();
    }
    boolean enabled = (value & CC_ENABLE) != 0;
    if (enabled != ((old & CC_ENABLE) != 0)) {
      if (enabled) {
        control.enable();
      } else {
        control.disable();
      }
    }
  }

  private void doorbell(int index, int value) {
    int id = index / 2;
    if (id >= QUEUES || !state.isReady()) {
      return;
    }
    if (index % 2 == 0) {
      control.submissionDoorbell(id, value);
    } else {
      control.completionDoorbell(id, value);
    }
  }
}
