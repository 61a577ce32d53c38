package orrery.kernel.tty;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;
import orrery.kernel.wait.WaitQueue;

/**
 * A serial port as a plain stream of bytes, for a console that is a pipe or a file on the host: no
 * line discipline, no newline translation, and an end of input.
 */
final class SerialStream implements SerialReceiver {
  private static final int SIZE = 65536;
  private static final int CHUNK = 1024;

  private final SerialPort port;
  private final WaitQueue readers = new WaitQueue();
  private final byte[] input = new byte[SIZE];
  private final byte[] chunk = new byte[CHUNK];
  private int head;
  private int tail;
  private boolean ended;

  SerialStream(SerialPort port) {
    this.port = port;
  }

  /** Nothing more will come in. */
  void end() {
    ended = true;
    readers.wakeAll();
  }

  @Override
  public boolean accepts() {
    return head - tail < SIZE;
  }

  @Override
  public void receive(int c) {
    input[head++ & SIZE - 1] = (byte) c;
  }

  @Override
  public void received() {
    readers.wakeAll();
  }

  @Override
  public void transmitReady() {
    // writers wait on the port's own queue
  }

  long read(Caller c, IoBuffer to, boolean mayWait) {
    if (to.remaining() == 0) {
      return 0;
    }
    if (head == tail) {
      if (ended) {
        return 0;
      }
      return mayWait ? c.sleepOn(readers) : -Errno.EAGAIN;
    }
    int at = tail & SIZE - 1;
    int n = (int) Math.min(to.remaining(), Math.min(head - tail, SIZE - at));
    to.put(input, at, n);
    tail += n;
    port.inputWanted();
    return n;
  }

  long write(Caller c, IoBuffer from, boolean mayWait) {
    while (from.remaining() > 0) {
      int n = (int) Math.min(Math.min(port.room(), from.remaining()), CHUNK);
      if (n == 0) {
        return PartialWrite.wait(c, from, port.writers(), mayWait);
      }
      from.get(chunk, 0, n);
      for (int i = 0; i < n; i++) {
        port.put(chunk[i] & 0xff);
      }
      port.flush();
    }
    return from.transferred();
  }

  /** Bytes that can be read. */
  int available() {
    return head - tail;
  }

  int poll(PollTable table) {
    if (table != null) {
      table.add(readers);
      table.add(port.writers());
    }
    int ready = port.room() > 0 ? PollEvent.WRITABLE : 0;
    if (head != tail) {
      ready |= PollEvent.READABLE;
    }
    return ended ? ready | PollEvent.READABLE | PollEvent.POLLHUP : ready;
  }
}
