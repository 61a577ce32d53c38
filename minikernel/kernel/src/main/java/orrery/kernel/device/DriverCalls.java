package orrery.kernel.device;

/**
 * Keeps a driver from being called while one of its methods runs: what that makes possible is done
 * when the method has returned. One for each binding; the vCPU's thread.
 */
public final class DriverCalls {
  private boolean inside;
  private long calls;
  private Later first;
  private Later last;

  /** Something that calls the driver, and is left for later if that cannot be now. */
  public abstract static class Later {
    private boolean wanted;
    private Later next;

    /** For kinds of them. */
    protected Later() {}

    /** Calls the driver. */
    protected abstract void run();
  }

  DriverCalls() {}

  /**
   * The driver is about to be called.
   *
   * @return what {@link #leave} is to be told
   */
  boolean enter() {
    boolean outer = inside;
    inside = true;
    calls++;
    return outer;
  }

  /** A number that is another one in each call: what happens in one call happens at one time. */
  public long call() {
    return calls;
  }

  /** The call has returned. */
  void leave(boolean outer) {
    if (!outer) {
      runAll();
    }
  }

  /** Does it now, or when the driver's method that runs now has returned. */
  public void want(Later what) {
    if (!what.wanted) {
      what.wanted = true;
      what.next = null;
      if (last == null) {
        first = what;
      } else {
        last.next = what;
      }
      last = what;
    }
    if (!inside) {
      inside = true;
      calls++;
      runAll();
    }
  }

  private void runAll() {
    try {
      while (first != null) {
        Later what = first;
        first = what.next;
        if (first == null) {
          last = null;
        }
        what.next = null;
        what.wanted = false;
        what.run();
      }
    } finally {
      inside = false;
    }
  }
}
