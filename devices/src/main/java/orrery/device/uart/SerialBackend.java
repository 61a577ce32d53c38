package orrery.device.uart;

/**
 * The host's end of a serial line. The vCPU's side never blocks: what the host is too slow for
 * stays in the UART's FIFO, which the guest sees as flow control.
 */
public interface SerialBackend {
  /** Bytes that have arrived from the host and were not taken yet. Any thread. */
  int available();

  /** Takes the next byte from the host (0 to 255), or -1 if none is there. The vCPU's side. */
  int take();

  /** Bytes for which the host has room. Any thread. */
  int room();

  /** Gives a byte to the host; false if there is no room for it. The vCPU's side. */
  boolean offer(int octet);

  /**
   * Sets what is called, on any thread, when bytes have arrived or room has come after there was
   * none. Set once, before the machine starts.
   */
  void listener(Runnable changed);

  /**
   * Waits until the host has everything that was offered, then frees what the backend holds.
   *
   * @param deadline {@link System#nanoTime} after which waiting ends, {@link Long#MAX_VALUE} for
   *     none
   */
  void drain(long deadline);
}
