package orrery.device.nvme;

/**
 * The Identify Controller data structure (Base, section 5.2.13.2.1): what this controller can do.
 */
final class IdentifyController {
  static final String MODEL = "Orrery NVMe Controller";
  static final String FIRMWARE = "1.0";
  static final int PCI_VENDOR = 0x1234;
  static final int PCI_DEVICE = 0x6e76;

  /** Asserted kelvins of the warning and critical temperatures. */
  private static final int WARNING_TEMPERATURE = 343;

  private static final int CRITICAL_TEMPERATURE = 353;

  /** In pages of 4 KiB, as a power of two. */
  private static final int MAX_TRANSFER = 9;

  private static final int IO_CONTROLLER = 1;

  /** CTRATT: 128-bit host identifiers. */
  private static final int ATTRIBUTES = 1;

  /** OACS: Format NVM, Doorbell Buffer Config. */
  private static final int ADMIN_COMMANDS = 1 << 1 | 1 << 8;

  private static final int ABORT_LIMIT = 3;

  /** FRMW: one slot, read-only. */
  private static final int FIRMWARE_SLOTS = 1 << 1 | 1;

  /** LPA: commands supported and effects, extended offsets, pages 00h, 05h and 12h. */
  private static final int LOG_PAGES = 1 << 1 | 1 << 2 | 1 << 5;

  /** ONCS: Compare, DSM, Write Zeroes, Save/Select, Timestamp, Verify, Copy. */
  private static final int NVM_COMMANDS = 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 6 | 1 << 7 | 1 << 8;

  /** VWC: present; Flush takes the broadcast NSID. */
  private static final int WRITE_CACHE = 1 | 3 << 1;

  /** AWUN: commands run one after another, so the largest one of 4 KiB blocks is atomic. */
  private static final int ATOMIC_BLOCKS = 511;

  /** SGLS: supported without alignment, bit bucket, longer than the data allowed. */
  private static final int SCATTER_GATHER = 1 | 1 << 16 | 1 << 18;

  private static final int ENTRY_SIZES_SUBMISSION =
      RegisterMap.SUBMISSION_SHIFT << 4 | RegisterMap.SUBMISSION_SHIFT;
  private static final int ENTRY_SIZES_COMPLETION =
      RegisterMap.COMPLETION_SHIFT << 4 | RegisterMap.COMPLETION_SHIFT;

  private static final int POWER_STATE = 2048;
  private static final int POWER_STATE_SIZE = 32;
  private static final int NON_OPERATIONAL = 1 << 1;

  /** Of each power state: 10 mW units of maximum power, latencies in microseconds. */
  private static final int[][] POWER_STATES = {
    {800, 0, 0}, {400, 0, 0}, {300, 0, 0}, {5, 2000, 2000}, {1, 5000, 10000}
  };

  private static final int FIRST_NON_OPERATIONAL = 3;

  private IdentifyController() {}

  /** Whether the host may choose the power state for idle times. */
  static boolean isNonOperational(int powerState) {
    return powerState >= FIRST_NON_OPERATIONAL && powerState < POWER_STATES.length;
  }

  static byte[] page(String serial, Namespace[] namespaces) {
    long capacity = 0;
    for (Namespace namespace : namespaces) {
      capacity += namespace.medium.size();
    }
    Page page = new Page(4096);
    page.put16(0, PCI_VENDOR)
        .put16(2, PCI_VENDOR)
        .putText(4, 20, serial)
        .putText(24, 40, MODEL)
        .putText(64, 8, FIRMWARE)
        .put8(77, MAX_TRANSFER)
        .put32(80, RegisterMap.VERSION)
        .put32(92, Surroundings.NAMESPACE_NOTICE)
        .put32(96, ATTRIBUTES)
        .put8(111, IO_CONTROLLER)
        .put16(256, ADMIN_COMMANDS)
        .put8(258, ABORT_LIMIT)
        .put8(259, AsyncEvents.REQUESTS - 1)
        .put8(260, FIRMWARE_SLOTS)
        .put8(261, LOG_PAGES)
        .put8(262, ErrorLog.ENTRIES - 1)
        .put8(263, NvmeState.POWER_STATES - 1)
        .put8(265, 1) // APSTA
        .put16(266, WARNING_TEMPERATURE)
        .put16(268, CRITICAL_TEMPERATURE)
        .put64(280, capacity)
        .put8(512, ENTRY_SIZES_SUBMISSION)
        .put8(513, ENTRY_SIZES_COMPLETION)
        .put32(516, namespaces.length)
        .put16(520, NVM_COMMANDS)
        .put8(525, WRITE_CACHE)
        .put16(526, ATOMIC_BLOCKS)
        .put16(534, 1) // OCFS: format 0
        .put32(536, SCATTER_GATHER);
    putName(page, serial);
    for (int i = 0; i < POWER_STATES.length; i++) {
      int at = POWER_STATE + i * POWER_STATE_SIZE;
      page.put16(at, POWER_STATES[i][0])
          .put8(at + 3, isNonOperational(i) ? NON_OPERATIONAL : 0)
          .put32(at + 4, POWER_STATES[i][1])
          .put32(at + 8, POWER_STATES[i][2])
          .put8(at + 12, i)
          .put8(at + 13, i)
          .put8(at + 14, i)
          .put8(at + 15, i);
    }
    return page.bytes();
  }

  /** The subsystem's qualified name, ended by a zero byte (Base, section 4.7). */
  private static void putName(Page page, String serial) {
    String name = "nqn.2014-08.org.nvmexpress:uuid:" + Names.uuid(serial, 0);
    page.putText(768, name.length(), name);
  }
}
