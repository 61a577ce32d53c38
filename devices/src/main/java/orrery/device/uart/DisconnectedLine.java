package orrery.device.uart;

/** A line with nothing at its other end: nothing arrives, and what is sent is gone. */
public final class DisconnectedLine implements SerialBackend {
  /** A line. */
  public DisconnectedLine() {}

  @Override
  public int available() {
    return 0;
  }

  @Override
  public int take() {
    return -1;
  }

  @Override
  public int room() {
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean offer(int octet) {
    return true;
  }

  @Override
  public void listener(Runnable changed) {}

  @Override
  public void drain(long deadline) {}
}
