package orrery.cli.guest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import orrery.device.uart.SerialBackend;

/** A serial line whose output is kept and whose input is given beforehand. */
final class CapturedLine implements SerialBackend {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final byte[] input;
  private int taken;

  CapturedLine(String input) {
    this.input = input.getBytes(ISO_8859_1);
  }

  synchronized String output() {
    return output.toString(ISO_8859_1);
  }

  synchronized boolean isInputTaken() {
    return taken == input.length;
  }

  @Override
  public synchronized int available() {
    return input.length - taken;
  }

  @Override
  public synchronized int take() {
    return taken == input.length ? -1 : input[taken++] & 0xff;
  }

  @Override
  public int room() {
    return Integer.MAX_VALUE;
  }

  @Override
  public synchronized boolean offer(int octet) {
    output.write(octet);
    return true;
  }

  @Override
  public void listener(Runnable changed) {
    // nothing changes but by the vCPU's own doing
  }

  @Override
  public void drain(long deadline) {
    // what was offered is there
  }
}
