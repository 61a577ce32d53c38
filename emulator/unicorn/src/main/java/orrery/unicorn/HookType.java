package orrery.unicorn;

/** Kinds of hooks as bit masks, {@code uc_hook_type} in unicorn.h. */
public final class HookType {
  /** Exceptions and interrupts. */
  public static final int INTERRUPT = 1;

  /** One particular instruction. */
  public static final int INSTRUCTION = 1 << 1;

  /** Every instruction of a range. */
  public static final int CODE = 1 << 2;

  /** Every basic block of a range. */
  public static final int BLOCK = 1 << 3;

  /** Reads of unmapped memory. */
  public static final int READ_UNMAPPED = 1 << 4;

  /** Writes to unmapped memory. */
  public static final int WRITE_UNMAPPED = 1 << 5;

  /** Fetches from unmapped memory. */
  public static final int FETCH_UNMAPPED = 1 << 6;

  /** Reads of memory without read permission. */
  public static final int READ_PROTECTED = 1 << 7;

  /** Writes to memory without write permission. */
  public static final int WRITE_PROTECTED = 1 << 8;

  /** Fetches from memory without execute permission. */
  public static final int FETCH_PROTECTED = 1 << 9;

  /** Reads, before they happen. */
  public static final int READ = 1 << 10;

  /** Writes, before they happen. */
  public static final int WRITE = 1 << 11;

  /** Fetches. */
  public static final int FETCH = 1 << 12;

  /** Reads, after they succeeded, with the value. */
  public static final int READ_AFTER = 1 << 13;

  /** Invalid instructions. The AArch64 engine reports them as exception 1 of INTERRUPT instead. */
  public static final int INVALID_INSTRUCTION = 1 << 14;

  /** New edges between translation blocks. */
  public static final int EDGE_GENERATED = 1 << 15;

  /** One TCG opcode. */
  public static final int TCG_OPCODE = 1 << 16;

  /** Misses of the virtual TLB. */
  public static final int TLB_FILL = 1 << 17;

  /** Every access to unmapped memory. */
  public static final int UNMAPPED = READ_UNMAPPED | WRITE_UNMAPPED | FETCH_UNMAPPED;

  /** Every access that lacks permission. */
  public static final int PROTECTED = READ_PROTECTED | WRITE_PROTECTED | FETCH_PROTECTED;

  /** Every invalid access. */
  public static final int INVALID = UNMAPPED | PROTECTED;

  /** Every valid access. */
  public static final int VALID = READ | WRITE | FETCH;

  private HookType() {}
}
