package orrery.kernel.task;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.Signal;

/**
 * A thread's part in signals: its mask, what waits for it alone, its alternate stack, and what an
 * interrupted call needs to go on.
 */
public final class TaskSignals {
  private final Task task;
  private final PendingSignals pending = new PendingSignals();
  private final RestartBlock restartBlock = new RestartBlock();
  private long mask;

  /** Set exactly when the kernel must look before the thread's program goes on. */
  private boolean deliverable;

  /** The mask to go back to after sigsuspend, ppoll and their kind; valid if {@link #masked}. */
  private long savedMask;

  private boolean masked;

  /** Blocked signals that sigtimedwait waits for: they wake the thread, but are not delivered. */
  private long awaited;

  private long stackBase;
  private long stackSize;
  private int stackFlags = Signal.SS_DISABLE;

  /** The result of the call during whose delivery the thread was stopped; 0 for none. */
  private long interrupted;

  private long faultAddress;
  private int faultSyndrome;

  /** A call that was interrupted and goes on by restart_syscall(2), its deadline kept. */
  public static final class RestartBlock {
    private int number;
    private long a0;
    private long a1;
    private long a2;
    private long a3;
    private long a4;
    private long a5;
    private long deadline;

    /** Remembers the call that {@code t} is on its way out of. */
    void remember(Task t) {
      number = t.callNumber;
      a0 = t.a0;
      a1 = t.a1;
      a2 = t.a2;
      a3 = t.a3;
      a4 = t.a4;
      a5 = t.a5;
      deadline = t.deadline();
    }

    /** Makes the remembered call for {@code t}; EINTR if there is none. */
    public long restart(Task t, SystemCallDispatcher calls) {
      if (number == 0) {
        return -Errno.EINTR;
      }
      t.deadlineOnce(deadline);
      t.resumeCall(); // so that the call finds its deadline set
      return calls.call(t, number, a0, a1, a2, a3, a4, a5);
    }
  }

  TaskSignals(Task task) {
    this.task = task;
  }

  /** True if a signal waits that interrupts the thread's sleep. */
  public boolean deliverable() {
    return deliverable;
  }

  /** True if the thread is about to be ended by SIGKILL or with its process. */
  public boolean fatal() {
    Process p = task.process();
    return Signal.in(pending.set() | p.signals().pending().set(), Signal.SIGKILL) || p.isExiting();
  }

  /** The blocked signals. */
  public long mask() {
    return mask;
  }

  /** Replaces the mask. SIGKILL and SIGSTOP are never blocked. */
  public void mask(long newMask) {
    long blocked = newMask & ~Signal.UNBLOCKABLE & ~mask;
    mask = newMask & ~Signal.UNBLOCKABLE;
    recalculate();
    if ((blocked & task.process().signals().pending().set()) != 0) {
      task.process().signals().retarget(task, blocked);
    }
  }

  /**
   * Replaces the mask until the end of the call: {@link #endTemporaryMask}, or the delivery of the
   * signal that ends it.
   */
  public void saveMask(long temporary) {
    if (!masked) {
      savedMask = mask;
      masked = true;
    }
    mask(temporary);
    // If the call ends otherwise than by a signal, somebody must still put the mask back.
    task.attention();
  }

  /**
   * The end of a call with a temporary mask: puts the old one back, unless the call ends because of
   * a signal, which is then delivered under the temporary one.
   *
   * @return {@code result}, for use in a return statement
   */
  public long endTemporaryMask(long result) {
    if (result != orrery.kernel.wait.Caller.BLOCKED
        && result != -Errno.EINTR
        && result != -Errno.ERESTARTNOHAND
        && result != -Errno.ERESTARTSYS) {
      restoreMask();
    }
    return result;
  }

  /** Puts the mask saved by {@link #saveMask} back; false if there is none. */
  boolean restoreMask() {
    if (!masked) {
      return false;
    }
    masked = false;
    mask(savedMask);
    return true;
  }

  /** The mask that a handler's return goes back to. */
  long maskForFrame() {
    return masked ? savedMask : mask;
  }

  /** Lets the blocked signals of {@code set} wake the thread; the empty set ends this. */
  public void await(long set) {
    awaited = set;
    recalculate();
  }

  /** The signals that wait for this thread alone. */
  public PendingSignals pending() {
    return pending;
  }

  /** All signals that wait for this thread or its process, blocked or not. */
  public long waiting() {
    return pending.set() | task.process().signals().pending().set();
  }

  /**
   * Takes the next signal outside {@code blocked}, the thread's own first.
   *
   * @return its number with {@code info} filled in; 0 if there is none
   */
  public int take(long blocked, SignalInfo info) {
    int signal = pending.take(blocked, info);
    return signal != 0 ? signal : task.process().signals().pending().take(blocked, info);
  }

