package orrery.kernel.proc;

import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.Mapping;
import orrery.kernel.memory.ProgramAddresses;

/** What a program's memory says: its arguments, its environment, its mappings. */
final class ProgramText {
  private static final int MAX_STRINGS = 1 << 22;
  private static final int CHUNK = 4096;

  /** Column at which a mapping's name stands. */
  private static final int NAME_COLUMN = 73;

  private static final int ADDRESS_DIGITS = 8;

  private ProgramText() {}

  /** The arguments, each with a zero byte behind it. */
  static void arguments(AddressSpace space, StringBuilder to) {
    ProgramAddresses p = space.program();
    copy(space, p.argumentsStart(), p.argumentsEnd(), to);
  }

  /** The environment, each variable with a zero byte behind it. */
  static void environment(AddressSpace space, StringBuilder to) {
    ProgramAddresses p = space.program();
    copy(space, p.environmentStart(), p.environmentEnd(), to);
  }

  private static void copy(AddressSpace space, long start, long end, StringBuilder to) {
    byte[] chunk = new byte[CHUNK];
    long stop = Math.min(end, start + MAX_STRINGS);
    for (long at = start; at < stop; at += CHUNK) {
      int n = (int) Math.min(CHUNK, stop - at);
      try {
        space.copyIn(at, chunk, 0, n);
      } catch (ErrnoException gone) {
        return; // the program has unmapped its own arguments
      }
      for (int i = 0; i < n; i++) {
        to.append((char) (chunk[i] & 0xff));
      }
    }
  }

  /** /proc/PID/maps. */
  static void maps(AddressSpace space, StringBuilder to) {
    for (int i = 0; i < space.mappingCount(); i++) {
      Mapping m = space.mapping(i);
      int line = to.length();
      hex(to, m.start(), ADDRESS_DIGITS).append('-');
      hex(to, m.end(), ADDRESS_DIGITS).append(' ');
      to.append(m.isReadable() ? 'r' : '-').append(m.isWritable() ? 'w' : '-');
      to.append(m.isExecutable() ? 'x' : '-').append(m.isShared() ? 's' : 'p').append(' ');
      hex(to, m.offset(), ADDRESS_DIGITS).append(' ');
      if (m.source() instanceof Inode inode) {
        long device = inode.fileSystem().device();
        hex(to, FileSystem.major(device), 2).append(':');
        hex(to, FileSystem.minor(device), 2).append(' ').append(inode.number());
      } else {
        to.append("00:00 0");
      }
      if (m.name() == null) {
        to.append(' ');
      } else {
        to.repeat(' ', Math.max(1, NAME_COLUMN - (to.length() - line))).append(m.name());
      }
      to.append('\n');
    }
  }

  private static StringBuilder hex(StringBuilder to, long value, int digits) {
    String text = Long.toHexString(value);
    return to.repeat('0', Math.max(0, digits - text.length())).append(text);
  }
}
