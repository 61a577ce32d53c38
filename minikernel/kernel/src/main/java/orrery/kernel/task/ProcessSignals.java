package orrery.kernel.task;

import orrery.kernel.abi.Signal;
import orrery.kernel.wait.WaitQueue;

/** A process's part in signals: what waits for any of its threads, and its timers. */
public final class ProcessSignals {
  private final Process process;
  private final PendingSignals pending = new PendingSignals();
  private final WaitQueue arrivals = new WaitQueue();
  private final IntervalTimers intervalTimers = new IntervalTimers(this);
  private final PosixTimers posixTimers = new PosixTimers(this);

  ProcessSignals(Process process) {
    this.process = process;
  }

  Process process() {
    return process;
  }

  /** The signals that wait for any thread of the process. */
  public PendingSignals pending() {
    return pending;
  }

  /** Woken by every signal to the process or one of its threads; for signalfd. */
  public WaitQueue arrivals() {
    return arrivals;
  }

  public IntervalTimers intervalTimers() {
    return intervalTimers;
  }

  public PosixTimers posixTimers() {
    return posixTimers;
  }

  /** The thread to interrupt for {@code signal}; null if none wants it now. */
  Task choose(int signal) {
    for (int i = 0; i < process.threads().size(); i++) {
      Task t = process.threads().get(i);
      if (t.signals().wants(signal)) {
        return t;
      }
    }
    return null;
  }

  /** {@code from} no longer takes {@code signals}: those that wait are for another thread. */
  void retarget(Task from, long signals) {
    long left = pending.set() & signals;
    for (int i = 0; i < process.threads().size() && left != 0; i++) {
      Task t = process.threads().get(i);
      if (t != from && t.state() != Task.State.DEAD && (left & ~t.signals().mask()) != 0) {
        t.signals().interrupt();
        left &= t.signals().mask();
      }
    }
  }

  /** Every thread looks anew at what waits: a stopped one was not told when it came. */
  void recalculate() {
    for (int i = 0; i < process.threads().size(); i++) {
      process.threads().get(i).signals().recalculate();
    }
  }

  /** Forgets what waits of {@code signals}, for the process and for each of its threads. */
  public void forget(long signals) {
    pending.discard(signals);
    for (int i = 0; i < process.threads().size(); i++) {
      process.threads().get(i).signals().pending().discard(signals);
    }
  }

  /** The process has ended. */
  public void discard() {
    intervalTimers.cancel();
    posixTimers.delete();
    pending.discard(-1L);
  }

  /**
   * {@code t}, the only thread left, has begun a new program: handlers, the alternate stack and
   * POSIX timers are gone; the mask, what waits and the interval timers stay. See execve(2).
   */
  public void executed(Task t) {
    SignalHandlers fresh = process.handlers().copy();
    fresh.reset();
    process.handlers(fresh);
    t.signals().disableStack();
    posixTimers.delete();
  }

  /** True if {@code signal}, sent to {@code receiver}, has no effect now or later. */
  boolean ignores(Task receiver, int signal) {
    return !receiver.signals().keeps(signal)
        && signal != Signal.SIGKILL
        && process.handlers().ignores(signal);
  }
}
