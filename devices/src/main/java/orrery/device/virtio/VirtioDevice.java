package orrery.device.virtio;

/**
 * A type of virtio device, without its transport. All calls come on the vCPU's thread, in the
 * order: {@link #connected} once, then the rest as things happen.
 */
public interface VirtioDevice {
  /** The device ID (virtio, section 5). */
  int id();

  /** The PCI class code, 24 bits. */
  int classCode();

  /** The feature bits of the device type, 0 to 23 and 50 to 127; the transport adds the rest. */
  long features();

  /** The largest size of each queue, powers of two up to 1024. */
  int[] queueSizes();

  /** The transport is there. */
  void connected(VirtioFunction transport);

  /** Bytes of the device-specific configuration; 0 for none. */
  default int configSize() {
    return 0;
  }

  /**
   * Reads the device-specific configuration, at any offset and width that lies inside.
   *
   * @param width bytes: 1, 2, 4 or 8
   */
  default long readConfig(int offset, int width) {
    return 0;
  }

  /** Writes the device-specific configuration. */
  default void writeConfig(int offset, int width, long value) {}

  /** The driver is ready: queues may be used from now on. */
  default void started() {}

  /**
   * There may be new buffers in a queue, or {@link VirtioFunction#attend} asked for attention. The
   * driver is ready.
   */
  void attend(int queue);

  /** The driver took one queue back; a buffer in the middle of being used is forgotten. */
  default void queueReset(int queue) {}

  /** Everything as after power-on; buffers in flight are forgotten. */
  void reset();

  /** See {@link orrery.machine.pci.PciDevice#powerOff}. */
  default void powerOff(long deadline) {}
}
