package orrery.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Bytes from the guest to one of the host's streams. The vCPU's thread puts them into a queue; a
 * thread of this class writes them, so that a slow reader of ours never holds up the machine.
 */
final class HostOutput {
  private static final int CAPACITY = 64 << 10;

  private final OutputStream stream;
  private final Runnable closed;
  private final ByteRing ring = new ByteRing(CAPACITY);
  private final byte[] chunk = new byte[CAPACITY];
  private final Thread writer;

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean writerSleeps;
  private volatile boolean broken;
  private volatile Thread drainer;

  /**
   * Starts the writer.
   *
   * @param stream unbuffered
   * @param closed called once, on the writer's thread, when nobody reads the stream any more
   */
  HostOutput(String name, OutputStream stream, Runnable closed) {
    this.stream = stream;
    this.closed = closed;
    writer = new Thread(this::write, name);
    writer.setDaemon(true);
    writer.start();
  }

  /** Adds what is called, on the writer's thread, when there may be room again. */
  void listener(Runnable listener) {
    listeners.add(listener);
  }

  int room() {
    return broken ? CAPACITY : ring.room();
  }

  /** Takes a byte from the guest; false if there is no room. The vCPU's thread. */
  boolean offer(int octet) {
    if (broken) {
      return true; // nobody reads: it is lost as on a closed pipe
    }
    if (!ring.put(octet)) {
      return false;
    }
    if (writerSleeps) {
      LockSupport.unpark(writer);
    }
    return true;
  }

  /** Waits until all is written, nobody reads any more, or the time is over. */
  void drain(long deadline) {
    drainer = Thread.currentThread();
    while (ring.size() > 0 && !broken) {
      if (deadline == Long.MAX_VALUE) {
        LockSupport.park(this);
      } else {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          break;
        }
        LockSupport.parkNanos(this, left);
      }
    }
    drainer = null;
  }

  private void write() {
    while (true) {
      int count = ring.peek(chunk);
      if (count == 0) {
        sleep();
        continue;
      }
      try {
        stream.write(chunk, 0, count);
        stream.flush();
      } catch (IOException e) {
        broken = true;
        LockSupport.unpark(drainer);
        listeners.forEach(Runnable::run);
        closed.run();
        return;
      }
      boolean wasFull = ring.skip(count);
      LockSupport.unpark(drainer);
      if (wasFull) {
        listeners.forEach(Runnable::run);
      }
    }
  }

  private void sleep() {
    writerSleeps = true;
    while (ring.size() == 0) {
      LockSupport.park(this);
    }
    writerSleeps = false;
  }
}
