package orrery.device.nvme;

import orrery.machine.dma.DmaPort;

/**
 * How far the host has got with the queues: by its doorbells, or for I/O queues by shadow doorbells
 * in its memory (Base, section 5.3.5).
 */
final class Doorbells {
  private final NvmeState state;
  private final DmaPort dma;

  Doorbells(NvmeState state, DmaPort dma) {
    this.state = state;
    this.dma = dma;
  }

  /** Whether the host may have seen so much: not more than was posted. */
  static boolean consume(CompletionQueue queue, int head) {
    if (head >= queue.entries) {
      return false;
    }
    int seen = head >= queue.head ? head - queue.head : head - queue.head + queue.entries;
    if (seen > queue.used()) {
      return false;
    }
    queue.head = head;
    return true;
  }

  /** Reads the shadow doorbell, after saying from where on the doorbell itself is needed again. */
  void refreshTail(SubmissionQueue queue) {
    if (state.shadowDoorbells == 0 || queue.id == 0) {
      return;
    }
    long at = 2L * queue.id * Integer.BYTES;
    dma.writeInt(state.eventIndices + at, queue.tail);
    DmaPort.barrier();
    int tail = dma.readInt(state.shadowDoorbells + at);
    if (tail >= 0 && tail < queue.entries) {
      queue.tail = tail;
    }
  }

  /** The same for what the host has seen. */
  void refreshHead(CompletionQueue queue) {
    if (state.shadowDoorbells == 0 || queue.id == 0) {
      return;
    }
    long at = (2L * queue.id + 1) * Integer.BYTES;
    int asked;
    do {
      asked = queue.head;
      dma.writeInt(state.eventIndices + at, asked);
      DmaPort.barrier();
      consume(queue, dma.readInt(state.shadowDoorbells + at) & Integer.MAX_VALUE);
    } while (queue.head != asked && !queue.isEmpty());
  }
}
