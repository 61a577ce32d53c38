package orrery.unicorn;

/** The engine's errors, {@code uc_err} in unicorn.h; the ordinal is the C value. */
public enum UnicornError {
  /** No error. */
  OK,
  /** Out of memory. */
  NO_MEMORY,
  /** Unsupported architecture. */
  ARCHITECTURE,
  /** Invalid handle. */
  HANDLE,
  /** Invalid or unsupported mode. */
  MODE,
  /** Unsupported version of the bindings. */
  VERSION,
  /** Emulation ended: read from unmapped memory. */
  READ_UNMAPPED,
  /** Emulation ended: write to unmapped memory. */
  WRITE_UNMAPPED,
  /** Emulation ended: fetch from unmapped memory. */
  FETCH_UNMAPPED,
  /** Invalid hook type. */
  HOOK,
  /** Emulation ended: invalid instruction. */
  INSTRUCTION_INVALID,
  /** Invalid memory mapping. */
  MAP,
  /** Emulation ended: write to memory without write permission. */
  WRITE_PROTECTED,
  /** Emulation ended: read from memory without read permission. */
  READ_PROTECTED,
  /** Emulation ended: fetch from memory without execute permission. */
  FETCH_PROTECTED,
  /** Invalid argument. */
  ARGUMENT,
  /** Unaligned read. */
  READ_UNALIGNED,
  /** Unaligned write. */
  WRITE_UNALIGNED,
  /** Unaligned fetch. */
  FETCH_UNALIGNED,
  /** A hook for this event exists already. */
  HOOK_EXISTS,
  /** Insufficient resource. */
  RESOURCE,
  /** Emulation ended: unhandled CPU exception. */
  EXCEPTION,
  /** The buffer is too small for the register. */
  OVERFLOW,
  /** A value that this version of the header does not name. */
  UNKNOWN;

  private static final UnicornError[] VALUES = values();

  /** The error for a {@code uc_err} value. */
  public static UnicornError of(int code) {
    return code >= 0 && code < UNKNOWN.ordinal() ? VALUES[code] : UNKNOWN;
  }

  /** The {@code uc_err} value. */
  public int code() {
    return ordinal();
  }
}
