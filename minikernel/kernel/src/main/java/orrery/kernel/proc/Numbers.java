package orrery.kernel.proc;

/** Names that are numbers. */
final class Numbers {
  private static final int MAX_DIGITS = 9;

  private Numbers() {}

  /** The number that {@code name} writes without leading zeros; -1 if it is none. */
  static int parse(String name) {
    if (name.isEmpty()
        || name.length() > MAX_DIGITS
        || name.charAt(0) == '0' && name.length() > 1) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + c - '0';
    }
    return value;
  }
}