  /** True if {@code signal} would interrupt the thread if it were sent now. */
  boolean wants(int signal) {
    return !Signal.in(mask & ~awaited, signal)
        && (signal == Signal.SIGKILL || !task.isKernels())
        && task.state() != Task.State.DEAD
        && (signal == Signal.SIGKILL || task.state() != Task.State.STOPPED)
        && (signal == Signal.SIGKILL || !deliverable || task.state() == Task.State.RUNNING);
  }

  /** True if {@code signal} is blocked or awaited, and so must be kept even if it is ignored. */
  boolean keeps(int signal) {
    return Signal.in(mask | awaited, signal);
  }

  /** True if {@code signal} would not reach the program now: blocked, or ignored by SIG_IGN. */
  public boolean blocksOrIgnores(int signal) {
    return Signal.in(mask, signal) || task.process().handlers().handler(signal) == Signal.SIG_IGN;
  }

  /** Finds out anew whether something is deliverable. */
  void recalculate() {
    deliverable = (waiting() & ~(mask & ~awaited)) != 0;
    if (deliverable) {
      task.attention();
    }
  }

  /** Interrupts the thread, wherever it is. */
  void interrupt() {
    deliverable = true;
    task.attention();
    task.wake();
  }

  /** The thread ends: what waited for it alone is lost, the rest is for its siblings. */
  public void discard() {
    pending.discard(-1);
    deliverable = false;
    masked = false;
    task.process().signals().retarget(task, ~mask);
  }

  // The alternate stack, see sigaltstack(2).

  public long stackBase() {
    return stackBase;
  }

  public long stackSize() {
    return stackSize;
  }

  /** The flags as sigaltstack reports them with the thread's stack pointer at {@code sp}. */
  public int stackFlags(long sp) {
    return stackState(sp) | stackFlags & Signal.SS_AUTODISARM;
  }

  private int stackState(long sp) {
    if (stackSize == 0) {
      return Signal.SS_DISABLE;
    }
    return isOnStack(sp) ? Signal.SS_ONSTACK : 0;
  }

  /** Where the stack of a handler begins that asks for the alternate one. */
  long stackTop(long sp) {
    return stackState(sp) == 0 ? stackBase + stackSize : sp;
  }

  /** A handler has been entered: a stack that disarms itself is no longer set. */
  void handlerEntered() {
    if ((stackFlags & Signal.SS_AUTODISARM) != 0) {
      disableStack();
    }
    masked = false;
  }

  private void stack(long base, long size, int flags) {
    stackBase = base;
    stackSize = size;
    stackFlags = flags;
  }

  /**
   * sigaltstack(2) with the thread's stack pointer at {@code sp}.
   *
   * @return 0 or a negated error number
   */
  public long changeStack(long base, long size, int flags, long sp) {
    int mode = flags & ~Signal.SS_AUTODISARM;
    if (isOnStack(sp)) {
      return -Errno.EPERM;
    }
    if (mode != 0 && mode != Signal.SS_ONSTACK && mode != Signal.SS_DISABLE) {
      return -Errno.EINVAL;
    }
    if (mode == Signal.SS_DISABLE) {
      stack(0, 0, flags);
      return 0;
    }
    if (Long.compareUnsigned(size, Signal.MINSIGSTKSZ) < 0) {
      return -Errno.ENOMEM;
    }
    stack(base, size, flags);
    return 0;
  }

  /** No alternate stack. */
  public void disableStack() {
    stack(0, 0, Signal.SS_DISABLE);
  }

  /** True if {@code sp} is within the alternate stack; one that disarms itself is never in use. */
  public boolean isOnStack(long sp) {
    return (stackFlags & Signal.SS_AUTODISARM) == 0
        && Long.compareUnsigned(sp, stackBase) > 0
        && Long.compareUnsigned(sp - stackBase, stackSize) <= 0;
  }

  void copyAlternateStack(TaskSignals from) {
    stack(from.stackBase, from.stackSize, from.stackFlags);
  }

  // What the last exception said, for the signal frame.

  void fault(long address, int syndrome) {
    faultAddress = address;
    faultSyndrome = syndrome;
  }

  long faultAddress() {
    return faultAddress;
  }

  int faultSyndrome() {
    return faultSyndrome;
  }

  // Interrupted calls.

  public RestartBlock restartBlock() {
    return restartBlock;
  }

  /** The thread stops on its way out of a call that answered {@code result}. */
  void stoppedWith(long result) {
    interrupted = result;
    task.attention();
  }

  /** What {@link #stoppedWith} kept, once. */
  long takeInterrupted() {
    long result = interrupted;
    interrupted = 0;
    return result;
  }
}
