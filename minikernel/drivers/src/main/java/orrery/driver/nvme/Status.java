package orrery.driver.nvme;

import orrery.kernel.block.BlockStatus;

/**
 * The status field of a completion without its phase tag (Base, section 3.3.3.2; NVM, section 3.2),
 * and what it means to the block layer. Source of that: Linux {@code drivers/nvme/host/core.c},
 * nvme_error_status.
 */
final class Status {
  static final int SUCCESS = 0;
  static final int DO_NOT_RETRY = 1 << 14;

  /** Type and code. */
  static final int CODE_MASK = 0x7ff;

  /** Bits of the whole field. */
  static final int MASK = 0x7fff;

  /** The host gave up: command aborted by host (path-related status), as Linux reports it. */
  static final int HOST_ABORTED = 0x371;

  private static final int INVALID_OPCODE = 0x001;
  private static final int INVALID_FIELD = 0x002;
  private static final int INVALID_NAMESPACE = 0x00b;
  private static final int WRITE_PROTECTED = 0x020;
  private static final int COMMAND_INTERRUPTED = 0x021;
  private static final int OUT_OF_RANGE = 0x080;
  private static final int CAPACITY_EXCEEDED = 0x081;
  private static final int NAMESPACE_NOT_READY = 0x082;
  private static final int RESERVATION_CONFLICT = 0x083;
  private static final int CONFLICTING_ATTRIBUTES = 0x180;
  private static final int READ_ONLY_RANGE = 0x182;
  private static final int WRITE_FAULT = 0x280;
  private static final int READ_ERROR = 0x281;
  private static final int GUARD_CHECK = 0x282;
  private static final int REFERENCE_CHECK = 0x284;
  private static final int COMPARE_FAILURE = 0x285;
  private static final int ACCESS_DENIED = 0x286;
  private static final int UNWRITTEN_BLOCK = 0x287;

  private Status() {}

  static BlockStatus toBlockStatus(int status) {
    int code = status & CODE_MASK;
    if (code >= GUARD_CHECK && code <= REFERENCE_CHECK) {
      return BlockStatus.PROTECTION;
    }
    return switch (code) {
      case SUCCESS -> BlockStatus.OK;
      case CAPACITY_EXCEEDED -> BlockStatus.NO_SPACE;
      case OUT_OF_RANGE, COMMAND_INTERRUPTED, NAMESPACE_NOT_READY -> BlockStatus.TARGET;
      case INVALID_OPCODE, INVALID_FIELD, INVALID_NAMESPACE, CONFLICTING_ATTRIBUTES ->
          BlockStatus.NOT_SUPPORTED;
      case WRITE_FAULT,
          READ_ERROR,
          UNWRITTEN_BLOCK,
          ACCESS_DENIED,
          READ_ONLY_RANGE,
          WRITE_PROTECTED,
          COMPARE_FAILURE ->
          BlockStatus.MEDIUM;
      case RESERVATION_CONFLICT -> BlockStatus.RESERVATION_CONFLICT;
      default -> BlockStatus.IO_ERROR;
    };
  }
}
