package orrery.device.nvme;

/** Has {@link Engine#expire} called on the vCPU's thread at a later time. */
interface Timer {
  /** Calls at that machine time in nanoseconds, or before, besides all earlier wishes. */
  void wakeAt(long nanos);

  /** Calls no more. */
  void close();
}
