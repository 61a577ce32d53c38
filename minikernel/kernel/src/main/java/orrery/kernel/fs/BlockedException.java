package orrery.kernel.fs;

import orrery.kernel.wait.Caller;

/**
 * An operation that returns an object had to sleep: the system call ends with {@link #answer}.
 * Stackless and preallocated.
 */
public final class BlockedException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final BlockedException ASLEEP = new BlockedException(Caller.BLOCKED);

  private final long answer;

  private BlockedException(long answer) {
    super("blocked", null, false, false);
    this.answer = answer;
  }

  /** The exception for what {@link Caller#sleep} answered. */
  public static BlockedException of(long answer) {
    return answer == Caller.BLOCKED ? ASLEEP : new BlockedException(answer);
  }

  /** What the system call returns: {@link Caller#BLOCKED} or -ERESTARTSYS. */
  public long answer() {
    return answer;
  }
}
