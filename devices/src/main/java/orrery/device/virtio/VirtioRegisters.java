package orrery.device.virtio;

/** Numbers of the virtio specification, named as there. */
final class VirtioRegisters {
  // PCI identity (4.1.2).
  static final int VENDOR_ID = 0x1af4;
  static final int FIRST_DEVICE_ID = 0x1040;
  static final int REVISION = 1;
  static final int SUBSYSTEM_ID = 0x40;

  // Types of structures (4.1.4).
  static final int CAP_COMMON_CFG = 1;
  static final int CAP_NOTIFY_CFG = 2;
  static final int CAP_ISR_CFG = 3;
  static final int CAP_DEVICE_CFG = 4;
  static final int CAP_PCI_CFG = 5;

  // Common configuration (4.1.4.3): byte offsets.
  static final int DEVICE_FEATURE_SELECT = 0x00;
  static final int DEVICE_FEATURE = 0x04;
  static final int DRIVER_FEATURE_SELECT = 0x08;
  static final int DRIVER_FEATURE = 0x0c;
  static final int CONFIG_MSIX_VECTOR = 0x10;
  static final int NUM_QUEUES = 0x12;
  static final int DEVICE_STATUS = 0x14;
  static final int CONFIG_GENERATION = 0x15;
  static final int QUEUE_SELECT = 0x16;
  static final int QUEUE_SIZE = 0x18;
  static final int QUEUE_MSIX_VECTOR = 0x1a;
  static final int QUEUE_ENABLE = 0x1c;
  static final int QUEUE_NOTIFY_OFF = 0x1e;
  static final int QUEUE_DESC = 0x20;
  static final int QUEUE_DRIVER = 0x28;
  static final int QUEUE_DEVICE = 0x30;
  static final int QUEUE_NOTIFY_DATA = 0x38;
  static final int QUEUE_RESET = 0x3a;
  static final int COMMON_CFG_SIZE = 0x3c;

  /** No MSI-X vector (4.1.5.1.2). */
  static final int NO_VECTOR = 0xffff;

  // Device status (2.1).
  static final int STATUS_FEATURES_OK = 8;
  static final int STATUS_DRIVER_OK = 4;
  static final int STATUS_NEEDS_RESET = 64;

  /** What drivers may set. */
  static final int STATUS_DRIVER_BITS = 0x8f;

  // ISR status (4.1.4.5).
  static final int ISR_QUEUE = 1;
  static final int ISR_CONFIGURATION = 2;

  // Reserved feature bits (6).
  static final long F_INDIRECT_DESC = 1L << 28;
  static final long F_EVENT_IDX = 1L << 29;
  static final long F_VERSION_1 = 1L << 32;
  static final long F_RING_RESET = 1L << 40;

  // Descriptors (2.7.5): byte offsets and flags.
  static final int DESCRIPTOR_SIZE = 16;
  static final int DESCRIPTOR_LENGTH = 8;
  static final int DESCRIPTOR_FLAGS = 12;
  static final int DESCRIPTOR_NEXT = 14;
  static final int DESC_F_NEXT = 1;
  static final int DESC_F_WRITE = 2;
  static final int DESC_F_INDIRECT = 4;

  // Available and used ring (2.7.6, 2.7.8): byte offsets and flags.
  static final int RING_INDEX = 2;
  static final int RING_ENTRIES = 4;
  static final int AVAIL_F_NO_INTERRUPT = 1;
  static final int AVAIL_ENTRY_SIZE = 2;
  static final int USED_ENTRY_SIZE = 8;
  static final int USED_ENTRY_LENGTH = 4;

  private VirtioRegisters() {}
}
