package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/**
 * A translated block of guest code, {@code uc_tb} in unicorn.h.
 *
 * @param pc virtual address of its first instruction
 * @param instructions how many instructions it has
 * @param size its size in bytes
 */
public record TranslationBlock(long pc, int instructions, int size) {
  static final long BYTES = 16;
  private static final long INSTRUCTIONS = 8;
  private static final long SIZE = 10;

  static TranslationBlock at(long address) {
    return new TranslationBlock(
        NativeMemory.MEMORY.get(JAVA_LONG, address),
        Short.toUnsignedInt(NativeMemory.MEMORY.get(JAVA_SHORT, address + INSTRUCTIONS)),
        Short.toUnsignedInt(NativeMemory.MEMORY.get(JAVA_SHORT, address + SIZE)));
  }
}
