package orrery.kernel.exec;

import java.util.Arrays;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;

/**
 * The first line of a script: {@code #!interpreter [argument]}. Source: Linux v6.1 {@code
 * fs/binfmt_script.c}.
 *
 * @param interpreter a path
 * @param argument the rest of the line as one argument, or null
 */
record ScriptHeader(byte[] interpreter, byte[] argument) {
  /** How much of a file tells what it is (BINPRM_BUF_SIZE). */
  static final int SIZE = 256;

  /** Whether a file that begins with {@code start} is a script. */
  static boolean isScript(byte[] start) {
    return start[0] == '#' && start[1] == '!';
  }

  /**
   * Reads the line; throws ENOEXEC if it names no interpreter or the name is cut off.
   *
   * @param start the first {@link #SIZE} bytes of the file, zeros beyond its end
   */
  static ScriptHeader of(byte[] start) {
    int end = 2;
    while (end < SIZE && start[end] != '\n') {
      end++;
    }
    if (end == SIZE) {
      end = SIZE - 1;
      int name = skipBlanks(start, 2, end);
      if (name == end || terminator(start, name, end) == end) {
        throw ErrnoException.of(Errno.ENOEXEC); // the name may go on beyond what was read
      }
    }
    while (end > 2 && isBlank(start[end - 1])) {
      end--;
    }
    int name = skipBlanks(start, 2, end);
    int nameEnd = terminator(start, name, end);
    if (name == nameEnd) {
      throw ErrnoException.of(Errno.ENOEXEC);
    }
    byte[] argument = null;
    if (nameEnd < end && start[nameEnd] != 0) {
      int from = skipBlanks(start, nameEnd, end);
      int to = from;
      while (to < end && start[to] != 0) {
        to++;
      }
      argument = from < to ? Arrays.copyOfRange(start, from, to) : null;
    }
    return new ScriptHeader(Arrays.copyOfRange(start, name, nameEnd), argument);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static int skipBlanks(byte[] s, int from, int end) {
    int i = from;
    while (i < end && isBlank(s[i])) {
      i++;
    }
    return i;
  }

  private static int terminator(byte[] s, int from, int end) {
    int i = from;
    while (i < end && !isBlank(s[i]) && s[i] != 0) {
      i++;
    }
    return i;
  }
}
