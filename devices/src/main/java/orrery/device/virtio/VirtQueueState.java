package orrery.device.virtio;

/** The state of a virtqueue and nothing else. */
final class VirtQueueState {
  int size;
  int vector;
  boolean enabled;

  /** Guest-physical addresses of descriptor table, available ring and used ring. */
  long descriptors;

  long available;
  long used;

  /** How many buffers were taken from the available ring, 16 bits. */
  int taken;

  /** The index in the used ring, 16 bits. */
  int usedIndex;

  /** The used index at the last notification of the driver, 16 bits. */
  int notifiedIndex;

  /** What stands in avail_event, 16 bits. */
  int availableEvent;

  /** In reset (4.1.4.3.1). */
  void reset(int maximum) {
    size = maximum;
    vector = VirtioRegisters.NO_VECTOR;
    enabled = false;
    descriptors = 0;
    available = 0;
    used = 0;
    taken = 0;
    usedIndex = 0;
    notifiedIndex = 0;
    availableEvent = 0;
  }
}
