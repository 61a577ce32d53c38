package orrery.kernel.tty;

import static orrery.kernel.abi.TermiosFlag.B38400;
import static orrery.kernel.abi.TermiosFlag.CREAD;
import static orrery.kernel.abi.TermiosFlag.CS8;
import static orrery.kernel.abi.TermiosFlag.ECHO;
import static orrery.kernel.abi.TermiosFlag.ECHOCTL;
import static orrery.kernel.abi.TermiosFlag.ECHOE;
import static orrery.kernel.abi.TermiosFlag.ECHOK;
import static orrery.kernel.abi.TermiosFlag.ECHOKE;
import static orrery.kernel.abi.TermiosFlag.HUPCL;
import static orrery.kernel.abi.TermiosFlag.ICANON;
import static orrery.kernel.abi.TermiosFlag.ICRNL;
import static orrery.kernel.abi.TermiosFlag.IEXTEN;
import static orrery.kernel.abi.TermiosFlag.ISIG;
import static orrery.kernel.abi.TermiosFlag.IXON;
import static orrery.kernel.abi.TermiosFlag.NCCS;
import static orrery.kernel.abi.TermiosFlag.ONLCR;
import static orrery.kernel.abi.TermiosFlag.OPOST;

/**
 * A terminal's settings as {@code struct ktermios} holds them (Linux {@code
 * include/uapi/asm-generic/termbits.h}); new ones have the kernel's defaults ({@code
 * tty_std_termios}).
 */
final class Termios {
  /** Speed in bits per second of a new terminal. */
  static final int DEFAULT_SPEED = 38400;

  private static final byte[] DEFAULT_CHARACTERS = {
    3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0
  };

  int input = ICRNL | IXON;
  int output = OPOST | ONLCR;
  int control = B38400 | CS8 | CREAD | HUPCL;
  int local = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
  int line;
  final byte[] characters = DEFAULT_CHARACTERS.clone();
  int inputSpeed = DEFAULT_SPEED;
  int outputSpeed = DEFAULT_SPEED;

  /** The control character at {@code place} of {@code c_cc}, 0 to 255. */
  int character(int place) {
    return characters[place] & 0xff;
  }

  boolean input(int flag) {
    return (input & flag) != 0;
  }

  boolean output(int flag) {
    return (output & flag) != 0;
  }

  boolean local(int flag) {
    return (local & flag) != 0;
  }

  void set(Termios from) {
    input = from.input;
    output = from.output;
    control = from.control;
    local = from.local;
    line = from.line;
    inputSpeed = from.inputSpeed;
    outputSpeed = from.outputSpeed;
    System.arraycopy(from.characters, 0, characters, 0, NCCS);
  }
}
