package orrery.kernel.tty;

/**
 * Echoes on their way out. They go ahead of what programs write, wait here while the port has no
 * room, and are lost beyond 4096 bytes, as on Linux: typing must not wait for the port.
 */
final class EchoBuffer implements OutputProcessor.Sink {
  private static final int SIZE = 4096;

  private final TerminalPort port;
  private final byte[] waiting = new byte[SIZE];
  private int head;
  private int tail;
  private boolean held;

  EchoBuffer(TerminalPort port) {
    this.port = port;
  }

  /** Output is stopped (XOFF): echoes wait too. */
  void hold(boolean stopped) {
    held = stopped;
    drain();
  }

  @Override
  public void put(int c) {
    if (head == tail && !held && port.room() > 0) {
      port.put(c);
    } else if (head - tail < SIZE) {
      waiting[head++ % SIZE] = (byte) c;
    }
    if (head == tail) {
      head = 0;
      tail = 0;
    }
  }

  /** Sends on what waits, as far as the port has room. */
  void drain() {
    while (head != tail && !held && port.room() > 0) {
      port.put(waiting[tail++ % SIZE] & 0xff);
    }
    port.flush();
  }

  boolean isEmpty() {
    return head == tail;
  }

  void clear() {
    tail = head;
  }
}
