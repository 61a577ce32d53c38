package orrery.cli.console;

/** What the user's keys go through on the way to the guest. */
interface InputFilter {
  /** What passes everything on as it is. */
  InputFilter NONE = octet -> octet;

  /** No byte results from the key. */
  int NOTHING = -1;

  /**
   * One byte from the host.
   *
   * @return the byte for the guest, {@link #NOTHING}, or two bytes as {@code first << 8 | second |
   *     PAIR}
   */
  int filter(int octet);

  /** Marks a result that holds two bytes. */
  int PAIR = 1 << 16;
}
