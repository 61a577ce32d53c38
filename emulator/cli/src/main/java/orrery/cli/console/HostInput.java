package orrery.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;

/**
 * Bytes from one of the host's streams to the guest. A thread of this class reads them, as many as
 * the guest takes; the vCPU's thread takes them out of a queue.
 */
final class HostInput {
  private static final int CAPACITY = 64 << 10;
  private static final int CHUNK = 16 << 10;

  private final InputStream stream;
  private final InputFilter filter;
  private final int lastKey;
  private final ByteRing ring = new ByteRing(CAPACITY);
  private final Thread reader;

  private volatile Runnable changed = () -> {};
  private volatile Runnable ended = () -> {};
  private volatile boolean readerSleeps;
  private volatile boolean ending;

  /**
   * Not reading yet.
   *
   * @param lastKey a byte to put behind the stream's last one, or {@link InputFilter#NOTHING}
   */
  HostInput(String name, InputStream stream, InputFilter filter, int lastKey) {
    this.stream = stream;
    this.filter = filter;
    this.lastKey = lastKey;
    reader = new Thread(this::read, name);
    reader.setDaemon(true);
  }

  void listener(Runnable listener) {
    changed = listener;
  }

  /** Sets what is called, on any thread, when {@link #atEnd} has become true. */
  void endListener(Runnable listener) {
    ended = listener;
  }

  /** Starts to read; the listeners are set. */
  void start() {
    reader.start();
  }

  int available() {
    return ring.size();
  }

  /** Whether the stream has ended and everything it had was taken. Any thread. */
  boolean atEnd() {
    return ending && ring.size() == 0;
  }

  /** Takes the next byte or -1. The vCPU's thread. */
  int take() {
    int octet = ring.take();
    if (octet >= 0) {
      if (readerSleeps && ring.room() >= CAPACITY / 2) {
        LockSupport.unpark(reader);
      }
      if (ending && ring.size() == 0) {
        ended.run();
      }
    }
    return octet;
  }

  private void read() {
    byte[] chunk = new byte[CHUNK];
    try {
      int count;
      while ((count = stream.read(chunk)) >= 0) {
        for (int i = 0; i < count; i++) {
          int result = filter.filter(chunk[i] & 0xff);
          if (result == InputFilter.NOTHING) {
            continue;
          }
          if ((result & InputFilter.PAIR) != 0) {
            put(result >> 8 & 0xff);
          }
          put(result & 0xff);
        }
        changed.run();
      }
    } catch (IOException e) {
      // A terminal that went away (EIO) is the end of input, as for every program on it.
    }
    if (lastKey != InputFilter.NOTHING) {
      put(lastKey);
      changed.run();
    }
    ending = true;
    if (ring.size() == 0) {
      ended.run();
    }
  }

  private void put(int octet) {
    while (!ring.put(octet)) {
      changed.run();
      readerSleeps = true;
      if (ring.room() == 0) {
        LockSupport.park(this);
      }
      readerSleeps = false;
    }
  }
}
