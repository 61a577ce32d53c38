package orrery.driver.virtio;

import orrery.kernel.hw.CpuBuffer;
import orrery.kernel.hw.DeviceBuffer;
import orrery.kernel.hw.IoMem;
import orrery.kernel.hw.Ring;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Owned;
import orrery.ownership.Range;
import orrery.ownership.SlotArray;

/**
 * The driver's side of a split virtqueue (2.7). It owns its rings and every buffer that the device
 * has; what the device says about them is checked, and nonsense is counted and passed over.
 */
@Owned
final class Virtqueue {
  private static final int INDEX_MASK = 0xffff;

  private final Ring<Descriptor> descriptors;
  private final Ring<Available> available;
  private final Ring<Used> used;
  private final IoMem<Notification> notification;
  private final SlotArray<DeviceBuffer> inFlight;
  private final int index;
  private final int size;

  /** Descriptors that are free, a stack. */
  private final int[] free;

  private final int[] lengths;
  private int freeCount;
  private int offered;
  private int seen;
  private int written;
  private int faults;

  /**
   * An empty queue.
   *
   * @param index its number
   */
  Virtqueue(
      @Move Ring<Descriptor> descriptors,
      @Move Ring<Available> available,
      @Move Ring<Used> used,
      @Move IoMem<Notification> notification,
      int index) {
    this.index = index;
    size = descriptors.entries();
    free = new int[size];
    lengths = new int[size];
    for (int i = 0; i < size; i++) {
      free[i] = i;
    }
    freeCount = size;
    inFlight = new SlotArray<>(size);
    this.descriptors = descriptors;
    this.available = available;
    this.used = used;
    this.notification = notification;
  }

  /** Where the device finds the descriptors. */
  long descriptorAddress() {
    return descriptors.address();
  }

  /** Where the device finds what is available. */
  long availableAddress() {
    return available.address();
  }

  /** Where the device says what it used. */
  long usedAddress() {
    return used.address();
  }

  /** Whether another buffer can be submitted. */
  boolean hasRoom() {
    return freeCount > 0;
  }

  /** Bytes that the device has. */
  int pending() {
    int sum = 0;
    for (int length : lengths) {
      sum += length;
    }
    return sum;
  }

  /** How often the device said what cannot be. */
  int faults() {
    return faults;
  }

  /**
   * Offers a buffer to the device.
   *
   * @param length how much of it
   * @param flags of its descriptor
   */
  void submit(@Move DeviceBuffer buffer, int length, int flags) {
    int id = free[--freeCount];
    descriptors.set(id, Descriptor.ADDRESS, buffer.address());
    descriptors.set(id, Descriptor.LENGTH, length);
    descriptors.set(id, Descriptor.FLAGS, flags);
    lengths[id] = length;
    inFlight.put(id, buffer);
    available.set(offered & size - 1, Available.HEAD, id);
    offered++;
    available.setRelease(Available.INDEX, offered);
  }

  /** Tells the device that there are new buffers (2.7.13.4). */
  void notifyDevice() {
    notification.write(Notification.QUEUE, index);
  }

  /** Takes the next buffer that the device is done with; null if there is none. */
  @Nullable
  CpuBuffer reap() {
    while (used.getAcquire(Used.INDEX) != (seen & INDEX_MASK)) {
      int slot = seen & size - 1;
      seen++;
      try {
        int id = Range.index(used.get(slot, Used.HEAD), size);
        int count = Range.length(used.get(slot, Used.WRITTEN), lengths[id]);
        DeviceBuffer buffer = inFlight.take(id);
        if (buffer != null) {
          written = count;
          lengths[id] = 0;
          free[freeCount++] = id;
          return buffer.toCpu();
        }
        faults++; // a buffer that it has not got
      } catch (OutOfRangeException e) {
        faults++;
      }
    }
    return null;
  }

  /** Bytes that the device wrote into the buffer that was reaped last. */
  int written() {
    return written;
  }

  /** Ends the queue; the device was reset and uses nothing of it any more. */
  @Move
  void close() {
    inFlight.drain(buffer -> buffer.toCpu().close());
    inFlight.close();
    notification.close();
    used.close();
    available.close();
    descriptors.close();
  }
}
