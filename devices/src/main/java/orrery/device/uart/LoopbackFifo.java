package orrery.device.uart;

/** The receive FIFO of a UART whose transmitter is wired to its receiver (UARTCR.LBE). */
final class LoopbackFifo {
  private final byte[] bytes = new byte[Pl011Registers.FIFO_DEPTH];
  private int first;
  private int level;

  int level() {
    return level;
  }

  /** Appends a byte unless {@code depth} bytes are there. */
  void offer(int octet, int depth) {
    if (level < depth) {
      bytes[(first + level) % bytes.length] = (byte) octet;
      level++;
    }
  }

  /** The next byte, or -1. */
  int take() {
    if (level == 0) {
      return -1;
    }
    int octet = bytes[first] & 0xff;
    first = (first + 1) % bytes.length;
    level--;
    return octet;
  }
}
