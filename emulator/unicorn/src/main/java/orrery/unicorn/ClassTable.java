package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * The functions of the engine's CPU class (CPUClass), to which a pointer lies behind the pointer to
 * the engine in the CPU. Needed by machines with several CPUs only.
 */
final class ClassTable {
  private static final int FUNCTIONS = 21;

  private final long table;

  ClassTable(long cpu, CpuLayout layout) {
    table = NativeMemory.MEMORY.get(JAVA_LONG, cpu + layout.enginePointer + Long.BYTES);
  }

  private long function(int index) {
    return NativeMemory.MEMORY.get(JAVA_LONG, table + Long.BYTES * index);
  }

  /**
   * Where the address of cpu_exec_exit stands: between cpu_exec_enter, which is the same function
   * because neither does anything, and cpu_exec_interrupt.
   */
  long leaveFunction() {
    long next = UnicornLibrary.load().internal(InternalCalls.EXECUTE_INTERRUPT).address();
    int found = 0;
    int at = 0;
    for (int i = 2; i < FUNCTIONS; i++) {
      if (function(i) == next && function(i - 1) == function(i - 2)) {
        found++;
        at = i - 1;
      }
    }
    if (found != 1) {
      throw new UnicornException(
          "this Unicorn library cannot run several CPUs: the end of its inner loop found in "
              + found
              + " places instead of one; use version 2.1.4",
          null);
    }
    return table + Long.BYTES * at;
  }
}
