package orrery.kernel.fs;

import orrery.kernel.memory.AddressSpace;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.TimerQueue;

/** A thread without a processor: it notes that it sleeps and that it was woken. */
public final class TestCaller extends Caller {
  private final TimerQueue timers;
  private AddressSpace memory;
  private int uid;
  private int gid;
  private boolean asleep;
  private boolean signal;
  private long now;

  public TestCaller(TimerQueue timers) {
    this.timers = timers;
  }

  /** Becomes another user. */
  public TestCaller as(int newUid, int newGid) {
    uid = newUid;
    gid = newGid;
    return this;
  }

  public void memory(AddressSpace m) {
    memory = m;
  }

  public boolean isAsleep() {
    return asleep;
  }

  /** A signal waits from now on, or no more. */
  public void signal(boolean waits) {
    signal = waits;
  }

  public void now(long nanos) {
    now = nanos;
    timers.expire(nanos);
  }

  @Override
  public AddressSpace memory() {
    return memory;
  }

  @Override
  public int uid() {
    return uid;
  }

  @Override
  public int gid() {
    return gid;
  }

  @Override
  public boolean signalPending() {
    return signal;
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  protected TimerQueue timers() {
    return timers;
  }

  @Override
  protected void suspend() {
    asleep = true;
  }

  @Override
  public boolean wake() {
    boolean was = asleep;
    asleep = false;
    return was;
  }
}
