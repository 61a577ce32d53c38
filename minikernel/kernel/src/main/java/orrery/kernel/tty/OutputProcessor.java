package orrery.kernel.tty;

import static orrery.kernel.abi.TermiosFlag.IUTF8;
import static orrery.kernel.abi.TermiosFlag.OCRNL;
import static orrery.kernel.abi.TermiosFlag.OLCUC;
import static orrery.kernel.abi.TermiosFlag.ONLCR;
import static orrery.kernel.abi.TermiosFlag.ONLRET;
import static orrery.kernel.abi.TermiosFlag.ONOCR;
import static orrery.kernel.abi.TermiosFlag.OPOST;
import static orrery.kernel.abi.TermiosFlag.TABDLY;
import static orrery.kernel.abi.TermiosFlag.XTABS;

/**
 * Output processing (OPOST) with the cursor's column, which erasing a tab needs. Follows {@code
 * do_output_char} of Linux's {@code drivers/tty/n_tty.c}.
 */
final class OutputProcessor {
  /** The most bytes that one byte becomes: a tab as spaces. */
  static final int MAX_EXPANSION = 8;

  private static final int TAB_WIDTH = 8;

  /** Takes the bytes that come out. */
  interface Sink {
    void put(int c);
  }

  private final Termios termios;
  private int column;
  private int lineColumn;

  OutputProcessor(Termios termios) {
    this.termios = termios;
  }

  /** Column at which the line being typed began. */
  int lineColumn() {
    return lineColumn;
  }

  /** The line being typed begins at the cursor. */
  void beginLine() {
    lineColumn = column;
  }

  /** The cursor moves left without output processing. */
  void columnBack() {
    if (column > 0) {
      column--;
    }
  }

  /** The cursor moves right by a byte that was put without output processing. */
  void columnForward() {
    column++;
  }

  /** Processes one byte; {@code to} gets up to {@link #MAX_EXPANSION} bytes. */
  void process(int c, Sink to) {
    if (!termios.output(OPOST)) {
      to.put(c);
      return;
    }
    switch (c) {
      case '\n' -> newline(to);
      case '\r' -> carriageReturn(to);
      case '\t' -> tab(to);
      case '\b' -> {
        columnBack();
        to.put(c);
      }
      default -> printable(c, to);
    }
  }

  private void newline(Sink to) {
    if (termios.output(ONLRET)) {
      column = 0;
    }
    if (termios.output(ONLCR)) {
      column = 0;
      lineColumn = 0;
      to.put('\r');
    } else {
      lineColumn = column;
    }
    to.put('\n');
  }

  private void carriageReturn(Sink to) {
    if (termios.output(ONOCR) && column == 0) {
      return;
    }
    if (termios.output(OCRNL)) {
      if (termios.output(ONLRET)) {
        column = 0;
        lineColumn = 0;
      }
      to.put('\n');
      return;
    }
    column = 0;
    lineColumn = 0;
    to.put('\r');
  }

  private void tab(Sink to) {
    int spaces = TAB_WIDTH - column % TAB_WIDTH;
    column += spaces;
    if ((termios.output & TABDLY) != XTABS) {
      to.put('\t');
      return;
    }
    for (int i = 0; i < spaces; i++) {
      to.put(' ');
    }
  }

  private void printable(int c, Sink to) {
    if (!Characters.isControl(c)) {
      if (!Characters.isContinuation(c, termios.input(IUTF8))) {
        column++;
      }
      if (termios.output(OLCUC)) {
        to.put(Characters.toUpper(c));
        return;
      }
    }
    to.put(c);
  }
}
