package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** The engine's table of system registers (a hash table) and the descriptions in it. */
final class SystemRegisterTable {
  // The key of an AArch64 register: coprocessor 0x13 and the encoding.
  private static final int KEY_AARCH64 = 1 << 28 | 0x13 << 16;

  // Fields of a GHashTable: size, mod, mask, nnodes as ints.
  private static final long SIZE = 0;
  private static final long MASK = 8;
  private static final long COUNT = 12;
  private static final int HEAD = 16;
  private static final int MOST_NODES = 65536;
  private static final int LEAST_NODES = 50;

  private static final long DESCRIPTION_BYTES = 160;
  private static final long DESCRIPTION_FUNCTIONS = 48;
  private static final long DESCRIPTION_NUMBERS = 8; // behind the name
  private static final long TEXT_REACH = 8 << 20;

  private static final SystemRegister CNTFRQ = new SystemRegister(3, 3, 14, 0, 0);
  private static final SystemRegister CNTVCT = new SystemRegister(3, 3, 14, 0, 2);
  private static final SystemRegister CNTV_TVAL = new SystemRegister(3, 3, 14, 3, 0);
  private static final SystemRegister CNTV_CVAL = new SystemRegister(3, 3, 14, 3, 2);

  // ARMCPRegInfo.type: bit 0 and bits 11:8 are the kind of what needs no function, 0 for the rest.
  private static final int KIND = 0xf01;
  private static final int KIND_NOTHING = 0x101;
  private static final int KIND_NZCV = 0x301;
  private static final int KIND_CURRENT_EL = 0x401;
  private static final int KIND_ZERO = 0x501;

  private static final SystemRegister NZCV = new SystemRegister(3, 3, 4, 2, 0);
  private static final SystemRegister CURRENT_EL = new SystemRegister(3, 0, 4, 2, 2);
  private static final SystemRegister DC_ZVA = new SystemRegister(1, 3, 7, 4, 1);
  private static final SystemRegister IC_IVAU = new SystemRegister(1, 3, 7, 5, 1);
  private static final SystemRegister IC_IALLU = new SystemRegister(1, 0, 7, 5, 0);

  private final long table;

  SystemRegisterTable(long table) {
    this.table = table;
  }

  /**
   * Whether an address, mapped or not, holds a hash table that knows the virtual timer.
   *
   * @param head room for the table's first {@value #HEAD} bytes
   */
  static boolean isTable(long address, MemorySegment head) {
    if (NativeMemory.peek(address, head, HEAD) != HEAD) {
      return false;
    }
    int size = head.get(JAVA_INT, SIZE);
    if (size <= LEAST_NODES || size > MOST_NODES || Integer.bitCount(size) != 1) {
      return false;
    }
    int count = head.get(JAVA_INT, COUNT);
    return head.get(JAVA_INT, MASK) == size - 1
        && count >= LEAST_NODES
        && count <= size
        && "CNTV_CVAL_EL0".equals(new SystemRegisterTable(address).name(CNTV_CVAL));
  }

  private static int key(SystemRegister register) {
    return KEY_AARCH64
        | register.op0() << 14
        | register.op1() << 11
        | register.crn() << 7
        | register.crm() << 3
        | register.op2();
  }

  /**
   * The address of a register's description.
   *
   * @throws UnicornException if the CPU model does not have it
   */
  long description(SystemRegister register) {
    long found;
    found = InternalCalls.Rare.REGISTER_INFO.call(table, key(register));
    if (found == 0) {
      throw new UnicornException("the CPU model has no register " + register, null);
    }
    return found;
  }

  private String name(SystemRegister register) {
    long text = NativeMemory.MEMORY.get(JAVA_LONG, description(register));
    StringBuilder name = new StringBuilder();
    for (byte c; (c = NativeMemory.MEMORY.get(JAVA_BYTE, text)) > 0 && name.length() < 32; text++) {
      name.append((char) c);
    }
    return name.toString();
  }

  /**
   * ARMCPRegInfo.readfn and writefn: the frequency has an access check but neither, the counter has
   * the first in addition, the timers have both.
   */
  void findFunctions(CpuLayout layout) {
    long counter = functions(CNTVCT);
    layout.readFunction = 8 * single("readfn", counter & ~functions(CNTFRQ));
    layout.writeFunction =
        8 * single("writefn", functions(CNTV_TVAL) & functions(CNTV_CVAL) & ~counter);
  }

  /**
   * ARMCPRegInfo.type: the one number that is of the right kind in every description with a kind.
   */
  void findType(CpuLayout layout) {
    layout.registerType =
        4
            * single(
                "a register's type",
                kinds(NZCV, KIND_NZCV)
                    & kinds(CURRENT_EL, KIND_CURRENT_EL)
                    & kinds(DC_ZVA, KIND_ZERO)
                    & kinds(IC_IVAU, KIND_NOTHING)
                    & kinds(IC_IALLU, KIND_NOTHING)
                    & kinds(CNTV_TVAL, 0));
  }

  /** A bit for every number of a description that may be its type, by its kind. */
  private long kinds(SystemRegister register, int kind) {
    long description = description(register);
    long bits = 0;
    for (long at = DESCRIPTION_NUMBERS; at < DESCRIPTION_BYTES; at += 4) {
      if ((NativeMemory.MEMORY.get(JAVA_INT, description + at) & KIND) == kind) {
        bits |= 1L << at / 4;
      }
    }
    return bits;
  }

  /**
   * Lets an instruction that the engine ignores call a function.
   *
   * @return the instruction's description
   */
  long replaceNothing(SystemRegister operation, MemorySegment write, CpuLayout layout) {
    long description = description(operation);
    int type = NativeMemory.MEMORY.get(JAVA_INT, description + layout.registerType);
    if ((type & KIND) != KIND_NOTHING) {
      throw new UnicornException(
          "this Unicorn library does not ignore " + operation + " as expected; use version 2.1.4",
          null);
    }
    NativeMemory.MEMORY.set(JAVA_LONG, description + layout.writeFunction, write.address());
    NativeMemory.MEMORY.set(JAVA_INT, description + layout.registerType, type & ~KIND);
    return description;
  }

  /** A bit for every word of a description that points into the engine's code. */
  private long functions(SystemRegister register) {
    long code = InternalCalls.Rare.REGISTER_INFO.address().address();
    long description = description(register);
    long bits = 0;
    for (long at = DESCRIPTION_FUNCTIONS; at < DESCRIPTION_BYTES; at += 8) {
      long value = NativeMemory.MEMORY.get(JAVA_LONG, description + at);
      if (Math.abs(value - code) < TEXT_REACH) {
        bits |= 1L << at / 8;
      }
    }
    return bits;
  }

  /** The number of the only bit. */
  private static long single(String what, long bits) {
    if (Long.bitCount(bits) != 1) {
      throw new UnicornException(
          "this Unicorn library cannot be used: "
              + what
              + " found in "
              + Long.bitCount(bits)
              + " places instead of one; use version 2.1.4",
          null);
    }
    return Long.numberOfTrailingZeros(bits);
  }
}
