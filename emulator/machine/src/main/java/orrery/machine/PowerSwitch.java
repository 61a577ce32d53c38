package orrery.machine;

/**
 * Whether the machine is on, and why it went off. Any thread may switch it off; the first one's
 * reason stands.
 */
final class PowerSwitch {
  /** How a machine was switched off. */
  enum Cause {
    /** By what runs in it. */
    GUEST,
    /** By what runs in it, which wants to start anew. */
    RESET,
    /** By the host: a time limit, a key, a signal. */
    HOST
  }

  private final Runnable off;
  private Cause cause;
  private int status;
  private String reason;

  /** {@code off} is run once, on the thread that switches off. */
  PowerSwitch(Runnable off) {
    this.off = off;
  }

  void off(Cause why, int exitStatus) {
    off(why, exitStatus, null);
  }

  /** The guest cannot go on, for this reason. */
  void fail(String because) {
    off(Cause.GUEST, Machine.STATUS_FAILED, because);
  }

  private void off(Cause why, int exitStatus, String because) {
    synchronized (this) {
      if (cause != null) {
        return;
      }
      cause = why;
      status = exitStatus;
      reason = because;
    }
    off.run();
  }

  /** Null while the machine is on. */
  synchronized Cause cause() {
    return cause;
  }

  /** Why the guest cannot go on; null if it can. */
  synchronized String reason() {
    return reason;
  }

  synchronized int status() {
    return status;
  }
}
