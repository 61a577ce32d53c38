package orrery.cli.console;

/**
 * Ctrl-A commands of an interactive console: {@code x} quits, {@code h} or {@code ?} explains,
 * {@code a} or Ctrl-A sends one Ctrl-A; before any other key Ctrl-A is passed on. Used by the
 * thread that reads the keys.
 */
final class EscapeKeys implements InputFilter {
  /** What {@code Ctrl-A h} prints; the terminal is raw. */
  static final String HELP =
      "\r\nCtrl-A x  quit\r\nCtrl-A a  send Ctrl-A\r\nCtrl-A h  this help\r\n";

  private static final int CTRL_A = 1;

  private final Runnable quit;
  private final Runnable help;
  private boolean escaped;

  EscapeKeys(Runnable quit, Runnable help) {
    this.quit = quit;
    this.help = help;
  }

  @Override
  public int filter(int octet) {
    if (!escaped) {
      escaped = octet == CTRL_A;
      return escaped ? NOTHING : octet;
    }
    escaped = false;
    switch (octet) {
      case 'x', 'X' -> {
        quit.run();
        return NOTHING;
      }
      case 'h', '?' -> {
        help.run();
        return NOTHING;
      }
      case 'a', CTRL_A -> {
        return CTRL_A;
      }
      default -> {
        return PAIR | CTRL_A << 8 | octet;
      }
    }
  }
}
