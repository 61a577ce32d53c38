package orrery.kernel.memory;

/** Where the parts of a program are, as exec put them: the fields of {@code struct mm_struct}. */
public final class ProgramAddresses {
  private long codeStart;
  private long codeEnd;
  private long dataStart;
  private long dataEnd;
  private long stackStart;
  private long argumentsStart;
  private long argumentsEnd;
  private long environmentStart;
  private long environmentEnd;

  ProgramAddresses() {}

  void copyFrom(ProgramAddresses p) {
    code(p.codeStart, p.codeEnd);
    data(p.dataStart, p.dataEnd);
    stack(p.stackStart);
    strings(p.argumentsStart, p.argumentsEnd, p.environmentEnd);
  }

  public void code(long start, long end) {
    codeStart = start;
    codeEnd = end;
  }

  public void data(long start, long end) {
    dataStart = start;
    dataEnd = end;
  }

  /** The stack pointer that the program began with. */
  public void stack(long pointer) {
    stackStart = pointer;
  }

  /** The arguments' strings, directly followed by the environment's. */
  public void strings(long arguments, long environment, long end) {
    argumentsStart = arguments;
    argumentsEnd = environment;
    environmentStart = environment;
    environmentEnd = end;
  }

  public long codeStart() {
    return codeStart;
  }

  public long codeEnd() {
    return codeEnd;
  }

  public long dataStart() {
    return dataStart;
  }

  public long dataEnd() {
    return dataEnd;
  }

  public long stackStart() {
    return stackStart;
  }

  public long argumentsStart() {
    return argumentsStart;
  }

  public long argumentsEnd() {
    return argumentsEnd;
  }

  public long environmentStart() {
    return environmentStart;
  }

  public long environmentEnd() {
    return environmentEnd;
  }
}
