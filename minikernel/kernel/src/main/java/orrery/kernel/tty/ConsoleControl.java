package orrery.kernel.tty;

import orrery.kernel.hw.IoMem;
import orrery.ownership.Move;
import orrery.ownership.Unsafe;

/**
 * Driver of the console control device: the size of the window that shows the console, and the end
 * of what is typed there.
 *
 * <p>Registers (32 bits each): 0x00 status: bit 0 end of input, bit 1 the size changed (written 1
 * to clear); 0x04 columns; 0x08 rows; 0x0c acknowledge: bit 0 the end of input was seen. The
 * interrupt is level-sensitive.
 */
@Unsafe("the device is the kernel's for as long as the machine runs: nothing gives it back")
final class ConsoleControl {
  /** The device tree's name of what this drives. */
  static final String COMPATIBLE = "orrery,console-control";

  private static final int END_OF_INPUT = 1;
  private static final int SIZE_CHANGED = 2;

  /** What the console does about it. */
  interface Events {
    /** The window has another size, in characters; 0 if unknown. */
    void sizeChanged(int rows, int columns);

    /** Nothing more will be typed, and everything typed has left the port's FIFO. */
    void inputEnded();
  }

  private final IoMem<ConsoleControlRegisters> registers;
  private final Events events;

  ConsoleControl(@Move IoMem<ConsoleControlRegisters> registers, Events events) {
    // SAFETY: see above
    this.registers = registers;
    this.events = events;
  }

  int rows() {
    return registers.read(ConsoleControlRegisters.ROWS);
  }

  int columns() {
    return registers.read(ConsoleControlRegisters.COLUMNS);
  }

  /** The device's interrupt. */
  void interrupt() {
    int status = registers.read(ConsoleControlRegisters.STATUS);
    if ((status & SIZE_CHANGED) != 0) {
      registers.clear(ConsoleControlRegisters.STATUS, SIZE_CHANGED);
      events.sizeChanged(rows(), columns());
    }
    if ((status & END_OF_INPUT) != 0) {
      registers.write(ConsoleControlRegisters.ACKNOWLEDGE, END_OF_INPUT);
      events.inputEnded();
    }
  }
}
