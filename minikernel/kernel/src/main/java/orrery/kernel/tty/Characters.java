package orrery.kernel.tty;

/**
 * Character classes as Linux's {@code lib/ctype.c} has them: Latin-1, which differs from Java's own
 * above 0x7f.
 */
final class Characters {
  private Characters() {}

  static boolean isControl(int c) {
    return c < 0x20 || c == 0x7f;
  }

  /** A letter or digit; 0xd7 and 0xf7 are signs. */
  static boolean isLetterOrDigit(int c) {
    return c >= '0' && c <= '9'
        || c >= 'A' && c <= 'Z'
        || c >= 'a' && c <= 'z'
        || c >= 0xc0 && c != 0xd7 && c != 0xf7;
  }

  static int toUpper(int c) {
    boolean lower = c >= 'a' && c <= 'z' || c >= 0xdf && c != 0xf7;
    return lower ? c - 0x20 : c;
  }

  static int toLower(int c) {
    boolean upper = c >= 'A' && c <= 'Z' || c >= 0xc0 && c <= 0xde && c != 0xd7;
    return upper ? c + 0x20 : c;
  }

  /** A byte of a UTF-8 sequence other than its first, if {@code utf8} is on. */
  static boolean isContinuation(int c, boolean utf8) {
    return utf8 && (c & 0xc0) == 0x80;
  }
}
