package orrery.kernel.exec;

import java.util.Arrays;

/**
 * What the kernel tells a program beside its arguments: pairs of type and value. Source: {@code
 * include/uapi/linux/auxvec.h}, {@code arch/arm64/include/uapi/asm/auxvec.h}.
 */
final class AuxiliaryVector {
  static final int AT_NULL = 0;
  static final int AT_PHDR = 3;
  static final int AT_PHENT = 4;
  static final int AT_PHNUM = 5;
  static final int AT_PAGESZ = 6;
  static final int AT_BASE = 7;
  static final int AT_FLAGS = 8;
  static final int AT_ENTRY = 9;
  static final int AT_UID = 11;
  static final int AT_EUID = 12;
  static final int AT_GID = 13;
  static final int AT_EGID = 14;
  static final int AT_PLATFORM = 15;
  static final int AT_HWCAP = 16;
  static final int AT_CLKTCK = 17;
  static final int AT_SECURE = 23;
  static final int AT_RANDOM = 25;
  static final int AT_HWCAP2 = 26;
  static final int AT_EXECFN = 31;
  static final int AT_MINSIGSTKSZ = 51;

  private long[] longs = new long[48];
  private int size;

  void add(int type, long value) {
    if (size + 2 > longs.length) {
      longs = Arrays.copyOf(longs, size * 2);
    }
    longs[size++] = type;
    longs[size++] = value;
  }

  void end() {
    add(AT_NULL, 0);
  }

  /** Types and values so far. */
  int longs() {
    return size;
  }

  long get(int index) {
    return longs[index];
  }
}
