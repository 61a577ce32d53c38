package orrery.kernel.tty;

import static orrery.kernel.abi.TermiosFlag.TOSTOP;
import static orrery.kernel.abi.TermiosFlag.VMIN;
import static orrery.kernel.abi.TermiosFlag.VTIME;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.abi.Signal;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.task.ControllingTerminal;
import orrery.kernel.task.Process;
import orrery.kernel.task.ProcessGroup;
import orrery.kernel.task.Session;
import orrery.kernel.task.Signals;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.KernelTimer;
import orrery.kernel.wait.PollTable;
import orrery.kernel.wait.TimerQueue;
import orrery.kernel.wait.WaitQueue;

/**
 * A terminal (Linux: tty_struct with its line discipline): what programs read, write and wait for.
 * Source: Linux {@code drivers/tty/n_tty.c} and {@code tty_io.c}, termios(3).
 */
public final class Terminal implements ControllingTerminal {
  /** One unit of VTIME, in nanoseconds. */
  private static final long TENTH_SECOND = 100_000_000;

  private static final int CHUNK = 256;

  private final String name;
  private final long deviceNumber;
  private final Termios termios = new Termios();
  private final LineDiscipline discipline;
  private final TerminalJobs jobs;
  private final TerminalPort port;
  private final boolean endsWithSession;
  private final TimerQueue timers;
  private final TerminalRequests requests = new TerminalRequests(this);
  private final WindowSize window = new WindowSize();
  private final WaitQueue readers = new WaitQueue();
  private final WaitQueue writers = new WaitQueue();
  private final byte[] line = new byte[InputBuffer.SIZE];
  private final byte[] chunk = new byte[CHUNK];
  private TerminalObserver observer = TerminalObserver.NOBODY;
  private boolean exclusive;
  private boolean gone;
  private int generation;
  private int files;
  private long lastArrival;

  /** Wakes a reader when the pause between two bytes has lasted as long as VTIME says. */
  private final KernelTimer pause =
      new KernelTimer() {
        @Override
        protected void expired() {
          readers.wakeAll();
        }
      };

  private final class Events implements LineDiscipline.Events {
    @Override
    public void signalTyped(LineDiscipline.Signal signal) {
      jobs.signalForeground(
          switch (signal) {
            case INTERRUPT -> Signal.SIGINT;
            case QUIT -> Signal.SIGQUIT;
            case STOP -> Signal.SIGTSTP;
          });
    }

    @Override
    public void flushed() {
      observer.flushed(true, true);
      writers.wakeAll();
    }

    @Override
    public void inputArrived() {
      readers.wakeAll();
    }

    @Override
    public void flowChanged(boolean stopped) {
      observer.flowChanged(stopped);
      if (!stopped) {
        writers.wakeAll();
      }
    }
  }

  /**
   * @param name as under /dev
   * @param deviceNumber as stat(2) shows it
   * @param endsWithSession whether it is hung up when its session's leader ends
   */
  Terminal(
      String name,
      long deviceNumber,
      TerminalPort port,
      boolean endsWithSession,
      Signals signals,
      TimerQueue timers) {
    this.endsWithSession = endsWithSession;
    this.name = name;
    this.deviceNumber = deviceNumber;
    this.port = port;
    this.timers = timers;
    this.jobs = new TerminalJobs(this, signals);
    this.discipline = new LineDiscipline(termios, port, new Events());
  }

  /** The name under /dev. */
  public String name() {
    return name;
  }

  @Override
  public long deviceNumber() {
    return deviceNumber;
  }

  @Override
  public ProcessGroup foreground() {
    return jobs.foreground();
  }

  Termios termios() {
    return termios;
  }

  LineDiscipline discipline() {
    return discipline;
  }

  TerminalJobs jobs() {
    return jobs;
  }

  TerminalPort port() {
    return port;
  }

  TerminalRequests requests() {
    return requests;
  }

  WindowSize window() {
    return window;
  }

  WaitQueue writers() {
    return writers;
  }

  TerminalObserver observer() {
    return observer;
  }

  void observe(TerminalObserver by) {
    observer = by;
  }

  void exclusive(boolean only) {
    exclusive = only;
  }

  boolean isExclusive() {
    return exclusive;
  }

  int generation() {
    return generation;
  }

  /** A program opens the terminal; the answer is its generation. */
  int opened() {
    files++;
    observer.openChanged(files);
    return generation;
  }

  void closed(TerminalFile file) {
    files--;
    if (files == 0) {
      exclusive = false;
    }
    observer.openChanged(files);
  }

  /**
   * Opens the terminal.
   *
   * @param controls whether it may become the caller's controlling terminal
   */
  public OpenFile open(Caller c, Inode node, int flags, boolean controls) {
    if (gone) {
      throw ErrnoException.of(Errno.EIO);
    }
    if (exclusive && c.uid() != 0) {
      throw ErrnoException.of(Errno.EBUSY);
    }
    TerminalFile file = new TerminalFile(node, flags, this);
    if (controls && file.isReadable() && c instanceof Task t) {
      Process p = t.process();
      if (p.isSessionLeader() && p.session().terminal() == null && jobs.session() == null) {
        jobs.take(p);
      }
    }
    return file;
  }

  /** Makes this the controlling terminal of {@code leader}'s session. */
  public void control(Process leader) {
    jobs.take(leader);
  }

  // Input.

  /** Input came in: whether a byte has a place. */
  boolean accepts() {
    return discipline.accepts();
  }

  /** One byte came in at {@code now}, machine time in nanoseconds. */
  void receive(int c, long now) {
    lastArrival = now;
    discipline.receive(c);
  }

