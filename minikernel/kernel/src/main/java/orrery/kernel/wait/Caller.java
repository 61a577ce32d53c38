package orrery.kernel.wait;

import java.util.Arrays;
import orrery.kernel.abi.Errno;
import orrery.kernel.memory.AddressSpace;

/**
 * A thread in a system call, as the rooms below the task layer see it: it has memory and
 * credentials, and it can sleep. A call that sleeps is made again from its start when the thread is
 * woken; {@link #progress} and {@link #deadline} survive from one attempt to the next.
 */
public abstract class Caller implements PollTable {
  /** What a call returns when its caller sleeps and the call is to be made again. */
  public static final long BLOCKED = Long.MIN_VALUE;

  /** A deadline that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  private Place[] places = {new Place(this)};
  private int placesUsed;
  private boolean restarted;
  private long deadline = NEVER;
  private long progress;
  private boolean attempting;
  private long outerDeadline;
  private Unfinished unfinished;

  private final KernelTimer alarm =
      new KernelTimer() {
        @Override
        protected void expired() {
          wake();
        }
      };

  /** A caller's place in one of the queues that it waits on. */
  private static final class Place extends Waiter {
    private final Caller caller;

    Place(Caller caller) {
      this.caller = caller;
    }

    @Override
    protected boolean woken() {
      return caller.wake();
    }
  }

  /** The address space that the call's pointers point into. */
  public abstract AddressSpace memory();

  /** Effective user id for permission checks. */
  public abstract int uid();

  /** Effective group id for permission checks. */
  public abstract int gid();

  /** Whether group {@code group} is one of the caller's. */
  public boolean isMember(int group) {
    return group == gid();
  }

  /** True if a signal waits that would end or interrupt a sleep. */
  public abstract boolean signalPending();

  /** Machine time in nanoseconds. */
  public abstract long now();

  /** The kernel's timers. */
  protected abstract TimerQueue timers();

  /** Takes the thread off the processor until {@link #wake}. */
  protected abstract void suspend();

  /** Makes a sleeping thread runnable; false if it was not asleep. */
  public abstract boolean wake();

  /** A new call begins: forgets what the last one remembered. */
  public final void beginCall() {
    restarted = false;
    deadline = NEVER;
    progress = 0;
    unfinished = null;
  }

  /** What an earlier attempt of this call began and left unfinished; null if nothing. */
  public final Unfinished unfinished() {
    return unfinished;
  }

  /** Keeps what this attempt began for the next one; null if nothing is left. */
  public final void unfinished(Unfinished what) {
    unfinished = what;
  }

  /** The call is never made again: its thread ends, or a deadly signal has come. */
  public final void abandonCall() {
    Unfinished left = unfinished;
    unfinished = null;
    if (left != null) {
      left.abandoned();
    }
  }

  /** The call is made again after a sleep: leaves the queues and the timer it slept on. */
  public final void resumeCall() {
    restarted = true;
    endSleep();
  }

  /** Leaves every queue and the timer; for a thread that ends while it sleeps. */
  public final void endSleep() {
    for (int i = 0; i < placesUsed; i++) {
      places[i].leave();
    }
    placesUsed = 0;
    timers().cancel(alarm);
  }

  /** True if this is not the call's first attempt. */
  public final boolean restarted() {
    return restarted;
  }

  /** How far earlier attempts of this call got (bytes, as a rule); 0 at first. */
  public final long progress() {
    return progress;
  }

  public final void progress(long done) {
    progress = done;
  }

  /** The call's deadline in machine time, {@link #NEVER} if none was set. */
  public final long deadline() {
    return deadline;
  }

  /**
   * Sets the call's deadline at its first attempt; later attempts keep the first one's.
   *
   * @param nanos machine time; see {@link #now}
   */
  public final void deadlineOnce(long nanos) {
    if (!restarted) {
      deadline = nanos;
    }
  }

  /** True if the call's deadline has come. */
  public final boolean timedOut() {
    return deadline != NEVER && now() >= deadline;
  }

  /** Waits on {@code queue} too at the next {@link #sleep}. */
  @Override
  public final void add(WaitQueue queue) {
    if (placesUsed == places.length) {
      int n = places.length;
      places = Arrays.copyOf(places, n * 2);
      for (int i = n; i < places.length; i++) {
        places[i] = new Place(this);
      }
    }
    places[placesUsed++].join(queue);
  }

  /** Leaves the queues joined since the call began; for a poll that found something after all. */
  public final void forgetQueues() {
    for (int i = 0; i < placesUsed; i++) {
      places[i].leave();
    }
    placesUsed = 0;
  }

  /**
   * Begins an operation within the call that must not sleep: what would sleep answers {@code
   * -EAGAIN} instead. Progress starts at 0.
   */
  public final void beginAttempt() {
    attempting = true;
    outerDeadline = deadline;
    deadline = NEVER;
    progress = 0;
  }

  /** Ends a {@link #beginAttempt}: of what was begun and not finished nothing is left. */
  public final void endAttempt() {
    attempting = false;
    deadline = outerDeadline;
    progress = 0;
    abandonCall();
  }

  private long refuse() {
    forgetQueues();
    return -Errno.EAGAIN;
  }

  /** As {@link #sleep} on one queue. */
  public final long sleepOn(WaitQueue queue) {
    add(queue);
    return sleep();
  }

  /**
   * Sleeps until a joined queue wakes, the call's deadline comes or a signal arrives. The call
   * returns what this returns: {@link #BLOCKED}, or {@code -ERESTARTSYS} if a signal waits.
   */
  public final long sleep() {
    return sleep(Errno.ERESTARTSYS);
  }

  /**
   * Sleeps on {@code queue} whatever signals come; a signal wakes, and the call sleeps again.
   *
   * @return {@link #BLOCKED}
   */
  public final long sleepThroughSignals(WaitQueue queue) {
    if (attempting) {
      return refuse();
    }
    add(queue);
    suspend();
    return BLOCKED;
  }

  /** As {@link #sleep()}, with {@code -interrupted} as the answer if a signal waits. */
  public final long sleep(int interrupted) {
    if (attempting) {
      return refuse();
    }
    if (signalPending()) {
      forgetQueues();
      return -interrupted;
    }
    if (deadline != NEVER) {
      timers().arm(alarm, deadline);
    }
    suspend();
    return BLOCKED;
  }
}
