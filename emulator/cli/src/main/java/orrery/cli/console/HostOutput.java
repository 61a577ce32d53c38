package orrery.cli.console;

import java.io.IOException;
import java.io.OutputStream;
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

  private volatile Runnable changed = () -> {};
  private volatile boolean writerSleeps;
  private volatile boolean broken;
  private volatile boolean ending;

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

  void listener(Runnable listener) {
    changed = listener;
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

  /** Waits until all is written or the time is over, and ends the writer. */
  void drain(long deadline) {
    ending = true;
    LockSupport.unpark(writer);
    boolean interrupted = false;
    while (writer.isAlive()) {
      long left = deadline - System.nanoTime();
      if (deadline != Long.MAX_VALUE && left <= 0) {
        break;
      }
      try {
        writer.join(deadline == Long.MAX_VALUE ? 0 : Math.max(1, left / 1_000_000));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    while (true) {
      int count = ring.peek(chunk);
      if (count == 0) {
        if (ending) {
          return;
        }
        sleep();
        continue;
      }
      try {
        stream.write(chunk, 0, count);
        stream.flush();
      } catch (IOException e) {
        broken = true;
        changed.run();
        closed.run();
        return;
      }
      if (ring.skip(count)) {
        changed.run();
      }
    }
  }

  private void sleep() {
    writerSleeps = true;
    while (ring.size() == 0 && !ending) {
      LockSupport.park(this);
    }
    writerSleeps = false;
  }
}
