package orrery.device.nvme;

/**
 * The command in execution: its submission queue entry (Base, section 4.1.1), the guest's memory it
 * names, and what is to go into its completion. There is one, reused for every command.
 */
final class Request {
  /** NSID that means every namespace. */
  static final int BROADCAST = 0xffff_ffff;

  // Byte offsets of fields, also for the error log's parameter location.
  static final int AT_OPCODE = 0;
  static final int AT_FLAGS = 1;
  static final int AT_ID = 2;
  static final int AT_NAMESPACE = 4;
  static final int AT_METADATA = 16;
  static final int AT_DATA = 24;
  static final int AT_DATA_2 = 32;
  static final int AT_10 = 40;
  static final int AT_11 = 44;
  static final int AT_12 = 48;
  static final int AT_13 = 52;
  static final int AT_14 = 56;
  static final int AT_15 = 60;

  private static final int FUSED_MASK = 3;
  private static final int POINTER_SHIFT = 6;
  private static final int BYTE_MASK = 0xff;
  private static final int ID_SHIFT = 16;

  private final Fetched entry;
  final Extents extents = new Extents();

  /** Where it came from. */
  SubmissionQueue queue;

  /** The namespace of an I/O command. */
  Namespace namespace;

  /** Command specific results, dwords 0 and 1 of the completion. */
  int result;

  int result2;

  /** Byte offset of the field that is wrong, for the error log; -1 for none in particular. */
  int wrongField;

  /** First LBA it is about, for the error log. */
  long wrongBlock;

  Request(Fetched entry) {
    this.entry = entry;
  }

  void begin(SubmissionQueue from) {
    queue = from;
    namespace = null;
    result = 0;
    result2 = 0;
    wrongField = -1;
    wrongBlock = 0;
    extents.clear();
  }

  byte octet(int at) {
    return entry.octet(at);
  }

  int dword(int at) {
    return entry.dword(at);
  }

  long quadword(int at) {
    return entry.quadword(at);
  }

  int opcode() {
    return octet(AT_OPCODE) & BYTE_MASK;
  }

  int fused() {
    return octet(AT_FLAGS) & FUSED_MASK;
  }

  /** PRP or SGL for Data Transfer: 0 PRP, 1 and 2 SGL, 3 reserved. */
  int pointerKind() {
    return (octet(AT_FLAGS) & BYTE_MASK) >>> POINTER_SHIFT;
  }

  int id() {
    return dword(AT_OPCODE) >>> ID_SHIFT;
  }

  int namespaceId() {
    return dword(AT_NAMESPACE);
  }

  /** Fails because of the field at byte {@code at}. */
  int wrong(int status, int at) {
    wrongField = at;
    return status;
  }

  /** Invalid Field in Command, because of the field at byte {@code at}. */
  int invalid(int at) {
    return wrong(Status.INVALID_FIELD, at);
  }
}
