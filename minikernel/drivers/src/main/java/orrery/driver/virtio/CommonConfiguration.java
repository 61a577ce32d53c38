package orrery.driver.virtio;

import orrery.kernel.hw.Access.ReadOnly;
import orrery.kernel.hw.Access.ReadWrite;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;

/** The common configuration structure (4.1.4.3), named as there. */
final class CommonConfiguration {
  static final RegisterBlock<CommonConfiguration> BLOCK =
      RegisterBlock.of(CommonConfiguration.class, 0x38);

  static final Register.U32<CommonConfiguration, ReadWrite> DEVICE_FEATURE_SELECT =
      BLOCK.readWrite32(0x00);
  static final Register.U32<CommonConfiguration, ReadOnly> DEVICE_FEATURE = BLOCK.readOnly32(0x04);
  static final Register.U32<CommonConfiguration, ReadWrite> DRIVER_FEATURE_SELECT =
      BLOCK.readWrite32(0x08);
  static final Register.U32<CommonConfiguration, ReadWrite> DRIVER_FEATURE =
      BLOCK.readWrite32(0x0c);
  static final Register.U16<CommonConfiguration, ReadWrite> CONFIG_MSIX_VECTOR =
      BLOCK.readWrite16(0x10);
  static final Register.U16<CommonConfiguration, ReadOnly> NUM_QUEUES = BLOCK.readOnly16(0x12);
  static final Register.U8<CommonConfiguration, ReadWrite> DEVICE_STATUS = BLOCK.readWrite8(0x14);
  static final Register.U16<CommonConfiguration, ReadWrite> QUEUE_SELECT = BLOCK.readWrite16(0x16);
  static final Register.U16<CommonConfiguration, ReadWrite> QUEUE_SIZE = BLOCK.readWrite16(0x18);
  static final Register.U16<CommonConfiguration, ReadWrite> QUEUE_MSIX_VECTOR =
      BLOCK.readWrite16(0x1a);
  static final Register.U16<CommonConfiguration, ReadWrite> QUEUE_ENABLE = BLOCK.readWrite16(0x1c);
  static final Register.U16<CommonConfiguration, ReadOnly> QUEUE_NOTIFY_OFF =
      BLOCK.readOnly16(0x1e);
  static final Register.U64<CommonConfiguration, ReadWrite> QUEUE_DESC = BLOCK.readWrite64(0x20);
  static final Register.U64<CommonConfiguration, ReadWrite> QUEUE_DRIVER = BLOCK.readWrite64(0x28);
  static final Register.U64<CommonConfiguration, ReadWrite> QUEUE_DEVICE = BLOCK.readWrite64(0x30);

  // Device status (2.1).
  static final int ACKNOWLEDGE = 1;
  static final int DRIVER = 2;
  static final int DRIVER_OK = 4;
  static final int FEATURES_OK = 8;

  /** Modern devices only (6). */
  static final int F_VERSION_1_HIGH = 1;

  private CommonConfiguration() {}
}
