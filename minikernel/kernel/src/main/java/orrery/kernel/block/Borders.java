package orrery.kernel.block;

import java.util.Arrays;

/**
 * Where requests begin and end on a disk, as a set that may have members too many, but none too
 * few: most pieces of random access adjoin nothing, and are told so by two looks instead of one at
 * each request. A Bloom filter of one hash function.
 */
final class Borders {
  private static final int BITS_SHIFT = 9;
  private static final int WORD_SHIFT = 6;

  /** 2 to the 64th by the golden ratio, for Fibonacci hashing. */
  private static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

  private final long[] words = new long[1 << BITS_SHIFT - WORD_SHIFT];

  void add(long position) {
    int bit = hash(position);
    words[bit >>> WORD_SHIFT] |= 1L << bit;
  }

  boolean mayHave(long position) {
    int bit = hash(position);
    return (words[bit >>> WORD_SHIFT] & 1L << bit) != 0;
  }

  /** There are none any more. */
  void clear() {
    Arrays.fill(words, 0);
  }

  private static int hash(long position) {
    return (int) (position * FACTOR >>> Long.SIZE - BITS_SHIFT);
  }
}
