package orrery.device.uart;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** A line whose other end is the test: single-threaded, with as much room as the test says. */
public final class CapturedLine implements SerialBackend {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final Deque<Integer> arrived = new ArrayDeque<>();
  private Runnable changed = () -> {};
  private int room = Integer.MAX_VALUE;
  private int refill;
  private boolean drained;

  /** A line with nothing on it. */
  public CapturedLine() {}

  /** Lets bytes arrive. */
  public void arrive(String text) {
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      arrived.add(octet & 0xff);
    }
    changed.run();
  }

  /** Sets the room that is left. */
  public void setRoom(int bytes) {
    room = bytes;
    changed.run();
  }

  /** Gives room for so many bytes as soon as somebody has seen that there is none. */
  public void refill(int bytes) {
    refill = bytes;
  }

  /** What the guest sent. */
  public String sent() {
    return sent.toString(StandardCharsets.UTF_8);
  }

  /** Whether the machine has let go of the line. */
  public boolean drained() {
    return drained;
  }

  @Override
  public int available() {
    return arrived.size();
  }

  @Override
  public int take() {
    return arrived.isEmpty() ? -1 : arrived.remove();
  }

  @Override
  public int room() {
    int seen = room;
    if (seen == 0 && refill > 0) {
      setRoom(refill);
    }
    return seen;
  }

  @Override
  public boolean offer(int octet) {
    if (room == 0) {
      return false;
    }
    room -= room == Integer.MAX_VALUE ? 0 : 1;
    sent.write(octet);
    return true;
  }

  @Override
  public void listener(Runnable listener) {
    changed = listener;
  }

  @Override
  public void drain(long deadline) {
    drained = true;
  }
}
