package orrery.kernel.task;

/**
 * How many signal instances wait in the whole kernel, and the pool of unused ones. One exists per
 * kernel. Unlike Linux, which counts per user, all users share one count, held against the
 * receiver's RLIMIT_SIGPENDING and the kernel's own maximum.
 */
final class SignalQuota {
  /** No program can make the kernel hold more instances than this. */
  static final int MAXIMUM = 65_536;

  private SignalInfo unused;
  private int waiting;

  /** An instance to fill and queue; null if {@code limit} or the kernel's maximum is reached. */
  SignalInfo take(long limit) {
    if (waiting >= MAXIMUM || Long.compareUnsigned(waiting, limit) >= 0) {
      return null;
    }
    waiting++;
    SignalInfo info = unused;
    if (info == null) {
      info = new SignalInfo();
      info.quota = this;
      return info;
    }
    unused = info.next;
    info.next = null;
    return info;
  }

  /** An instance left its queue. */
  void giveBack(SignalInfo info) {
    waiting--;
    info.next = unused;
    unused = info;
  }

  int waiting() {
    return waiting;
  }
}
