package orrery.machine.cpu;

import orrery.unicorn.EngineCpu;

/** A64 loads and stores: what they access (ARM DDI 0487, C4.1, "Loads and Stores"). */
final class LoadStore {
  private static final int SIMD = 1 << 26;
  private static final int LOAD = 1 << 22;
  private static final int OPC_SHIFT = 22;
  private static final int REGISTER_MASK = 31;
  private static final int BASE_SHIFT = 5;
  private static final int SECOND_SHIFT = 10;
  private static final int INDEX_SHIFT = 16;
  private static final int QUAD = 4;
  private static final int STRUCTURE_BYTES = 64;

  private LoadStore() {}

  /** Whether an instruction is a load, a store or both. */
  static boolean is(int word) {
    return (word & 0x0a00_0000) == 0x0800_0000;
  }

  /** Whether it only loads. */
  static boolean isLoadOnly(int word) {
    if (isLiteral(word)) {
      return true;
    }
    if (isAtomic(word)) {
      return false;
    }
    return isSingle(word) ? !isSingleStore(word) : (word & LOAD) != 0;
  }

  /** Whether it only stores. */
  static boolean isStoreOnly(int word) {
    return !isAtomic(word) && !isLoadOnly(word);
  }

  private static boolean isLiteral(int word) {
    return (word & 0x3b00_0000) == 0x1800_0000;
  }

  private static boolean isPair(int word) {
    return (word & 0x3a00_0000) == 0x2800_0000;
  }

  /** One register, with any of the addressing modes. */
  private static boolean isSingle(int word) {
    return (word & 0x3a00_0000) == 0x3800_0000;
  }

  private static boolean hasUnsignedOffset(int word) {
    return (word & 0x3b00_0000) == 0x3900_0000;
  }

  private static boolean hasIndex(int word) {
    return (word & 0x3b20_0c00) == 0x3820_0800;
  }

  private static boolean isAtomic(int word) {
    return (word & 0x3b20_0c00) == 0x3820_0000 // LSE
        || (word & 0x3fa0_7c00) == 0x08a0_7c00; // CAS
  }

  private static boolean isStructure(int word) {
    return (word & 0x3e00_0000) == 0x0c00_0000;
  }

  private static boolean isSingleStore(int word) {
    int opc = word >>> OPC_SHIFT & 3;
    return opc == 0 || opc == 2 && (word & SIMD) != 0;
  }

  /** How many bytes it accesses, from its address on; at most. */
  static int bytes(int word) {
    if (isLiteral(word)) {
      return (word & SIMD) != 0 ? 16 : Long.BYTES;
    }
    if (isStructure(word)) {
      return STRUCTURE_BYTES;
    }
    return isSingle(word) ? 1 << scale(word) : 2 << scale(word);
  }

  /** The logarithm of the bytes of one register. */
  private static int scale(int word) {
    int size = word >>> 30;
    if (isPair(word)) {
      return (word & SIMD) != 0 ? 2 + size : size == 2 ? 3 : 2;
    }
    boolean quad = isSingle(word) && (word & SIMD) != 0 && (word >>> OPC_SHIFT & 2) != 0;
    return quad ? QUAD : size;
  }

  /** The virtual address that it accesses, with the registers as they are before it. */
  static long address(int word, long pc, EngineCpu cpu) {
    if (isLiteral(word)) {
      return pc + ((word << 8 >> 13) << 2);
    }
    long base = cpu.x(word >>> BASE_SHIFT & REGISTER_MASK);
    if (isPair(word)) {
      boolean post = (word >>> 23 & 3) == 1;
      return post ? base : base + ((long) (word << 10 >> 25) << scale(word));
    }
    if (hasUnsignedOffset(word)) {
      return base + ((long) (word >>> 10 & 0xfff) << scale(word));
    }
    if (hasIndex(word)) {
      return base + index(word, cpu);
    }
    boolean signedOffset = isSingle(word) && (word & 1 << 21) == 0 && (word >>> 10 & 3) != 1;
    return signedOffset ? base + (word << 11 >> 23) : base;
  }

  private static long index(int word, EngineCpu cpu) {
    int register = word >>> INDEX_SHIFT & REGISTER_MASK;
    long value = register == REGISTER_MASK ? 0 : cpu.x(register);
    long extended =
        switch (word >>> 13 & 7) {
          case 2 -> value & 0xffff_ffffL; // UXTW
          case 6 -> (int) value; // SXTW
          default -> value;
        };
    return (word & 1 << 12) == 0 ? extended : extended << scale(word);
  }

  /**
   * Whether an instruction may change a register that gives the address of {@code access}. What
   * only names the register without changing it may count, too.
   */
  static boolean changesAddress(int word, int access) {
    int base = access >>> BASE_SHIFT & REGISTER_MASK;
    if (names(word, base)) {
      return true;
    }
    return hasIndex(access) && names(word, access >>> INDEX_SHIFT & REGISTER_MASK);
  }

  private static boolean names(int word, int register) {
    if ((word & REGISTER_MASK) == register && !(is(word) && isStoreOnly(word))) {
      return true;
    }
    if (isPair(word) && isLoadOnly(word) && (word >>> SECOND_SHIFT & REGISTER_MASK) == register) {
      return true;
    }
    boolean writesBack =
        isPair(word) && (word & 1 << 23) != 0 && (word & 1 << 24) == 0
            || isPair(word) && (word >>> 23 & 3) == 3
            || isSingle(word) && (word & 0x0120_0400) == 0x0000_0400
            || isStructure(word) && (word & 1 << 23) != 0;
    return writesBack && (word >>> BASE_SHIFT & REGISTER_MASK) == register;
  }
}
