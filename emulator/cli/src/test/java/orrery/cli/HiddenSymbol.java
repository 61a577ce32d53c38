package orrery.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes a shared library that does not export one of its symbols, as a build with other visibility
 * would: its own calls still reach the function, dlsym(3) does not find it. Layouts: System V ABI,
 * chapter 4, "Sections" and "Symbol Table", in their 64-bit form.
 */
final class HiddenSymbol {
  private static final int SECTION_TABLE = 0x28;
  private static final int SECTION_SIZE = 0x3a;
  private static final int SECTION_COUNT = 0x3c;
  private static final int TYPE = 4;
  private static final int OFFSET = 0x18;
  private static final int SIZE = 0x20;
  private static final int LINK = 0x28;
  private static final int DYNAMIC_SYMBOLS = 11; // SHT_DYNSYM
  private static final int SYMBOL_BYTES = 24;
  private static final int SYMBOL_OTHER = 5;
  private static final byte HIDDEN = 2; // STV_HIDDEN

  private HiddenSymbol() {}

  /** Changes the library. */
  static void hide(byte[] library, String symbol) {
    ByteBuffer file = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN);
    for (int n = 0; n < file.getShort(SECTION_COUNT); n++) {
      int section = section(file, n);
      if (file.getInt(section + TYPE) == DYNAMIC_SYMBOLS) {
        int names = (int) file.getLong(section(file, file.getInt(section + LINK)) + OFFSET);
        int at = (int) file.getLong(section + OFFSET);
        int end = at + (int) file.getLong(section + SIZE);
        for (; at < end; at += SYMBOL_BYTES) {
          if (isNamed(library, names + file.getInt(at), symbol)) {
            library[at + SYMBOL_OTHER] = HIDDEN;
            return;
          }
        }
      }
    }
    throw new AssertionError("the library has no " + symbol);
  }

  private static int section(ByteBuffer file, int n) {
    return (int) file.getLong(SECTION_TABLE) + n * file.getShort(SECTION_SIZE);
  }

  private static boolean isNamed(byte[] library, int at, String symbol) {
    int end = at + symbol.length();
    return library[end] == 0 && new String(library, at, symbol.length(), ISO_8859_1).equals(symbol);
  }
}
