package orrery.driver.nvme;

/** Requests of ioctl(2) that the driver serves (Linux: include/uapi/linux/nvme_ioctl.h). */
final class Ioctl {
  static final int ID = 0x4e40;
  static final int ADMIN_CMD = 0xc048_4e41;
  static final int SUBMIT_IO = 0x4030_4e42;
  static final int IO_CMD = 0xc048_4e43;
  static final int RESET = 0x4e44;
  static final int SUBSYS_RESET = 0x4e45;
  static final int RESCAN = 0x4e46;
  static final int ADMIN64_CMD = 0xc050_4e47;
  static final int IO64_CMD = 0xc050_4e48;

  private Ioctl() {}
}
