package orrery.unicorn;

/** Permissions of guest memory as bit masks, {@code uc_prot} in unicorn.h. */
public final class Protection {
  /** No access. */
  public static final int NONE = 0;

  /** Loads. */
  public static final int READ = 1;

  /** Stores. */
  public static final int WRITE = 2;

  /** Instruction fetches. */
  public static final int EXECUTE = 4;

  /** Every access. */
  public static final int ALL = READ | WRITE | EXECUTE;

  private Protection() {}
}
