package orrery.driver.nvme;

import static orrery.driver.nvme.ControllerRegisters.*;

import orrery.kernel.device.Completion;
import orrery.kernel.device.Interrupts;
import orrery.kernel.device.PciDevice;
import orrery.kernel.hw.Dma;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.IoMem;
import orrery.ownership.Borrow;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Owned;
import orrery.ownership.ProcessCtx;

/** The controller's registers, interrupts and memory: how it is started and stopped (Base, 3.5). */
@Owned
final class Port {
  private static final int BAR = 0;
  private static final long PAUSE_NANOS = 1_000_000;

  /** How long a shutdown may take at least (Linux: nvme_core.shutdown_timeout). */
  private static final long SHUTDOWN_NANOS = 5_000_000_000L;

  private final IoMem<ControllerRegisters> registers;
  private final Interrupts interrupts;
  private final Dma dma;
  private final Completion pause;
  private final long capabilities;

  /** How long the controller may take to become ready, or not ready. */
  private final long readyNanos;

  private Port(
      @Move IoMem<ControllerRegisters> registers,
      @Move Interrupts interrupts,
      @Move Dma dma,
      Completion pause,
      long capabilities) {
    this.pause = pause;
    this.capabilities = capabilities;
    long units = capabilities >>> CAP_TO_SHIFT & CAP_TO_MASK;
    if ((capabilities & CAP_CRWMS) != 0) {
      units = Math.max(units, registers.read(CRTO) & CRTO_CRWMT_MASK);
    }
    readyNanos = Math.max(1, units) * TIMEOUT_UNIT;
    this.registers = registers;
    this.interrupts = interrupts;
    this.dma = dma;
  }

  /**
   * Takes what the driver needs from the device.
   *
   * @param vectors how many interrupts are wanted; there may be fewer
   * @throws HardwareException if the device is not as it must be
   */
  static Port open(PciDevice device, int vectors) {
    IoMem<ControllerRegisters> registers = registers(device);
    long capabilities = registers.read(CAP);
    device.require(capabilities != ALL_ONES, "its registers read as all ones");
    device.require((capabilities & CAP_CSS_NVM) != 0, "it has no NVM command set");
    device.require(
        (capabilities >>> CAP_MPSMIN_SHIFT & CAP_MPSMIN_MASK) == 0, "it has no pages of 4 KiB");
    int count = Math.min(vectors, device.messages());
    return new Port(
        registers, device.interrupts(count), device.dma(), device.completion(), capabilities);
  }

  /** The registers once more. */
  static IoMem<ControllerRegisters> registers(PciDevice device) {
    return device.map(BAR, ControllerRegisters.BLOCK);
  }

  /** The right to share memory with the device. */
  @Borrow
  Dma dma() {
    return dma;
  }

  /** How many interrupts there are. */
  int vectors() {
    return interrupts.count();
  }

  /** The most entries of a queue. */
  int maxEntries() {
    return (int) (capabilities & CAP_MQES_MASK) + 1;
  }

  /**
   * Makes a queue pair; the controller is told of it later.
   *
   * @param id its number
   * @param submissions entries wanted of the submission queue
   * @throws HardwareException if the device has no such doorbells
   */
  QueuePair pair(PciDevice device, int id, int submissions) {
    int most = maxEntries();
    return new QueuePair(
        dma,
        id,
        Math.min(most, submissions),
        Math.min(most, QueuePair.COMPLETIONS),
        doorbell(device, 2 * id),
        doorbell(device, 2 * id + 1));
  }

  private IoMem<Doorbell> doorbell(PciDevice device, int index) {
    long stride = (long) Integer.BYTES << (int) (capabilities >>> CAP_DSTRD_SHIFT & CAP_DSTRD_MASK);
    try {
      return device.map(BAR, DOORBELLS + index * stride, Integer.BYTES, Doorbell.BLOCK);
    } catch (OutOfRangeException e) {
      throw new HardwareException("it has no doorbell " + index);
    }
  }

  // ---- State ----

  /** Whether reads find no device any more. */
  boolean isGone() {
    return registers.read(CSTS) == ALL_ONES;
  }

  /** Whether the controller says that it has failed as a whole, or does not answer. */
  boolean hasFailed() {
    return (registers.read(CSTS) & CSTS_CFS) != 0;
  }

  /** Whether the controller can reset its whole subsystem. */
  boolean canResetSubsystem() {
    return (capabilities & CAP_NSSRS) != 0;
  }

  /** Resets the whole subsystem with its link (Base, section 3.7.1). */
  void resetSubsystem() {
    registers.write(NSSR, NSSR_RESET);
    interrupts.restore();
  }

  /** The version of the specification that the controller follows. */
  int version() {
    return registers.read(VS);
  }

  /** Stops the controller: it then uses no memory and has no queues. */
  @MaySleep
  void disable(ProcessCtx ctx) throws NvmeException {
    registers.write(CC, registers.read(CC) & ~(CC_EN | CC_SHN_MASK));
    await(ctx, CSTS_RDY, 0, readyNanos, "does not stop");
  }

  /** Starts the controller with its admin queues. */
  @MaySleep
  void enable(ProcessCtx ctx, QueuePair admin) throws NvmeException {
    registers.write(AQA, admin.completions() - 1 << AQA_ACQS_SHIFT | admin.submissions() - 1);
    registers.write(ASQ, admin.submissionAddress());
    registers.write(ACQ, admin.completionAddress());
    registers.write(CC, CC_EN | CC_IOSQES_64 | CC_IOCQES_16);
    await(ctx, CSTS_RDY, CSTS_RDY, readyNanos, "does not become ready");
  }

  /**
   * Tells the controller that the power may go (Base, section 3.6.1).
   *
   * @param nanos how long it says that it may take
   */
  @MaySleep
  void shutDown(ProcessCtx ctx, long nanos) throws NvmeException {
    registers.write(CC, registers.read(CC) & ~CC_SHN_MASK | CC_SHN_NORMAL);
    await(
        ctx,
        CSTS_SHST_MASK,
        CSTS_SHST_COMPLETE,
        Math.max(nanos, SHUTDOWN_NANOS),
        "does not shut down");
  }

  @MaySleep
  private void await(ProcessCtx ctx, int mask, int value, long nanos, String otherwise)
      throws NvmeException {
    for (long waited = 0; ; waited += PAUSE_NANOS) {
      int status = registers.read(CSTS);
      if (status == ALL_ONES) {
        throw new NvmeException("the device is gone");
      }
      if ((status & mask) == value) {
        return;
      }
      if (value != 0 && (status & CSTS_CFS) != 0) {
        throw new NvmeException("the controller " + otherwise + ": fatal status");
      }
      if (waited >= nanos) {
        throw new NvmeException(
            "the controller " + otherwise + " in " + nanos / PAUSE_NANOS + " ms");
      }
      pause.await(ctx, PAUSE_NANOS);
    }
  }

  /** Ends the use of the device, which is stopped. */
  @Move
  void close() {
    interrupts.close();
    dma.close();
    registers.close();
  }
}
