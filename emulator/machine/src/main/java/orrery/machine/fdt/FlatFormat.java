package orrery.machine.fdt;

/** Numbers of the flattened format (Devicetree Specification v0.4, section 5). */
final class FlatFormat {
  /** Section 5.2: the header's fields, as byte offsets of big-endian words. */
  static final int MAGIC_OFFSET = 0;

  static final int TOTAL_SIZE_OFFSET = 4;
  static final int STRUCTURE_OFFSET = 8;
  static final int STRINGS_OFFSET = 12;
  static final int VERSION_OFFSET = 20;
  static final int LAST_COMPATIBLE_VERSION_OFFSET = 24;
  static final int STRINGS_SIZE_OFFSET = 32;
  static final int STRUCTURE_SIZE_OFFSET = 36;
  static final int HEADER_SIZE = 40;

  static final int MAGIC = 0xd00dfeed;
  static final int VERSION = 17;
  static final int LAST_COMPATIBLE_VERSION = 16;

  /** Section 5.4.1: tokens of the structure block. */
  static final int BEGIN_NODE = 1;

  static final int END_NODE = 2;
  static final int PROPERTY = 3;
  static final int NOP = 4;
  static final int END = 9;

  /** Every token starts at a multiple of this, in bytes. */
  static final int TOKEN_ALIGNMENT = 4;

  /**
   * The largest blob taken, in bytes: the limit of the Linux/arm64 boot protocol
   * (Documentation/arch/arm64/booting.rst, section 2).
   */
  static final int MAX_SIZE = 2 << 20;

  private FlatFormat() {}
}
