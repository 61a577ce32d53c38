package orrery.device.console;

/** Registers of the console-control device: words. */
final class ConsoleControlRegisters {
  /** Read: what happened. Write: a one clears {@link #STATUS_SIZE_CHANGED}. */
  static final int STATUS = 0x00;

  /** Read-only: the terminal's width in characters, 0 if unknown. */
  static final int COLUMNS = 0x04;

  /** Read-only: the terminal's height in characters, 0 if unknown. */
  static final int ROWS = 0x08;

  /** Write: a one in the place of {@link #STATUS_INPUT_ENDED} stops its interrupt. */
  static final int ACKNOWLEDGE = 0x0c;

  static final int REGISTERS_SIZE = 0x1000;

  /** No more input will come, and all there was has been read from the UART. Stays set. */
  static final int STATUS_INPUT_ENDED = 1;

  /** The terminal's size is not what it was. */
  static final int STATUS_SIZE_CHANGED = 1 << 1;

  private ConsoleControlRegisters() {}
}
