package orrery.cli.console;

import orrery.device.uart.SerialBackend;

/** The host's end of a serial line: an output, and an input unless the line has none. */
final class HostLine implements SerialBackend {
  private final HostOutput output;
  private final HostInput input;
  private volatile Runnable changed = () -> {};

  /**
   * A line.
   *
   * @param input null for a line that only prints
   */
  HostLine(HostOutput output, HostInput input) {
    this.output = output;
    this.input = input;
    output.listener(this::changed);
    if (input != null) {
      input.listener(this::changed);
    }
  }

  @Override
  public int available() {
    return input == null ? 0 : input.available();
  }

  @Override
  public int take() {
    return input == null ? -1 : input.take();
  }

  @Override
  public int room() {
    return output.room();
  }

  @Override
  public boolean offer(int octet) {
    return output.offer(octet);
  }

  @Override
  public void listener(Runnable listener) {
    changed = listener;
  }

  private void changed() {
    changed.run();
  }

  @Override
  public void drain(long deadline) {
    output.drain(deadline);
  }
}
