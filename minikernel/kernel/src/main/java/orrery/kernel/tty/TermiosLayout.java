package orrery.kernel.tty;

import orrery.kernel.abi.TermiosFlag;
import orrery.kernel.memory.AddressSpace;

/**
 * Settings in user memory: {@code struct termios} and {@code struct termios2} (Linux {@code
 * include/uapi/asm-generic/termbits.h}).
 */
final class TermiosLayout {
  private static final int IFLAG = 0;
  private static final int OFLAG = 4;
  private static final int CFLAG = 8;
  private static final int LFLAG = 12;
  private static final int LINE = 16;
  private static final int CC = 17;
  private static final int ISPEED = 36;
  private static final int OSPEED = 40;

  /** In CBAUD: the speed is the number in {@code c_ospeed}. */
  private static final int BOTHER = 0x1000;

  private static final int EXTENDED_SPEED = 0x1000;

  /** Speeds of B0 to B38400. */
  private static final int[] SPEEDS = {
    0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400
  };

  /** Speeds of B57600 to B4000000. */
  private static final int[] EXTENDED_SPEEDS = {
    57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000,
    2500000, 3000000, 3500000, 4000000
  };

  private TermiosLayout() {}

  static void write(Termios from, AddressSpace memory, long to, boolean second) {
    memory.writeInt(to + IFLAG, from.input);
    memory.writeInt(to + OFLAG, from.output);
    memory.writeInt(to + CFLAG, from.control);
    memory.writeInt(to + LFLAG, from.local);
    memory.writeByte(to + LINE, (byte) from.line);
    memory.copyOut(from.characters, 0, to + CC, TermiosFlag.NCCS);
    if (second) {
      memory.writeInt(to + ISPEED, from.inputSpeed);
      memory.writeInt(to + OSPEED, from.outputSpeed);
    }
  }

  static void read(Termios to, AddressSpace memory, long from, boolean second) {
    memory.copyIn(from + CC, to.characters, 0, TermiosFlag.NCCS);
    to.input = memory.readInt(from + IFLAG);
    to.output = memory.readInt(from + OFLAG);
    to.control = memory.readInt(from + CFLAG);
    to.local = memory.readInt(from + LFLAG);
    to.line = memory.readByte(from + LINE);
    int baud = to.control & TermiosFlag.CBAUD;
    if (baud == BOTHER) {
      if (second) {
        to.inputSpeed = memory.readInt(from + ISPEED);
        to.outputSpeed = memory.readInt(from + OSPEED);
      }
      return;
    }
    int[] speeds = (baud & EXTENDED_SPEED) == 0 ? SPEEDS : EXTENDED_SPEEDS;
    int place = (baud & EXTENDED_SPEED) == 0 ? baud : (baud & ~EXTENDED_SPEED) - 1;
    to.outputSpeed = speeds[place];
    to.inputSpeed = to.outputSpeed;
  }
}
