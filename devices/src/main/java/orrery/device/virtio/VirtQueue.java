package orrery.device.virtio;

import static orrery.device.virtio.VirtioRegisters.*;

import orrery.machine.dma.DmaFault;
import orrery.machine.dma.DmaPort;

/**
 * The device's side of a split virtqueue (2.7). Buffers are looked at in the order in which the
 * driver made them available; looking takes nothing, so a device may stop in the middle of one.
 */
public final class VirtQueue {
  private static final int INDEX_MASK = 0xffff;

  private final DmaPort dma;
  private final VirtioState device;
  private final VirtQueueState state;
  private final int maximum;
  private final DescriptorChain chain;

  VirtQueue(DmaPort dma, VirtioState device, VirtQueueState state, int maximum) {
    this.dma = dma;
    this.device = device;
    this.state = state;
    this.maximum = maximum;
    this.chain = new DescriptorChain(dma);
    reset();
  }

  void reset() {
    state.reset(maximum);
  }

  int maximum() {
    return maximum;
  }

  /**
   * The next available buffer, or null. Ends in {@link DmaFault} if the driver's rings make no
   * sense, which {@link VirtioFunction} turns into DEVICE_NEEDS_RESET.
   */
  public DescriptorChain next() {
    if (!state.enabled) {
      return null;
    }
    int waiting = waiting();
    if (waiting == 0 && offersEvents()) {
      requestNotification();
      waiting = waiting();
    }
    if (waiting == 0) {
      return null;
    }
    if (waiting > state.size) {
      throw DmaFault.INSTANCE;
    }
    DmaPort.acquire();
    long slot = (long) (state.taken & state.size - 1) * AVAIL_ENTRY_SIZE;
    int head = Short.toUnsignedInt(dma.readShort(state.available + RING_ENTRIES + slot));
    chain.walk(state, head, device.negotiated(F_INDIRECT_DESC));
    return chain;
  }

  /** Gives the buffer that {@link #next} returned back to the driver, with what was written. */
  public void complete(DescriptorChain buffer) {
    state.taken = state.taken + 1 & INDEX_MASK;
    long slot = (long) (state.usedIndex & state.size - 1) * USED_ENTRY_SIZE;
    long entry = state.used + RING_ENTRIES + slot;
    dma.writeInt(entry, buffer.head());
    dma.writeInt(entry + USED_ENTRY_LENGTH, (int) buffer.written());
    DmaPort.release();
    state.usedIndex = state.usedIndex + 1 & INDEX_MASK;
    dma.writeShort(state.used + RING_INDEX, (short) state.usedIndex);
  }

  /**
   * Whether the driver wants to hear of the buffers completed since the last time this was asked
   * (2.7.7).
   */
  boolean wantsNotification() {
    int before = state.notifiedIndex;
    int now = state.usedIndex;
    if (now == before) {
      return false;
    }
    state.notifiedIndex = now;
    DmaPort.barrier();
    if (!offersEvents()) {
      return (dma.readShort(state.available) & AVAIL_F_NO_INTERRUPT) == 0;
    }
    long field = state.available + RING_ENTRIES + (long) state.size * AVAIL_ENTRY_SIZE;
    int event = dma.readShort(field);
    return (now - event - 1 & INDEX_MASK) < (now - before & INDEX_MASK);
  }

  private boolean offersEvents() {
    return device.negotiated(F_EVENT_IDX);
  }

  private int waiting() {
    return dma.readShort(state.available + RING_INDEX) - state.taken & INDEX_MASK;
  }

  /** Has the driver say when it makes the next buffer available (2.7.10). */
  private void requestNotification() {
    if (state.availableEvent != state.taken) {
      state.availableEvent = state.taken;
      long field = state.used + RING_ENTRIES + (long) state.size * USED_ENTRY_SIZE;
      dma.writeShort(field, (short) state.taken);
    }
    DmaPort.barrier();
  }
}
