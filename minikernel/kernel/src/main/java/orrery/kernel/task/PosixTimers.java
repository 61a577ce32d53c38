package orrery.kernel.task;

import java.util.Arrays;
import orrery.kernel.abi.SigInfo;

/** A process's timers of timer_create(2), by number. */
public final class PosixTimers {
  /** No process has more, whatever its limit on pending signals says. */
  private static final int MAXIMUM = 4096;

  private static final PosixTimer[] NONE = {};

  private final ProcessSignals owner;
  private PosixTimer[] timers = NONE;

  PosixTimers(ProcessSignals owner) {
    this.owner = owner;
  }

  /** Timer {@code id}, null if there is none. */
  public PosixTimer timer(int id) {
    return id >= 0 && id < timers.length ? timers[id] : null;
  }

  /**
   * Makes a timer.
   *
   * @param t the calling thread
   * @param clock the clock, for the program
   * @param base what it counts
   * @param signal the signal to send, 0 for none
   * @param value comes with the signal
   * @param valueIsId whether the timer's own number comes with the signal instead
   * @param receiver the thread to signal, null for the process
   * @return null if there are too many
   */
  public PosixTimer create(
      Task t,
      Signals signals,
      int clock,
      CountdownTimer.Base base,
      int signal,
      long value,
      boolean valueIsId,
      Task receiver) {
    int id = freeId();
    if (id < 0) {
      return null;
    }
    SignalInfo entry = null;
    if (signal != 0) {
      entry = new SignalInfo();
      entry.set(signal, 0, SigInfo.SI_TIMER, id, valueIsId ? id : value, 0, 0);
    }
    PosixTimer timer = new PosixTimer(id, clock, owner.process(), signals, receiver, entry);
    timer.base(base, t);
    timers[id] = timer;
    return timer;
  }

  private int freeId() {
    for (int i = 0; i < timers.length; i++) {
      if (timers[i] == null) {
        return i;
      }
    }
    if (timers.length >= MAXIMUM
        || owner.process().limits().exceeds(Limits.SIGPENDING, timers.length + 1L)) {
      return -1;
    }
    int id = timers.length;
    timers = Arrays.copyOf(timers, Math.max(4, id * 2));
    return id;
  }

  /** Deletes timer {@code id}; false if there is none. */
  public boolean delete(int id) {
    PosixTimer timer = timer(id);
    if (timer == null) {
      return false;
    }
    timer.delete();
    timers[id] = null;
    return true;
  }

  /** Deletes all. */
  void delete() {
    for (PosixTimer timer : timers) {
      if (timer != null) {
        timer.delete();
      }
    }
    timers = NONE;
  }
}
