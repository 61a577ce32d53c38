package orrery.device.uart;

import static orrery.device.uart.Pl011Registers.*;

import orrery.machine.bus.MmioDevice;
import orrery.machine.irq.InterruptLine;

/**
 * A PL011 UART (Arm DDI 0183G, r1p5).
 *
 * <p>The line behind it is a {@link SerialBackend}, which is faster than any baud rate. So the
 * FIFOs are windows on the backend: the receive FIFO shows the next bytes that arrived, at most its
 * depth; the transmit FIFO is empty while the backend has room for its depth and fills as that room
 * shrinks. Nothing is lost in either direction, and overrun, framing and parity errors do not
 * occur. The receive timeout is over at once when fewer bytes than the trigger level are there.
 *
 * <p>The other end of the line waits until the guest listens: it asserts nUARTRTS, unmasks a
 * receive interrupt, or polls. A guest that empties the FIFO while it sets the port up, as Linux
 * does, so does not throw away what was typed or piped before.
 *
 * <p>Not modelled: DMA (its register is only storage), IrDA, modem status inputs (always ready).
 *
 * <p>Threads: registers on the vCPU's thread, backend's notices on any; the monitor guards the
 * registers and is taken before the interrupt controller's.
 */
public final class Pl011 implements MmioDevice {
  /** No level: the next look finds a change. */
  private static final int CHANGED = -1;

  /** So many looks at the flags in a row, with nothing sent between, are those of a poller. */
  private static final int POLLER = 16;

  private final SerialBackend line;
  private final InterruptLine interrupt;
  private final LoopbackFifo loopback = new LoopbackFifo();

  private int ilpr;
  private int ibrd;
  private int fbrd;
  private int lineControl;
  private int control = CR_RESET;
  private int levels = IFLS_RESET;
  private int mask;
  private int raw;
  private int dma;
  private int looks;

  /** The FIFOs at the last look: interrupts come from changes. */
  private int receiveLevel;

  private boolean transmitWasFull;
  private boolean asserted;

  /** A UART in reset. */
  public Pl011(SerialBackend line, InterruptLine interrupt) {
    this.line = line;
    this.interrupt = interrupt;
    line.listener(this::lineChanged);
  }

  @Override
  public int widths() {
    return 1 | 2
        | 4; // the registers are at most 16 bits wide on a 32-bit bus; Linux uses all three
  }

  @Override
  public synchronized long read(long offset, int width) {
    int at = (int) offset;
    if (at >= IDENTIFICATION && at % Integer.BYTES == 0) {
      return identification(at);
    }
    return switch (at) {
      case UARTDR -> receive();
      case UARTFR -> flags();
      case UARTILPR -> ilpr;
      case UARTIBRD -> ibrd;
      case UARTFBRD -> fbrd;
      case UARTLCR_H -> lineControl;
      case UARTCR -> control;
      case UARTIFLS -> levels;
      case UARTIMSC -> mask;
      case UARTRIS -> raw;
      case UARTMIS -> raw & mask;
      case UARTDMACR -> dma;
      default -> 0; // UARTRSR: no errors; UARTICR and reserved: RAZ
    };
  }

  @Override
  public synchronized void write(long offset, int width, long value) {
    int word = (int) value;
    switch ((int) offset) {
      case UARTDR -> transmit(word & DATA_MASK);
      case UARTILPR -> ilpr = word & ILPR_MASK;
      case UARTIBRD -> ibrd = word & IBRD_MASK;
      case UARTFBRD -> fbrd = word & FBRD_MASK;
      case UARTLCR_H -> lineControl = word & LCR_H_MASK;
      case UARTCR -> control = word & CR_MASK;
      case UARTIFLS -> levels = word & IFLS_MASK;
      case UARTIMSC -> mask = word & INT_MASK;
      case UARTICR -> raw &= ~word;
      case UARTDMACR -> dma = word & DMACR_MASK;
      default -> {} // read-only or reserved: WI
    }
    update();
  }

  /** The backend has new bytes, or room again. */
  private synchronized void lineChanged() {
    update();
  }

  private int receive() {
    int octet = loopingBack() ? loopback.take() : receiving() ? line.take() : -1;
    receiveLevel = CHANGED; // also if the byte behind it moved up at once
    update();
    return Math.max(octet, 0);
  }

  private void transmit(int octet) {
    if (looks < POLLER) {
      looks = 0;
    }
    int sending = CR_UARTEN | CR_TXE;
    if ((control & sending) != sending) {
      return;
    }
    // To a full FIFO a byte is lost (section 3.3.1); guests look at TXFF first.
    if (loopingBack()) {
      loopback.offer(octet, depth());
    } else {
      line.offer(octet);
    }
    if (!transmitFull()) {
      // The byte went through the FIFO: its level rose above the trigger and fell.
      raw |= INT_TX;
    }
  }

  private int flags() {
    if (looks < POLLER && !transmitFull()) {
      looks++;
      update();
    }
    int available = receiveLevel();
    int flags = FR_CTS | FR_DSR | FR_DCD;
    flags |= transmitFull() ? FR_TXFF | FR_BUSY : FR_TXFE;
    flags |= available == 0 ? FR_RXFE : 0;
    flags |= available == depth() ? FR_RXFF : 0;
    return flags;
  }

  /** Raises and clears interrupts as the FIFOs' levels cross their triggers (section 2.8). */
  private void update() {
    int received = receiveLevel();
    if (received < receiveTrigger()) {
      raw &= ~INT_RX;
    }
    if (received == 0) {
      raw &= ~INT_RT;
    } else if (received != receiveLevel) {
      raw |= received >= receiveTrigger() ? INT_RX : INT_RT;
    }
    receiveLevel = received;

    boolean full = transmitFull();
    if (full) {
      raw &= ~INT_TX;
    } else if (transmitWasFull) {
      raw |= INT_TX;
    }
    transmitWasFull = full;

    boolean assertion = (raw & mask) != 0;
    if (assertion != asserted) {
      asserted = assertion;
      interrupt.set(assertion);
    }
  }

  private int receiveLevel() {
    if (loopingBack()) {
      return loopback.level();
    }
    return receiving() ? Math.min(line.available(), depth()) : 0;
  }

  private boolean transmitFull() {
    return !loopingBack() && line.room() == 0;
  }

  private int receiveTrigger() {
    return fifosEnabled() ? triggerLevel(levels >>> IFLS_RX_SHIFT) : 1;
  }

  private int depth() {
    return fifosEnabled() ? FIFO_DEPTH : 1;
  }

  private boolean fifosEnabled() {
    return (lineControl & LCR_H_FEN) != 0;
  }

  private boolean receiving() {
    int receiving = CR_UARTEN | CR_RXE;
    return (control & receiving) == receiving && listening();
  }

  private boolean listening() {
    return (control & CR_RTS) != 0 || (mask & (INT_RX | INT_RT)) != 0 || looks == POLLER;
  }

  private boolean loopingBack() {
    return (control & CR_LBE) != 0;
  }
}