  /** One byte that had to wait for a place. */
  void receive(int c) {
    discipline.receive(c);
  }

  long read(Caller c, TerminalFile file, IoBuffer to) {
    if (file.isHungUp()) {
      return 0;
    }
    long refused = jobs.check((Task) c, Signal.SIGTTIN);
    if (refused != 0) {
      return refused;
    }
    int wanted = (int) Math.min(to.remaining(), InputBuffer.SIZE);
    if (wanted == 0) {
      return 0;
    }
    return discipline.isCanonical() ? readLine(c, file, to, wanted) : readRaw(c, file, to, wanted);
  }

  private long readLine(Caller c, TerminalFile file, IoBuffer to, int wanted) {
    if (!discipline.isReadable(1)) {
      return sleepForInput(c, file, 0);
    }
    int n = discipline.input().lineLength(wanted);
    discipline.input().peek(line, n);
    to.put(line, 0, n);
    discipline.input().takeLine(n);
    port.inputWanted();
    return n;
  }

  private long readRaw(Caller c, TerminalFile file, IoBuffer to, int wanted) {
    int available = discipline.input().count();
    int minimum = Math.min(termios.character(VMIN), wanted);
    long time = termios.character(VTIME) * TENTH_SECOND;
    if (available >= Math.max(minimum, 1)) {
      return takeRaw(to, Math.min(available, wanted));
    }
    if (termios.character(VMIN) == 0) {
      c.deadlineOnce(c.now() + time);
      return time == 0 || c.timedOut() ? 0 : sleepForInput(c, file, 0);
    }
    if (available > 0 && time > 0) {
      long end = lastArrival + time;
      if (c.now() >= end) {
        return takeRaw(to, available);
      }
      timers.arm(pause, end);
    }
    if (available > 0 && (!file.waits() || c.signalPending())) {
      return takeRaw(to, available);
    }
    return sleepForInput(c, file, available);
  }

  private long takeRaw(IoBuffer to, int n) {
    discipline.input().peek(line, n);
    to.put(line, 0, n);
    discipline.input().take(n);
    port.inputWanted();
    return n;
  }

  private long sleepForInput(Caller c, TerminalFile file, int available) {
    if (gone) {
      return available == 0 ? 0 : -Errno.EIO;
    }
    return file.waits() ? c.sleepOn(readers) : -Errno.EAGAIN;
  }

  // Output.

  long write(Caller c, TerminalFile file, IoBuffer from) {
    if (file.isHungUp()) {
      return -Errno.EIO;
    }
    if (termios.local(TOSTOP)) {
      long refused = jobs.check((Task) c, Signal.SIGTTOU);
      if (refused != 0) {
        return c.progress() > 0 ? c.progress() : refused;
      }
    }
    while (from.remaining() > 0) {
      int n = (int) Math.min(Math.min(discipline.writeRoom(), from.remaining()), CHUNK);
      if (n == 0) {
        return PartialWrite.wait(c, from, writers, file.waits());
      }
      from.get(chunk, 0, n);
      discipline.write(chunk, n);
    }
    return from.transferred();
  }

  /** The port has room again. */
  void portReady() {
    discipline.portReady();
    writers.wakeAll();
  }

  // Waiting.

  int poll(TerminalFile file, PollTable table) {
    if (file.isHungUp()) {
      return PollEvent.READABLE | PollEvent.WRITABLE | PollEvent.POLLERR | PollEvent.POLLHUP;
    }
    if (table != null) {
      table.add(readers);
      table.add(writers);
    }
    int minimum = termios.character(VTIME) == 0 ? Math.max(termios.character(VMIN), 1) : 1;
    int ready = discipline.isReadable(minimum) ? PollEvent.READABLE : 0;
    if (gone) {
      ready |= PollEvent.POLLHUP;
    }
    return discipline.writeRoom() > 0 ? ready | PollEvent.WRITABLE : ready;
  }

  // Settings, size and the end.

  /** Takes over settings; the line discipline and the master learn of it. */
  void settings(Termios wanted) {
    Termios old = new Termios();
    old.set(termios);
    termios.set(wanted);
    discipline.settingsChanged(old.local);
    observer.settingsChanged(old, termios);
    readers.wakeAll();
    writers.wakeAll();
  }

  /** The window has another size: the group in the foreground learns of it. */
  void resized() {
    jobs.signalForeground(Signal.SIGWINCH);
  }

  /** The window's size in characters; a change is told to the group in the foreground. */
  void resize(int rows, int columns) {
    if (window.set(rows, columns, 0, 0)) {
      resized();
    }
  }

  void flushInput() {
    discipline.flushInput();
    port.discardInput();
    port.inputWanted();
    observer.flushed(true, false);
  }

  void flushOutput() {
    discipline.flushEcho();
    port.discard();
    observer.flushed(false, true);
    writers.wakeAll();
  }

  /**
   * Hangs up (Linux: tty_vhangup): whoever has the terminal open is cut off, and the session's
   * leader gets SIGHUP and SIGCONT.
   */
  void hangUp() {
    generation++;
    jobs.signalLeader(Signal.SIGHUP);
    jobs.signalLeader(Signal.SIGCONT);
    jobs.release();
    discipline.flushInput();
    readers.wakeAll();
    writers.wakeAll();
  }

  /** The other end is gone for good: hangs up, and nobody can open the terminal again. */
  void remove() {
    gone = true;
    hangUp();
  }

  @Override
  public void leaderEnded(Session session) {
    if (session != jobs.session()) {
      return;
    }
    jobs.signalForeground(Signal.SIGHUP);
    if (endsWithSession) {
      hangUp();
    } else {
      jobs.release();
    }
  }
}
