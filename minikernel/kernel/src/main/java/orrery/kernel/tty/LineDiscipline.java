package orrery.kernel.tty;

import static orrery.kernel.abi.TermiosFlag.DISABLED;
import static orrery.kernel.abi.TermiosFlag.ECHO;
import static orrery.kernel.abi.TermiosFlag.ECHOCTL;
import static orrery.kernel.abi.TermiosFlag.ECHOE;
import static orrery.kernel.abi.TermiosFlag.ECHOK;
import static orrery.kernel.abi.TermiosFlag.ECHOKE;
import static orrery.kernel.abi.TermiosFlag.ECHONL;
import static orrery.kernel.abi.TermiosFlag.ECHOPRT;
import static orrery.kernel.abi.TermiosFlag.EXTPROC;
import static orrery.kernel.abi.TermiosFlag.ICANON;
import static orrery.kernel.abi.TermiosFlag.ICRNL;
import static orrery.kernel.abi.TermiosFlag.IEXTEN;
import static orrery.kernel.abi.TermiosFlag.IGNCR;
import static orrery.kernel.abi.TermiosFlag.INLCR;
import static orrery.kernel.abi.TermiosFlag.ISIG;
import static orrery.kernel.abi.TermiosFlag.ISTRIP;
import static orrery.kernel.abi.TermiosFlag.IUCLC;
import static orrery.kernel.abi.TermiosFlag.IUTF8;
import static orrery.kernel.abi.TermiosFlag.IXANY;
import static orrery.kernel.abi.TermiosFlag.IXON;
import static orrery.kernel.abi.TermiosFlag.NOFLSH;
import static orrery.kernel.abi.TermiosFlag.VEOF;
import static orrery.kernel.abi.TermiosFlag.VEOL;
import static orrery.kernel.abi.TermiosFlag.VEOL2;
import static orrery.kernel.abi.TermiosFlag.VERASE;
import static orrery.kernel.abi.TermiosFlag.VINTR;
import static orrery.kernel.abi.TermiosFlag.VKILL;
import static orrery.kernel.abi.TermiosFlag.VLNEXT;
import static orrery.kernel.abi.TermiosFlag.VQUIT;
import static orrery.kernel.abi.TermiosFlag.VREPRINT;
import static orrery.kernel.abi.TermiosFlag.VSTART;
import static orrery.kernel.abi.TermiosFlag.VSTOP;
import static orrery.kernel.abi.TermiosFlag.VSUSP;
import static orrery.kernel.abi.TermiosFlag.VWERASE;

/**
 * The terminal line discipline: bytes typed become edited lines, echoes and signals; bytes written
 * become output. A state machine that knows nothing of programs. Follows Linux's {@code
 * drivers/tty/n_tty.c}; differences: no parity marks (PARMRK) and no printing-terminal erase
 * (ECHOPRT), since no port here has parity errors or paper.
 */
final class LineDiscipline {
  /** What the line discipline asks of the terminal it serves. */
  interface Events {
    /** A signal key was typed: the foreground process group gets {@code signal}. */
    void signalTyped(Signal signal);

    /** A signal key throws away output that has not left and input that was not read. */
    void flushed();

    /** Readers may find something now. */
    void inputArrived();

    /** Output was stopped or started by key. */
    void flowChanged(boolean stopped);
  }

  /** Signals that keys send. */
  enum Signal {
    INTERRUPT,
    QUIT,
    STOP
  }

  private static final int CASE_BIT = 0x40;

  private final Termios termios;
  private final Events events;
  private final InputBuffer input = new InputBuffer();
  private final OutputProcessor output;
  private final TerminalPort port;
  private final EchoBuffer echo;
  private boolean literal;
  private boolean stopped;
  private boolean stoppedByRequest;

  LineDiscipline(Termios termios, TerminalPort port, Events events) {
    this.termios = termios;
    this.events = events;
    this.port = port;
    this.output = new OutputProcessor(termios);
    this.echo = new EchoBuffer(port);
  }

  InputBuffer input() {
    return input;
  }

  /** True while output is stopped by key or by request. */
  boolean isStopped() {
    return stopped;
  }

  /**
   * True if {@link #receive} has a place for a byte. A line too long for the buffer is accepted
   * still, so that its end or a signal key gets through; its bytes beyond 4095 are lost.
   */
  boolean accepts() {
    return input.count() < InputBuffer.SIZE - 1 || isCanonical() && input.finishedCount() == 0;
  }

  boolean isCanonical() {
    return termios.local(ICANON) && !termios.local(EXTPROC);
  }

  /** True if a program may read: a line, or at least {@code minimum} bytes in raw mode. */
  boolean isReadable(int minimum) {
    return isCanonical() ? input.finishedCount() > 0 : input.count() >= minimum;
  }

