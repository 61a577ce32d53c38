package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * Finds syndrome and fault address of the last exception in a saved context: two instructions run
 * whose values are known, and the context must then show each in the one place where it can be.
 */
final class ContextCalibration {
  private static final long PAGE = 4096;
  private static final int SVC_1234 = 0xd4024681;
  private static final int SYNDROME_OF_SVC_1234 = 0x5600_1234;
  private static final int LDXR_X0_X21 = 0xc85f7ea0;
  private static final int ALIGNMENT_FAULT = 0x21;
  private static final int STATUS_MASK = 0x3f;
  private static final int FAULT_ADDRESS_DISTANCE = 8; // exception: syndrome, fsr, vaddress
  private static final int ODD = 1;

  private final Unicorn engine;
  private final CpuContext context;
  private final long scratch;
  private final MemorySegment memory;

  ContextCalibration(Unicorn engine, CpuContext context, long scratch, MemorySegment memory) {
    this.engine = engine;
    this.context = context;
    this.scratch = scratch;
    this.memory = memory;
  }

  /** Where the syndrome lies, an int. */
  long syndromeOffset() {
    run(0, SVC_1234);
    long found = 0;
    int count = 0;
    long size = CpuContext.size(engine);
    for (long at = 0; at + Integer.BYTES <= size; at += Integer.BYTES) {
      if (context.peekInt(at) == SYNDROME_OF_SVC_1234) {
        found = at;
        count++;
      }
    }
    if (count != 1) {
      throw failed("the syndrome found in " + count + " places instead of one");
    }
    return found;
  }

  /** Where the fault address lies, a long. */
  long faultAddressOffset() {
    long syndrome = syndromeOffset();
    long address = scratch + PAGE + ODD;
    engine.write(Arm64Register.x(21), address);
    run(PAGE / 2, LDXR_X0_X21);
    long offset = syndrome + FAULT_ADDRESS_DISTANCE;
    boolean fits =
        (context.peekInt(syndrome) & STATUS_MASK) == ALIGNMENT_FAULT
            && context.peekLong(offset) == address;
    engine.write(Arm64Register.x(21), 0);
    engine.write(Arm64Register.PC, 0);
    if (!fits) {
      throw failed("no fault address is beside the syndrome");
    }
    return offset;
  }

  private void run(long offset, int instruction) {
    memory.set(JAVA_INT, offset, instruction);
    engine.startUnchecked(scratch + offset, 0, 0, 0);
    context.save();
    memory.set(JAVA_INT, offset, 0);
    engine.flushBlocks();
  }

  private static UnicornException failed(String what) {
    return new UnicornException(
        "this Unicorn library cannot be used: " + what + "; use version 2.1.4", null);
  }
}
