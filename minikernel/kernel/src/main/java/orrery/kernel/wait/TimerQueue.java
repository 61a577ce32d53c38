package orrery.kernel.wait;

import java.util.Arrays;

/** The kernel's timers: a binary heap by deadline in which every timer knows its place. */
public final class TimerQueue {
  private KernelTimer[] heap = new KernelTimer[64];
  private int size;

  /**
   * The earliest deadline, machine time in nanoseconds; {@link Long#MAX_VALUE} if there is none.
   */
  public long earliest() {
    return size == 0 ? Long.MAX_VALUE : heap[0].deadline;
  }

  /** Arms {@code t} for {@code deadline}, whether it is armed already or not. */
  public void arm(KernelTimer t, long deadline) {
    t.deadline = deadline;
    if (t.index < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      place(t, size++);
    }
    siftDown(siftUp(t.index));
  }

  /** Disarms {@code t} if it is armed. */
  public void cancel(KernelTimer t) {
    int i = t.index;
    if (i < 0) {
      return;
    }
    t.index = -1;
    KernelTimer moved = heap[--size];
    heap[size] = null;
    if (moved != t) {
      place(moved, i);
      siftDown(siftUp(i));
    }
  }

  /** Expires every timer whose deadline is not after {@code now}. */
  public void expire(long now) {
    while (size > 0 && heap[0].deadline <= now) {
      KernelTimer t = heap[0];
      cancel(t);
      t.expired();
    }
  }

  private int siftUp(int i) {
    KernelTimer t = heap[i];
    while (i > 0 && t.deadline < heap[(i - 1) / 2].deadline) {
      place(heap[(i - 1) / 2], i);
      i = (i - 1) / 2;
    }
    place(t, i);
    return i;
  }

  private void siftDown(int i) {
    KernelTimer t = heap[i];
    for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && heap[child + 1].deadline < heap[child].deadline) {
        child++;
      }
      if (t.deadline <= heap[child].deadline) {
        break;
      }
      place(heap[child], i);
      i = child;
    }
    place(t, i);
  }

  private void place(KernelTimer t, int i) {
    heap[i] = t;
    t.index = i;
  }
}
