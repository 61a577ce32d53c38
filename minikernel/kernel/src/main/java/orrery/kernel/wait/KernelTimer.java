package orrery.kernel.wait;

/** Something that happens at a time; a node of {@link TimerQueue}, reusable. */
public abstract class KernelTimer {
  /** Machine time in nanoseconds. */
  long deadline;

  /** Place in the heap, -1 when not armed. */
  int index = -1;

  /** The time has come; the timer is no longer armed and may be armed again from here. */
  protected abstract void expired();

  public final boolean isArmed() {
    return index >= 0;
  }

  /** The time it is armed for, machine time in nanoseconds; meaningless if not armed. */
  public final long deadline() {
    return deadline;
  }
}
