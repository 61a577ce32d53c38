package orrery.kernel.tty;

import static orrery.kernel.abi.TerminalIoctl.TIOCPKT_DOSTOP;
import static orrery.kernel.abi.TerminalIoctl.TIOCPKT_FLUSHREAD;
import static orrery.kernel.abi.TerminalIoctl.TIOCPKT_FLUSHWRITE;
import static orrery.kernel.abi.TerminalIoctl.TIOCPKT_IOCTL;
import static orrery.kernel.abi.TerminalIoctl.TIOCPKT_NOSTOP;
import static orrery.kernel.abi.TerminalIoctl.TIOCPKT_START;
import static orrery.kernel.abi.TerminalIoctl.TIOCPKT_STOP;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.abi.TermiosFlag;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.task.Signals;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;
import orrery.kernel.wait.TimerQueue;
import orrery.kernel.wait.WaitQueue;

/**
 * A pair of a master and a terminal: what is written to one end is typed at or shown on the other.
 * Source: Linux {@code drivers/tty/pty.c}, pty(7), ioctl_tty(2).
 */
final class PseudoTerminal implements TerminalPort, TerminalObserver {
  /** Major number of the terminals. */
  static final int SLAVE_MAJOR = 136;

  /** What a master has read already, so to say, when a signal key throws output away. */
  private static final int BEYOND_FLUSH = 4095;

  private static final int CHUNK = 1024;
  private static final int XON = 17;
  private static final int XOFF = 19;

  private final int index;
  private final Terminal terminal;
  private final ByteRing typed = new ByteRing();
  private final ByteRing shown = new ByteRing();
  private final WaitQueue readers = new WaitQueue();
  private final WaitQueue writers = new WaitQueue();
  private final byte[] chunk = new byte[CHUNK];
  private boolean locked = true;
  private boolean packets;
  private int status;
  private boolean slaveClosed;
  private boolean masterClosed;

  PseudoTerminal(int index, long deviceNumber, Signals signals, TimerQueue timers) {
    this.index = index;
    terminal = new Terminal("pts/" + index, deviceNumber, this, false, signals, timers);
    terminal.termios().control &= ~TermiosFlag.HUPCL;
    terminal.observe(this);
  }

  int index() {
    return index;
  }

  Terminal terminal() {
    return terminal;
  }

  boolean isLocked() {
    return locked;
  }

  void lock(boolean on) {
    locked = on;
  }

  boolean inPacketMode() {
    return packets;
  }

  void packetMode(boolean on) {
    if (on != packets) {
      status = 0;
    }
    packets = on;
  }

  // The master's end.

  long readMaster(Caller c, IoBuffer to, boolean mayWait) {
    if (to.remaining() == 0) {
      return 0;
    }
    if (packets && status != 0) {
      to.putByte((byte) status);
      status = 0;
      return 1;
    }
    if (shown.size() == 0) {
      if (slaveClosed) {
        return -Errno.EIO;
      }
      return mayWait ? c.sleepOn(readers) : -Errno.EAGAIN;
    }
    if (packets) {
      to.putByte((byte) 0);
    }
    int n = 0;
    while (to.remaining() > 0 && shown.size() > 0) {
      int part = (int) Math.min(Math.min(shown.size(), to.remaining()), CHUNK);
      shown.peek(chunk, part);
      to.put(chunk, 0, part);
      shown.skip(part);
      n += part;
    }
    terminal.portReady();
    return packets ? n + 1 : n;
  }

  long writeMaster(Caller c, IoBuffer from, boolean mayWait) {
    while (from.remaining() > 0) {
      int n = (int) Math.min(Math.min(typed.room(), from.remaining()), CHUNK);
      if (n == 0) {
        return PartialWrite.wait(c, from, writers, mayWait);
      }
      from.get(chunk, 0, n);
      for (int i = 0; i < n; i++) {
        type(chunk[i] & 0xff, c.now());
      }
    }
    return from.transferred();
  }

  private void type(int c, long now) {
    if (typed.size() == 0 && terminal.accepts()) {
      terminal.receive(c, now);
    } else {
      typed.put(c);
    }
  }

  int pollMaster(PollTable table) {
    if (table != null) {
      table.add(readers);
      table.add(writers);
    }
    int ready = typed.room() > 0 ? PollEvent.WRITABLE : 0;
    if (shown.size() > 0) {
      ready |= PollEvent.READABLE;
    }
    if (packets && status != 0) {
      ready |= PollEvent.READABLE | PollEvent.POLLPRI;
    }
    return slaveClosed ? ready | PollEvent.POLLHUP : ready;
  }

  /** Bytes that the master can read. */
  int shownSize() {
    return shown.size();
  }

  /** The master is closed: the terminal is hung up and gone. */
  void closeMaster() {
    masterClosed = true;
    shown.release();
    typed.release();
    terminal.remove();
  }

  // The terminal's port.

  @Override
  public int room() {
    return masterClosed ? 0 : shown.room();
  }

  @Override
  public void put(int c) {
    shown.put(c);
  }

  @Override
  public void flush() {
    if (shown.size() > 0) {
      readers.wakeAll();
    }
  }

  @Override
  public int pending() {
    return 0;
  }

  @Override
  public void discard() {
    shown.truncate(BEYOND_FLUSH);
  }

  @Override
  public void inputWanted() {
    while (typed.size() > 0 && terminal.accepts()) {
      terminal.receive(typed.take());
    }
    writers.wakeAll();
  }

  @Override
  public void discardInput() {
    typed.truncate(0);
    writers.wakeAll();
  }

  // What becomes of the terminal.

  @Override
  public void flushed(boolean input, boolean output) {
    tell(input ? TIOCPKT_FLUSHREAD : 0);
    tell(output ? TIOCPKT_FLUSHWRITE : 0);
  }

  @Override
  public void flowChanged(boolean stopped) {
    status &= ~(TIOCPKT_STOP | TIOCPKT_START);
    tell(stopped ? TIOCPKT_STOP : TIOCPKT_START);
  }

  @Override
  public void settingsChanged(Termios old, Termios now) {
    boolean stopsByKey = stopsByKey(now);
    if (stopsByKey != stopsByKey(old)) {
      status &= ~(TIOCPKT_DOSTOP | TIOCPKT_NOSTOP);
      tell(stopsByKey ? TIOCPKT_DOSTOP : TIOCPKT_NOSTOP);
    }
    if (old.local(TermiosFlag.EXTPROC) || now.local(TermiosFlag.EXTPROC)) {
      tell(TIOCPKT_IOCTL);
    }
  }

  private static boolean stopsByKey(Termios t) {
    return t.input(TermiosFlag.IXON)
        && t.character(TermiosFlag.VSTOP) == XOFF
        && t.character(TermiosFlag.VSTART) == XON;
  }

  private void tell(int bits) {
    if (packets && bits != 0) {
      status |= bits;
      readers.wakeAll();
    }
  }

  @Override
  public void openChanged(int files) {
    slaveClosed = files == 0;
    if (slaveClosed) {
      readers.wakeAll();
    }
  }
}
