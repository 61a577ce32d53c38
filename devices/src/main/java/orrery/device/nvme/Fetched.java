package orrery.device.nvme;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import orrery.machine.dma.DmaPort;

/**
 * Submission queue entries (Base, section 4.1.1) that were fetched and not executed yet: as many at
 * once as lie side by side, so that the way to the guest's memory is checked once for all of them.
 * Nothing is kept from one burst of a queue to the next.
 */
final class Fetched {
  /** The most at once. */
  static final int MOST = 32;

  private static final int SIZE = RegisterMap.SUBMISSION_SIZE;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final DmaPort dma;
  private final byte[] entries = new byte[MOST * SIZE];

  /** How many the burst may still execute. */
  private int wanted;

  /** The entry in execution, and the end of the last one. */
  private int current;

  private int end;

  Fetched(DmaPort dma) {
    this.dma = dma;
  }

  /** Forgets what was not executed: a burst of at most {@code limit} commands begins. */
  void begin(int limit) {
    wanted = limit;
    current = 0;
    end = 0;
  }

  /** Takes the entry at the queue's head, which there is, from the queue. */
  void next(SubmissionQueue queue) {
    current += SIZE;
    if (current >= end) {
      fetch(queue);
    }
    queue.advance();
  }

  private void fetch(SubmissionQueue queue) {
    int last = queue.tail > queue.head ? queue.tail : queue.entries;
    int count = Math.min(Math.min(last - queue.head, MOST), wanted);
    if (!dma.allows(queue.headAddress(), (long) count * SIZE, false)) {
      count = 1; // what is in reach is executed before the first that is not
    }
    current = 0;
    end = 0; // unless they can be read
    dma.read(queue.headAddress(), entries, 0, count * SIZE);
    end = count * SIZE;
    wanted -= count;
  }

  /** Whether the entry after the one in execution was fetched, too. */
  boolean hasAnother() {
    return current + SIZE < end;
  }

  /** Which entry is in execution, of those that were fetched together. */
  int place() {
    return current;
  }

  /** Goes back to another one, or forth. */
  void go(int place) {
    current = place;
  }

  byte octet(int at) {
    return entries[current + at];
  }

  int dword(int at) {
    return (int) INT.get(entries, current + at);
  }

  long quadword(int at) {
    return (long) LONG.get(entries, current + at);
  }
}
