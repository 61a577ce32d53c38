package orrery.device.nvme;

/**
 * Status field of a completion without its phase tag: code 7:0, type 10:8, retry delay 12:11, More
 * 13, Do Not Retry 14 (Base, section 4.2.3; NVM, status codes). Errors that the same command will
 * meet again carry Do Not Retry.
 */
final class Status {
  static final int DO_NOT_RETRY = 1 << 14;
  static final int MORE = 1 << 13;

  private static final int SPECIFIC = 1 << 8 | DO_NOT_RETRY;
  private static final int MEDIA = 2 << 8;

  /** Type and code without the flags. */
  static final int CODE_MASK = 0x7ff;

  // Generic.
  static final int SUCCESS = 0;
  static final int INVALID_OPCODE = 0x01 | DO_NOT_RETRY;
  static final int INVALID_FIELD = 0x02 | DO_NOT_RETRY;
  static final int COMMAND_ID_CONFLICT = 0x03 | DO_NOT_RETRY;
  static final int DATA_TRANSFER_ERROR = 0x04;
  static final int INTERNAL_ERROR = 0x06;
  static final int ABORT_REQUESTED = 0x07;
  static final int ABORTED_QUEUE_DELETED = 0x08;
  static final int INVALID_NAMESPACE = 0x0b | DO_NOT_RETRY;
  static final int COMMAND_SEQUENCE = 0x0c | DO_NOT_RETRY;
  static final int SGL_SEGMENT_INVALID = 0x0d | DO_NOT_RETRY;
  static final int SGL_COUNT_INVALID = 0x0e | DO_NOT_RETRY;
  static final int SGL_LENGTH_INVALID = 0x0f | DO_NOT_RETRY;
  static final int SGL_TYPE_INVALID = 0x11 | DO_NOT_RETRY;
  static final int PRP_OFFSET_INVALID = 0x13 | DO_NOT_RETRY;
  static final int HOST_ID_FORMAT = 0x18 | DO_NOT_RETRY;
  static final int WRITE_PROTECTED = 0x20 | DO_NOT_RETRY;
  static final int LBA_OUT_OF_RANGE = 0x80 | DO_NOT_RETRY;

  // Command specific.
  static final int COMPLETION_QUEUE_INVALID = SPECIFIC | 0x00;
  static final int QUEUE_ID_INVALID = SPECIFIC | 0x01;
  static final int QUEUE_SIZE_INVALID = SPECIFIC | 0x02;
  static final int EVENT_LIMIT = SPECIFIC | 0x05;
  static final int VECTOR_INVALID = SPECIFIC | 0x08;
  static final int LOG_PAGE_INVALID = SPECIFIC | 0x09;
  static final int FORMAT_INVALID = SPECIFIC | 0x0a;
  static final int QUEUE_DELETION_INVALID = SPECIFIC | 0x0c;
  static final int NOT_SAVEABLE = SPECIFIC | 0x0d;
  static final int NOT_CHANGEABLE = SPECIFIC | 0x0e;
  static final int NOT_NAMESPACE_SPECIFIC = SPECIFIC | 0x0f;
  static final int COMMAND_SET_REJECTED = SPECIFIC | 0x2b;
  static final int PROTECTION_INVALID = SPECIFIC | 0x81;
  static final int SIZE_LIMIT_EXCEEDED = SPECIFIC | 0x83;

  // Media and data integrity.
  static final int WRITE_FAULT = MEDIA | 0x80;
  static final int READ_ERROR = MEDIA | 0x81;
  static final int COMPARE_FAILURE = MEDIA | 0x85 | DO_NOT_RETRY;

  /** No status: the command completes later, or never. */
  static final int PENDING = -1;

  /** Instead of a status: it is known when the {@link ReadBatch} has been copied. */
  static final int PUT_OFF = -2;

  private Status() {}
}
