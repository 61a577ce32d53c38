package orrery.machine.irq;

import orrery.machine.bus.MmioDevice;

/**
 * A GICv2m frame (Arm Server Base System Architecture, appendix "GICv2m Architecture"): a write of
 * an interrupt's number to {@code MSI_SETSPI_NS} makes a rising edge on that shared peripheral
 * interrupt. Devices reach it by DMA, so any thread may write. It has no state of its own.
 */
public final class GicV2m implements MmioDevice {
  /** Size of the frame in bytes. */
  public static final long SIZE = 0x1000;

  /** Offset of the doorbell, the register that takes the messages. */
  public static final int MSI_SETSPI_NS = 0x040;

  private static final int MSI_TYPER = 0x008;
  private static final int MSI_IIDR = 0xfcc;

  /** MSI_TYPER: the first INTID in bits 25:16, how many there are in bits 9:0. */
  private static final int TYPER_BASE_SHIFT = 16;

  private static final int INTID_MASK = 0x3ff;

  private final Gic gic;
  private final int first;
  private final int count;

  /**
   * A frame.
   *
   * @param firstSpi the first of its shared peripheral interrupts, 0 being INTID 32
   * @throws IllegalArgumentException if the controller lacks one of them
   */
  public GicV2m(Gic gic, int firstSpi, int count) {
    this.gic = gic;
    this.first = Gic.FIRST_SPI + firstSpi;
    this.count = count;
    gic.requireShared(first);
    gic.requireShared(first + count - 1);
  }

  /** The number of its first interrupt (SPI numbering). */
  public int firstSpi() {
    return first - Gic.FIRST_SPI;
  }

  /** How many interrupts it has. */
  public int count() {
    return count;
  }

  @Override
  public int widths() {
    return Short.BYTES | Integer.BYTES; // messages may be 16 or 32 bits wide
  }

  @Override
  public long read(long offset, int width) {
    return switch ((int) offset) {
      case MSI_TYPER -> (long) first << TYPER_BASE_SHIFT | count;
      case MSI_IIDR -> GicRegisters.IIDR_IMPLEMENTER_ARM;
      default -> 0; // write-only or reserved: RAZ
    };
  }

  @Override
  public void write(long offset, int width, long value) {
    if (offset == MSI_SETSPI_NS) {
      message((int) value);
    }
  }

  /** A message arrives: the interrupt whose INTID is in its low ten bits. */
  public void message(int data) {
    int intid = data & INTID_MASK;
    if (intid >= first && intid < first + count) {
      gic.pulse(intid);
    }
  }
}
