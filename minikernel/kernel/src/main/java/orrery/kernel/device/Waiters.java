package orrery.kernel.device;

import orrery.kernel.wait.WaitQueue;

/** Programs whose calls wait for something of a driver. */
public final class Waiters {
  private final WaitQueue queue = new WaitQueue();

  /** Nobody waits yet. */
  public Waiters() {}

  /** What they wait for may have come: their calls are made again. From any context. */
  public void wakeAll() {
    queue.wakeAll();
  }

  WaitQueue queue() {
    return queue;
  }
}
