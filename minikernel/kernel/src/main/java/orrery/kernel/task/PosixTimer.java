package orrery.kernel.task;

/** One timer of timer_create(2). */
public final class PosixTimer extends CountdownTimer {
  private final int id;
  private final int clock;
  private final Process process;
  private final Signals signals;

  /** The thread to signal, null for the process. */
  private final Task receiver;

  /** Its entry in a queue of signals; null if it signals nobody. */
  private final SignalInfo entry;

  private boolean queued;
  private boolean deleted;
  private int overrun;

  PosixTimer(int id, int clock, Process process, Signals signals, Task receiver, SignalInfo entry) {
    this.id = id;
    this.clock = clock;
    this.process = process;
    this.signals = signals;
    this.receiver = receiver;
    this.entry = entry;
    if (entry != null) {
      entry.timer = this;
    }
  }

  public int id() {
    return id;
  }

  /** The clock it was made for. */
  public int clock() {
    return clock;
  }

  /** Expiries that the last signal stood for beyond its own. */
  public int overrun() {
    return overrun;
  }

  @Override
  protected void fire(long now) {
    if (entry == null) {
      if (interval() == 0) {
        finished();
      } else {
        forward(now);
        armAfter(TICK);
      }
      return;
    }
    if (queued) {
      return; // set anew while its signal waits: that one stands for both
    }
    boolean gone = receiver != null && receiver.state() == Task.State.DEAD;
    entry.overrun(0);
    queued = true;
    if (gone || !signals.sendOwned(process, receiver, entry)) {
      queued = false;
      if (interval() == 0) {
        finished();
      } else {
        forward(now);
        armAfter(TICK);
      }
    } else if (interval() == 0) {
      finished();
    }
  }

  /** Its signal left the queue: it counts what it missed meanwhile and goes on. */
  void dequeued() {
    queued = false;
    overrun = 0;
    if (!deleted && isRunning() && interval() != 0 && !isArmed()) {
      overrun = (int) Math.min(forward(now()), Integer.MAX_VALUE);
      entry.overrun(overrun);
      arm();
    }
  }

  /** The program sets it: from now on a waiting signal is no longer its. */
  public void restart(long at, long every) {
    cancel();
    withdraw();
    overrun = 0;
    set(at, every);
  }

  /** Stops it. */
  public void stop() {
    cancel();
    withdraw();
  }

  void delete() {
    deleted = true;
    stop();
  }

  private void withdraw() {
    if (queued) {
      PendingSignals queue =
          receiver != null ? receiver.signals().pending() : process.signals().pending();
      queue.withdraw(entry);
    }
  }
}