  /** One byte was typed. */
  void receive(int typed) {
    if (input.count() == InputBuffer.SIZE) {
      input.truncate(1);
    }
    int c = typed;
    if (termios.input(ISTRIP)) {
      c &= 0x7f;
    }
    if (termios.input(IUCLC) && termios.local(IEXTEN)) {
      c = Characters.toLower(c);
    }
    if (termios.local(EXTPROC)) {
      input.put(c);
      events.inputArrived();
    } else if (literal) {
      literal = false;
      receivePlain(c);
    } else if (!receiveControl(c)) {
      receiveMapped(c);
    }
    port.flush();
  }

  /** Flow and signal keys; true if {@code c} was one. */
  private boolean receiveControl(int c) {
    if (termios.input(IXON)) {
      if (is(VSTART, c)) {
        start();
        return true;
      }
      if (is(VSTOP, c)) {
        stop();
        return true;
      }
    }
    if (termios.local(ISIG)) {
      if (is(VINTR, c)) {
        return signal(Signal.INTERRUPT, c);
      }
      if (is(VQUIT, c)) {
        return signal(Signal.QUIT, c);
      }
      if (is(VSUSP, c)) {
        return signal(Signal.STOP, c);
      }
    }
    if (stopped && termios.input(IXON) && termios.input(IXANY)) {
      start();
    }
    return false;
  }

  private boolean signal(Signal signal, int c) {
    if (!termios.local(NOFLSH)) {
      echo.clear();
      port.discard();
      flushInput();
      events.flushed();
    }
    if (termios.input(IXON)) {
      start();
    }
    if (termios.local(ECHO)) {
      echoTyped(c);
    }
    events.signalTyped(signal);
    return true;
  }

  private void receiveMapped(int typed) {
    int c = typed;
    if (c == '\r') {
      if (termios.input(IGNCR)) {
        return;
      }
      if (termios.input(ICRNL)) {
        c = '\n';
      }
    } else if (c == '\n' && termios.input(INLCR)) {
      c = '\r';
    }
    if (isCanonical() && receiveEditing(c)) {
      return;
    }
    if (c == '\n' && typed == '\r' && termios.local(ECHO)) {
      output.process('\n', echo); // a newline made of a return is one, a typed one shows as ^J
      keep(c);
    } else {
      receivePlain(c);
    }
  }

  /** Keys with a meaning in canonical mode; true if {@code c} was one. */
  private boolean receiveEditing(int c) {
    boolean extended = termios.local(IEXTEN);
    if (is(VERASE, c)) {
      erase(Erase.CHARACTER);
    } else if (is(VKILL, c)) {
      kill();
    } else if (is(VWERASE, c) && extended) {
      erase(Erase.WORD);
    } else if (is(VLNEXT, c) && extended) {
      literalNext();
    } else if (is(VREPRINT, c) && extended && termios.local(ECHO)) {
      reprint();
    } else if (c == '\n') {
      if (termios.local(ECHO) || termios.local(ECHONL)) {
        output.process('\n', echo);
      }
      input.putLineEnd(c);
      events.inputArrived();
    } else if (is(VEOF, c)) {
      input.putEndOfFile();
      events.inputArrived();
    } else if (is(VEOL, c) || is(VEOL2, c) && extended) {
      if (termios.local(ECHO)) {
        echoFirst();
        echoTyped(c);
      }
      input.putLineEnd(c);
      events.inputArrived();
    } else {
      return false;
    }
    return true;
  }

  /** A byte without a meaning of its own. */
  private void receivePlain(int c) {
    if (termios.local(ECHO)) {
      echoFirst();
      echoTyped(c);
    }
    keep(c);
  }

  private void keep(int c) {
    input.put(c);
    if (!isCanonical()) {
      events.inputArrived();
    }
  }

  private boolean is(int place, int c) {
    return c == termios.character(place) && c != DISABLED;
  }

  private void literalNext() {
    literal = true;
    if (termios.local(ECHO) && termios.local(ECHOCTL)) {
      output.process('^', echo);
      output.process('\b', echo);
    }
  }

  private void reprint() {
    echoTyped(termios.character(VREPRINT));
    output.process('\n', echo);
    for (int i = 0; i < input.unfinishedCount(); i++) {
      echoTyped(input.unfinished(i));
    }
  }

  /** The first byte of a line marks the column that erasing a tab counts from. */
  private void echoFirst() {
    if (input.unfinishedCount() == 0) {
      output.beginLine();
    }
  }

  /** Echoes a byte, a control character as ^X if so set. */
  private void echoTyped(int c) {
    if (termios.local(ECHOCTL) && Characters.isControl(c) && c != '\t') {
      echo.put('^');
      echo.put(c ^ CASE_BIT);
      output.columnForward();
      output.columnForward();
    } else {
      output.process(c, echo);
    }
  }

