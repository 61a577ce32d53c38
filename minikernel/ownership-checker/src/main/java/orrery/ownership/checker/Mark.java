package orrery.ownership.checker;

/** The annotations, by name: the checker does not depend on the module that declares them. */
public enum Mark {
  OWNED("Owned"),
  MOVE("Move"),
  BORROW("Borrow"),
  NOW("Now"),
  MAY_SLEEP("MaySleep"),
  ATOMIC("Atomic"),
  GUARD("Guard"),
  SENDABLE("Sendable"),
  SHARED("Shared"),
  UNTRUSTED("Untrusted"),
  UNSAFE("Unsafe"),
  UNSAFE_CALL("UnsafeCall"),
  NULLABLE("Nullable");

  /** Where the annotations are declared. */
  static final String PACKAGE = "orrery.ownership.";

  private final String qualifiedName;

  Mark(String simpleName) {
    qualifiedName = PACKAGE + simpleName;
  }

  /** The annotation's qualified name. */
  public String qualifiedName() {
    return qualifiedName;
  }

  int bit() {
    return 1 << ordinal();
  }
}
