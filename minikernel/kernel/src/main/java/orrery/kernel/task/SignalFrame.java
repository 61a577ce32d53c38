package orrery.kernel.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.memory.AddressSpace;

/**
 * What a signal handler finds on its stack: {@code struct rt_sigframe} with its {@code siginfo},
 * {@code ucontext}, {@code sigcontext} and the floating-point record, and above it the frame record
 * for unwinders. A flyweight over a buffer of its own, used again for every frame.
 *
 * <p>Source: Linux {@code arch/arm64/kernel/signal.c}, {@code
 * arch/arm64/include/uapi/asm/sigcontext.h}, {@code ucontext.h}.
 */
final class SignalFrame {
  /** {@code struct rt_sigframe} in bytes, a multiple of 16. */
  static final int SIZE = 4688;

  /** The pair x29, x30 above the frame, in bytes. */
  static final int FRAME_RECORD_SIZE = 16;

  /** Where {@code struct ucontext} begins. */
  static final int UCONTEXT = SigInfo.SIZE;

  // struct ucontext
  static final int STACK_BASE = UCONTEXT + 16;
  static final int STACK_FLAGS = UCONTEXT + 24;
  static final int STACK_SIZE = UCONTEXT + 32;
  static final int MASK = UCONTEXT + 40;

  // struct sigcontext
  static final int SIGCONTEXT = UCONTEXT + 176;
  static final int FAULT_ADDRESS = SIGCONTEXT;
  static final int REGISTERS = SIGCONTEXT + 8;
  static final int SP = SIGCONTEXT + 256;
  static final int PC = SIGCONTEXT + 264;
  static final int PSTATE = SIGCONTEXT + 272;

  /** The records that end with {@link #END_MAGIC}, each with its magic number and size. */
  static final int RECORDS = SIGCONTEXT + 288;

  static final int RECORDS_SIZE = 4096;
  static final int RECORD_HEADER = 8;

  static final int FPSIMD_MAGIC = 0x4650_8001;
  static final int FPSIMD_SIZE = 528;
  static final int ESR_MAGIC = 0x4553_5201;
  static final int ESR_SIZE = 16;
  static final int EXTRA_MAGIC = 0x4558_5401;
  static final int END_MAGIC = 0;

  // struct fpsimd_context
  private static final int FPSR = 8;
  private static final int FPCR = 12;
  private static final int VECTORS = 16;

  /** What is written to the program's stack: the rest of the frame is room for other records. */
  static final int USED = RECORDS + FPSIMD_SIZE + ESR_SIZE + RECORD_HEADER;

  /** X0 to X30. */
  static final int GENERAL_REGISTERS = 31;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes = new byte[SIZE];
  private int fpsimd;

  /** Begins a new frame: no information, no records. */
  void clear() {
    Arrays.fill(bytes, 0, USED, (byte) 0);
  }

  int getInt(int offset) {
    return (int) INT.get(bytes, offset);
  }

  void putInt(int offset, int value) {
    INT.set(bytes, offset, value);
  }

  long getLong(int offset) {
    return (long) LONG.get(bytes, offset);
  }

  void putLong(int offset, long value) {
    LONG.set(bytes, offset, value);
  }

  /** X0 to X30. */
  long x(int n) {
    return getLong(REGISTERS + 8 * n);
  }

  void x(int n, long value) {
    putLong(REGISTERS + 8 * n, value);
  }

  /** Begins the floating-point record; after {@link #clear}. */
  void beginVectors(int fpsr, int fpcr) {
    fpsimd = RECORDS;
    putInt(fpsimd, FPSIMD_MAGIC);
    putInt(fpsimd + 4, FPSIMD_SIZE);
    putInt(fpsimd + FPSR, fpsr);
    putInt(fpsimd + FPCR, fpcr);
  }

  int fpsr() {
    return getInt(fpsimd + FPSR);
  }

  int fpcr() {
    return getInt(fpsimd + FPCR);
  }

  long vLow(int n) {
    return getLong(fpsimd + VECTORS + 16 * n);
  }

  long vHigh(int n) {
    return getLong(fpsimd + VECTORS + 16 * n + 8);
  }

  void v(int n, long low, long high) {
    putLong(fpsimd + VECTORS + 16 * n, low);
    putLong(fpsimd + VECTORS + 16 * n + 8, high);
  }

  /** Adds the syndrome of the fault that the signal tells of; after the vectors. */
  void addSyndrome(long syndrome) {
    int at = RECORDS + FPSIMD_SIZE;
    putInt(at, ESR_MAGIC);
    putInt(at + 4, ESR_SIZE);
    putLong(at + 8, syndrome);
  }

  /** The program's {@code siginfo_t}. */
  void info(SignalInfo info) {
    putInt(SigInfo.SIGNO, info.signal());
    putInt(SigInfo.ERRNO, info.errno());
    putInt(SigInfo.CODE, info.code());
    for (int i = 0; i < SignalInfo.WORDS; i++) {
      putLong(SigInfo.FIELDS + 8 * i, info.word(i));
    }
  }

  /** Copies the frame to {@code address}; throws EFAULT. */
  void write(AddressSpace memory, long address) {
    memory.copyOut(bytes, 0, address, USED);
  }

  /** Copies a frame from {@code address}; throws EFAULT. */
  void read(AddressSpace memory, long address) {
    memory.copyIn(address, bytes, 0, SIZE);
  }

  /**
   * Finds the floating-point record among whatever records a program may have left.
   *
   * @return false if the records are not as the kernel could have written them
   */
  boolean findVectors() {
    fpsimd = -1;
    int at = 0;
    while (at <= RECORDS_SIZE - RECORD_HEADER) {
      int magic = getInt(RECORDS + at);
      int size = getInt(RECORDS + at + 4);
      if (magic == END_MAGIC) {
        return size == 0 && fpsimd >= 0;
      }
      if (size < RECORD_HEADER || size % 16 != 0 || size > RECORDS_SIZE - at) {
        return false;
      }
      switch (magic) {
        case FPSIMD_MAGIC -> {
          if (fpsimd >= 0 || size != FPSIMD_SIZE) {
            return false;
          }
          fpsimd = RECORDS + at;
        }
        case ESR_MAGIC -> {
          // tells the program something and the kernel nothing
        }
        default -> {
          return false;
        }
      }
      at += size;
    }
    return false;
  }
}