  private void kill() {
    boolean visibly = termios.local(ECHOK) && termios.local(ECHOKE) && termios.local(ECHOE);
    if (input.unfinishedCount() == 0) {
      return;
    }
    if (termios.local(ECHO) && visibly) {
      erase(Erase.LINE);
      return;
    }
    input.truncate(input.unfinishedCount());
    if (termios.local(ECHO)) {
      echoTyped(termios.character(VKILL));
      if (termios.local(ECHOK)) {
        output.process('\n', echo);
      }
    }
  }

  private enum Erase {
    CHARACTER,
    WORD,
    LINE
  }

  private void erase(Erase what) {
    boolean inWord = false;
    while (input.unfinishedCount() > 0) {
      int length = lastCharacterLength();
      if (length == 0) {
        return;
      }
      int c = input.unfinished(input.unfinishedCount() - length);
      if (what == Erase.WORD) {
        if (Characters.isLetterOrDigit(c) || c == '_') {
          inWord = true;
        } else if (inWord) {
          return;
        }
      }
      input.truncate(length);
      if (termios.local(ECHO)) {
        echoErase(what, c);
      }
      if (what == Erase.CHARACTER) {
        return;
      }
    }
  }

  /** Bytes of the last character; 0 if only the middle of a UTF-8 sequence is there. */
  private int lastCharacterLength() {
    boolean utf8 = termios.input(IUTF8);
    int count = input.unfinishedCount();
    for (int length = 1; length <= count; length++) {
      if (!Characters.isContinuation(input.unfinished(count - length), utf8)) {
        return length;
      }
    }
    return 0;
  }

  private void echoErase(Erase what, int c) {
    if (what == Erase.CHARACTER && !termios.local(ECHOE) && !termios.local(ECHOPRT)) {
      echoTyped(termios.character(VERASE));
    } else if (c == '\t') {
      echoEraseTab();
    } else {
      if (Characters.isControl(c) && termios.local(ECHOCTL)) {
        echoBackspace();
      }
      if (!Characters.isControl(c) || termios.local(ECHOCTL)) {
        echoBackspace();
      }
    }
  }

  private void echoBackspace() {
    output.process('\b', echo);
    output.process(' ', echo);
    output.process('\b', echo);
  }

  private void echoEraseTab() {
    boolean afterTab = false;
    int columns = 0;
    for (int i = input.unfinishedCount() - 1; i >= 0; i--) {
      int c = input.unfinished(i);
      if (c == '\t') {
        afterTab = true;
        break;
      }
      if (Characters.isControl(c)) {
        columns += termios.local(ECHOCTL) ? 2 : 0;
      } else if (!Characters.isContinuation(c, termios.input(IUTF8))) {
        columns++;
      }
    }
    if (!afterTab) {
      columns += output.lineColumn();
    }
    for (int i = 8 - columns % 8; i > 0; i--) {
      echo.put('\b');
      output.columnBack();
    }
  }

  /** Stops output until {@link #startByRequest}, whatever is typed (TCOOFF). */
  void stopByRequest() {
    stoppedByRequest = true;
    stop();
  }

  /** Starts output again (TCOON). */
  void startByRequest() {
    stoppedByRequest = false;
    start();
  }

  private void stop() {
    if (!stopped) {
      stopped = true;
      echo.hold(true);
      events.flowChanged(true);
    }
  }

  private void start() {
    if (stopped && !stoppedByRequest) {
      stopped = false;
      echo.hold(false);
      events.flowChanged(false);
    }
  }

  /** Bytes of a program's output that {@link #write} takes now without losing any. */
  int writeRoom() {
    if (stopped || !echo.isEmpty()) {
      return 0;
    }
    return port.room() / OutputProcessor.MAX_EXPANSION;
  }

  /** A program wrote {@code n} bytes, no more than {@link #writeRoom}. */
  void write(byte[] bytes, int n) {
    for (int i = 0; i < n; i++) {
      output.process(bytes[i] & 0xff, port);
    }
    port.flush();
  }

  /** The port has room again: echoes that waited go first. */
  void portReady() {
    echo.drain();
  }

  void flushInput() {
    input.clear();
    literal = false;
  }

  void flushEcho() {
    echo.clear();
  }

  /** The settings changed from {@code oldLocal}. */
  void settingsChanged(int oldLocal) {
    if (((oldLocal ^ termios.local) & (ICANON | EXTPROC)) != 0) {
      if (isCanonical()) {
        input.finishAll();
      } else {
        input.unfinishAll();
      }
      literal = false;
    }
    if (stopped && !termios.input(IXON)) {
      start();
    }
  }
}
