package orrery.device.nvme;

/** Controller properties (Base, section 3.1.4) and the layout of the first BAR. */
final class RegisterMap {
  static final int CAP = 0x00;
  static final int CAP_HIGH = 0x04;
  static final int VS = 0x08;
  static final int INTMS = 0x0c;
  static final int INTMC = 0x10;
  static final int CC = 0x14;
  static final int CSTS = 0x1c;
  static final int NSSR = 0x20;
  static final int AQA = 0x24;
  static final int ASQ = 0x28;
  static final int ASQ_HIGH = 0x2c;
  static final int ACQ = 0x30;
  static final int ACQ_HIGH = 0x34;
  static final int CRTO = 0x68;

  /**
   * Doorbells, one word each, submission and completion in turns (PCIe Transport, doorbell
   * properties).
   */
  static final int DOORBELLS = 0x1000;

  static final int MSI_X_TABLE = 0x2000;
  static final int MSI_X_PENDING = 0x3000;
  static final int BAR_SIZE = 0x4000;

  /** Version 2.0.0. */
  static final int VERSION = 0x0002_0000;

  // Limits.
  static final int MAX_QUEUE_ENTRIES = 4096;
  static final int IO_QUEUES = 64;
  static final int QUEUES = IO_QUEUES + 1;
  static final int MIN_PAGE_SHIFT = 12;
  static final int MAX_PAGE_SHIFT = 16;

  // CAP.
  private static final long CAP_CONTIGUOUS = 1L << 16;
  private static final int CAP_TIMEOUT_SHIFT = 24;

  /** In units of 500 ms. */
  private static final long TIMEOUT = 10;

  private static final long CAP_SUBSYSTEM_RESET = 1L << 36;
  private static final long CAP_NVM_SET = 1L << 37;
  private static final long CAP_IO_SETS = 1L << 43;
  private static final int CAP_MAX_PAGE_SHIFT = 52;
  private static final long CAP_READY_WITH_MEDIA = 1L << 59;

  /** Stride 4 bytes, round-robin arbitration only, no boot partitions, CMB or PMR. */
  static final long CAPABILITIES =
      MAX_QUEUE_ENTRIES - 1
          | CAP_CONTIGUOUS
          | TIMEOUT << CAP_TIMEOUT_SHIFT
          | CAP_SUBSYSTEM_RESET
          | CAP_NVM_SET
          | CAP_IO_SETS
          | (long) (MAX_PAGE_SHIFT - MIN_PAGE_SHIFT) << CAP_MAX_PAGE_SHIFT
          | CAP_READY_WITH_MEDIA;

  /** CRTO.CRWMT: as CAP.TO. */
  static final long READY_TIMEOUTS = TIMEOUT;

  // CC.
  static final int CC_ENABLE = 1;
  static final int CC_SET_SHIFT = 4;
  static final int CC_SET_MASK = 7;
  static final int CC_SET_NVM = 0;
  static final int CC_SET_ALL = 6;
  static final int CC_PAGE_SHIFT = 7;
  static final int CC_PAGE_MASK = 0xf;
  static final int CC_ARBITRATION_SHIFT = 11;
  static final int CC_ARBITRATION_MASK = 7;
  static final int CC_SHUTDOWN_SHIFT = 14;
  static final int CC_SHUTDOWN_MASK = 3;
  static final int CC_SUBMISSION_SIZE_SHIFT = 16;
  static final int CC_COMPLETION_SIZE_SHIFT = 20;
  static final int CC_SIZE_MASK = 0xf;

  /** Bits 24 (CRIME, not supported) and above, and 3:1, are read-only zero. */
  static final int CC_WRITABLE = 0x00ff_fff1;

  // CSTS.
  static final int CSTS_READY = 1;
  static final int CSTS_FATAL = 1 << 1;
  static final int CSTS_SHUTDOWN_MASK = 3 << 2;
  static final int CSTS_SHUTDOWN_COMPLETE = 2 << 2;
  static final int CSTS_SUBSYSTEM_RESET = 1 << 4;

  /** NSSR: "NVMe". */
  static final int SUBSYSTEM_RESET_KEY = 0x4e56_4d65;

  // AQA.
  static final int AQA_COMPLETION_SHIFT = 16;
  static final int AQA_SIZE_MASK = 0xfff;

  // Sizes of queue entries.
  static final int SUBMISSION_SHIFT = 6;
  static final int COMPLETION_SHIFT = 4;
  static final int SUBMISSION_SIZE = 1 << SUBMISSION_SHIFT;
  static final int COMPLETION_SIZE = 1 << COMPLETION_SHIFT;

  private RegisterMap() {}
}
