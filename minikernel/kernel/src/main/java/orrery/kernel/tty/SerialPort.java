package orrery.kernel.tty;

import orrery.kernel.hw.IoMem;
import orrery.kernel.wait.WaitQueue;
import orrery.ownership.Move;
import orrery.ownership.Unsafe;

/**
 * Driver of the PL011 UART. Source: ARM DDI 0183G, chapter 3. Output goes through a ring of 4096
 * bytes into the FIFO; when that is full the transmit interrupt sends the rest. Input is read from
 * the FIFO at the receive interrupt as long as its receiver accepts it; else the interrupt is
 * masked, the FIFO fills and the sender waits: nothing is lost in either direction.
 *
 * <p>Not done: modem lines, breaks, parity and speed; the machine's ports have none.
 */
@Unsafe("the port is the kernel's for as long as the machine runs: nothing gives it back")
final class SerialPort implements TerminalPort {
  /** The device tree's name of what this drives. */
  static final String COMPATIBLE = "arm,pl011";

  // UARTFR
  private static final int RXFE = 1 << 4;
  private static final int TXFF = 1 << 5;

  // UARTDR
  private static final int DATA = 0xff;
  private static final int BREAK_ERROR = 1 << 10;

  // UARTIMSC and UARTICR
  private static final int RECEIVE = 1 << 4;
  private static final int TRANSMIT = 1 << 5;
  private static final int RECEIVE_TIMEOUT = 1 << 6;
  private static final int ALL = 0x7ff;

  // UARTLCR_H
  private static final int EIGHT_BITS = 3 << 5;
  private static final int FIFO_ENABLE = 1 << 4;

  // UARTCR
  private static final int UART_ENABLE = 1;
  private static final int TRANSMIT_ENABLE = 1 << 8;
  private static final int RECEIVE_ENABLE = 1 << 9;

  private static final int RING = 4096;

  private final IoMem<SerialRegisters> registers;
  private final byte[] ring = new byte[RING];
  private int head;
  private int tail;
  private int mask;
  private boolean transmitting;
  private SerialReceiver receiver;
  private final WaitQueue writers = new WaitQueue();

  /** Switches the port on, with its interrupts masked until {@link #connect}. */
  SerialPort(@Move IoMem<SerialRegisters> registers) {
    // SAFETY: see above
    this.registers = registers;
    this.registers.write(SerialRegisters.INTERRUPT_MASK, 0);
    this.registers.write(SerialRegisters.INTERRUPT_CLEAR, ALL);
    this.registers.write(SerialRegisters.LINE_CONTROL, EIGHT_BITS | FIFO_ENABLE);
    this.registers.write(SerialRegisters.CONTROL, UART_ENABLE | TRANSMIT_ENABLE | RECEIVE_ENABLE);
  }

  /** From now on {@code to} gets what comes in. */
  void connect(SerialReceiver to) {
    receiver = to;
    setMask(RECEIVE | RECEIVE_TIMEOUT | mask & TRANSMIT);
    // What came before raised its interrupt then, and the constructor cleared it.
    receive();
  }

  /** Woken when the transmit ring has room again. */
  WaitQueue writers() {
    return writers;
  }

  /** The port's interrupt. */
  void interrupt() {
    receive();
    if ((mask & TRANSMIT) != 0) {
      registers.write(SerialRegisters.INTERRUPT_CLEAR, TRANSMIT);
      transmit();
    }
  }

  private void receive() {
    if ((mask & RECEIVE) == 0) {
      return;
    }
    boolean any = false;
    while ((registers.read(SerialRegisters.FLAGS) & RXFE) == 0) {
      if (!receiver.accepts()) {
        setMask(mask & TRANSMIT); // inputWanted() unmasks it again
        break;
      }
      int data = registers.read(SerialRegisters.DATA);
      if ((data & BREAK_ERROR) == 0) {
        receiver.receive(data & DATA);
        any = true;
      }
    }
    if (any) {
      receiver.received();
    }
  }

  @Override
  public void inputWanted() {
    if (receiver != null && (mask & RECEIVE) == 0) {
      setMask(mask | RECEIVE | RECEIVE_TIMEOUT);
    }
  }

  @Override
  public void discardInput() {
    while ((registers.read(SerialRegisters.FLAGS) & RXFE) == 0) {
      registers.read(SerialRegisters.DATA);
    }
  }

  @Override
  public int room() {
    return RING - (head - tail);
  }

  @Override
  public void put(int c) {
    ring[head++ & RING - 1] = (byte) c;
  }

  @Override
  public void flush() {
    if ((mask & TRANSMIT) == 0) {
      transmit();
    }
  }

  @Override
  public int pending() {
    return head - tail;
  }

  @Override
  public void discard() {
    tail = head;
  }

  /** Moves bytes from the ring to the FIFO; the transmit interrupt goes on when that is full. */
  private void transmit() {
    if (transmitting) {
      return; // a receiver that answers transmitReady() with more output
    }
    transmitting = true;
    boolean moved = false;
    boolean again;
    do {
      while (head != tail && (registers.read(SerialRegisters.FLAGS) & TXFF) == 0) {
        registers.write(SerialRegisters.DATA, ring[tail++ & RING - 1] & DATA);
        moved = true;
      }
      boolean wasMasked = (mask & TRANSMIT) == 0;
      setMask(head == tail ? mask & ~TRANSMIT : mask | TRANSMIT);
      // Room that came between the look at TXFF and the unmasking raised no interrupt.
      again = wasMasked && head != tail && (registers.read(SerialRegisters.FLAGS) & TXFF) == 0;
    } while (again);
    transmitting = false;
    if (moved) {
      writers.wakeAll();
      if (receiver != null) {
        receiver.transmitReady();
      }
    }
  }

  private void setMask(int wanted) {
    if (mask != wanted) {
      mask = wanted;
      registers.write(SerialRegisters.INTERRUPT_MASK, wanted);
    }
  }
}
