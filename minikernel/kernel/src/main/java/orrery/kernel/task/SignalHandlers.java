package orrery.kernel.task;

import orrery.kernel.abi.Signal;

/**
 * What a process wants done with each signal: the 64 actions of sigaction(2). Shared by threads and
 * by CLONE_SIGHAND, copied by fork, reset by exec.
 */
public final class SignalHandlers {
  private final long[] handler = new long[Signal.MAX + 1];
  private final long[] mask = new long[Signal.MAX + 1];
  private final long[] restorer = new long[Signal.MAX + 1];
  private final int[] flags = new int[Signal.MAX + 1];

  /** Every action is the default one. */
  public SignalHandlers() {}

  /** The same actions, from now on independent; for fork. */
  public SignalHandlers copy() {
    SignalHandlers copy = new SignalHandlers();
    System.arraycopy(handler, 0, copy.handler, 0, handler.length);
    System.arraycopy(mask, 0, copy.mask, 0, mask.length);
    System.arraycopy(restorer, 0, copy.restorer, 0, restorer.length);
    System.arraycopy(flags, 0, copy.flags, 0, flags.length);
    return copy;
  }

  /** What was caught becomes the default, what was ignored stays so; for execve. */
  public void reset() {
    for (int s = 1; s <= Signal.MAX; s++) {
      if (handler[s] != Signal.SIG_IGN) {
        handler[s] = Signal.SIG_DFL;
      }
      mask[s] = 0;
      restorer[s] = 0;
      flags[s] = 0;
    }
  }

  /** SIG_DFL, SIG_IGN or the address of the handler. */
  public long handler(int signal) {
    return handler[signal];
  }

  /** Signals blocked while the handler runs. */
  public long mask(int signal) {
    return mask[signal];
  }

  /** The SA_ bits of {@link Signal}. */
  public int flags(int signal) {
    return flags[signal];
  }

  /** Where the handler returns to if SA_RESTORER is set. */
  public long restorer(int signal) {
    return restorer[signal];
  }

  public boolean flag(int signal, int flag) {
    return (flags[signal] & flag) != 0;
  }

  public void set(int signal, long newHandler, int newFlags, long newRestorer, long newMask) {
    handler[signal] = newHandler;
    flags[signal] = newFlags;
    restorer[signal] = newRestorer;
    mask[signal] = newMask & ~Signal.UNBLOCKABLE;
  }

  /** Back to the default action. */
  public void reset(int signal) {
    handler[signal] = Signal.SIG_DFL;
  }

  /** True if a signal that arrives does nothing at all: ignored, or by default without effect. */
  public boolean ignores(int signal) {
    return handler[signal] == Signal.SIG_IGN
        || handler[signal] == Signal.SIG_DFL && Signal.in(Signal.IGNORED_BY_DEFAULT, signal);
  }

  /** True if children that end are not to become zombies: SA_NOCLDWAIT, or SIGCHLD ignored. */
  public boolean discardsChildren() {
    return handler[Signal.SIGCHLD] == Signal.SIG_IGN || flag(Signal.SIGCHLD, Signal.SA_NOCLDWAIT);
  }

  /** True if stops of children are not to be told: SA_NOCLDSTOP. */
  public boolean discardsChildStops() {
    return flag(Signal.SIGCHLD, Signal.SA_NOCLDSTOP);
  }

  /** The signals that are ignored by SIG_IGN, as /proc/PID/status shows them. */
  public long ignored() {
    long set = 0;
    for (int s = 1; s <= Signal.MAX; s++) {
      if (handler[s] == Signal.SIG_IGN) {
        set |= Signal.bit(s);
      }
    }
    return set;
  }

  /** The signals that are caught, as /proc/PID/status shows them. */
  public long caught() {
    long set = 0;
    for (int s = 1; s <= Signal.MAX; s++) {
      if (handler[s] != Signal.SIG_IGN && handler[s] != Signal.SIG_DFL) {
        set |= Signal.bit(s);
      }
    }
    return set;
  }
}
