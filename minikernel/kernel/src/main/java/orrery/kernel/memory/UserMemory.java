package orrery.kernel.memory;

import static orrery.kernel.memory.PageTable.PAGE;
import static orrery.kernel.memory.PageTable.USER_END;

import java.nio.charset.StandardCharsets;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.hw.PhysicalMemory;

/**
 * The kernel's access to a program's memory, with the program's permissions. A page that is not
 * there yet is made as if the program had touched it.
 *
 * <p>Everything throws {@link ErrnoException} EFAULT for an address that the program may not use in
 * that way, and ENOMEM if no frame is left. Only {@link #readString} allocates.
 */
public abstract class UserMemory {
  final PhysicalMemory memory;
  final PageTable table;

  private byte[] text = new byte[256];

  UserMemory(PhysicalMemory memory, PageTable table) {
    this.memory = memory;
    this.table = table;
  }

  /**
   * Serves a page fault.
   *
   * @return {@link AddressSpace#FAULT_SERVED}, or a signal
   */
  public abstract int fault(long va, boolean write, boolean execute);

  /**
   * Serves a page fault of the kernel on the program's behalf: unlike the program's own, the CPU
   * does not look at the tables again after it, and may remember the frame of before.
   */
  abstract int faultForKernel(long va, boolean write);

  /** Whether a range lies within the addresses that a program can have (access_ok). */
  public static boolean isUserRange(long va, long length) {
    return va >= 0 && length >= 0 && length <= USER_END && va <= USER_END - length;
  }

  /**
   * The physical address behind {@code va}, whose page is made present (and for writing the
   * program's own). It stays valid until the program's memory changes.
   */
  public final long physical(long va, boolean write) {
    if (va >>> 39 == 0) {
      long slot = table.slot(va);
      if (slot != 0) {
        long pte = memory.readLong(slot);
        if (write ? Pte.isWritableFrame(pte) : Pte.isReadableFrame(pte)) {
          return Pte.frame(pte) | va & PAGE - 1;
        }
      }
    }
    return physicalSlowly(va, write);
  }

  private long physicalSlowly(long va, boolean write) {
    if (!isUserRange(va, 1)) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    int outcome = faultForKernel(va, write);
    if (outcome == AddressSpace.FAULT_OUT_OF_MEMORY) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    long pte = outcome == AddressSpace.FAULT_SERVED ? table.entry(va) : 0;
    if (!(write ? Pte.isWritableFrame(pte) : Pte.isReadableFrame(pte))) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    return Pte.frame(pte) | va & PAGE - 1;
  }

  public final byte readByte(long va) {
    return memory.readByte(physical(va, false));
  }

  public final int readInt(long va) {
    if ((va & PAGE - 1) <= PAGE - Integer.BYTES) {
      return memory.readInt(physical(va, false));
    }
    return (int) readAcross(va, Integer.BYTES);
  }

  public final long readLong(long va) {
    if ((va & PAGE - 1) <= PAGE - Long.BYTES) {
      return memory.readLong(physical(va, false));
    }
    return readAcross(va, Long.BYTES);
  }

  public final short readShort(long va) {
    if ((va & PAGE - 1) <= PAGE - Short.BYTES) {
      return memory.readShort(physical(va, false));
    }
    return (short) readAcross(va, Short.BYTES);
  }

  public final void writeByte(long va, byte value) {
    memory.writeByte(physical(va, true), value);
  }

  public final void writeShort(long va, short value) {
    if ((va & PAGE - 1) <= PAGE - Short.BYTES) {
      memory.writeShort(physical(va, true), value);
    } else {
      writeAcross(va, value, Short.BYTES);
    }
  }

  public final void writeInt(long va, int value) {
    if ((va & PAGE - 1) <= PAGE - Integer.BYTES) {
      memory.writeInt(physical(va, true), value);
    } else {
      writeAcross(va, value, Integer.BYTES);
    }
  }

  public final void writeLong(long va, long value) {
    if ((va & PAGE - 1) <= PAGE - Long.BYTES) {
      memory.writeLong(physical(va, true), value);
    } else {
      writeAcross(va, value, Long.BYTES);
    }
  }

  /** Copies from the program into the kernel. */
  public final void copyIn(long va, byte[] to, int offset, int length) {
    require(va, length);
    int done = 0;
    while (done < length) {
      long at = va + done;
      int n = (int) Math.min(length - done, PAGE - (at & PAGE - 1));
      memory.copyOut(physical(at, false), to, offset + done, n);
      done += n;
    }
  }

  /** Copies from the kernel to the program. What was copied before a fault stays copied. */
  public final void copyOut(byte[] from, int offset, long va, int length) {
    require(va, length);
    int done = 0;
    while (done < length) {
      long at = va + done;
      int n = (int) Math.min(length - done, PAGE - (at & PAGE - 1));
      memory.copyIn(from, offset + done, physical(at, true), n);
      done += n;
    }
  }

  /** Fills a range with zeros. */
  public final void clear(long va, long length) {
    require(va, length);
    long done = 0;
    while (done < length) {
      long at = va + done;
      long n = Math.min(length - done, PAGE - (at & PAGE - 1));
      memory.zero(physical(at, true), n);
      done += n;
    }
  }

  /**
   * The distance from {@code va} to the first zero byte.
   *
   * @param limit bytes to look at
   * @return {@code limit} if there is no zero byte among them
   */
  public final int stringLength(long va, int limit) {
    int done = 0;
    while (done < limit) {
      long at = va + done;
      int n = (int) Math.min(limit - done, PAGE - (at & PAGE - 1));
      int found = memory.indexOfZero(physical(at, false), n);
      done += found;
      if (found < n) {
        break;
      }
    }
    return done;
  }

  /**
   * A zero-terminated string, one char per byte.
   *
   * @param maxLength bytes, the terminator included
   * @throws ErrnoException EFAULT; ENAMETOOLONG if it is longer
   */
  public final String readString(long va, int maxLength) {
    int length = stringLength(va, maxLength);
    if (length == maxLength) {
      throw ErrnoException.of(Errno.ENAMETOOLONG);
    }
    if (length > text.length) {
      text = new byte[Math.max(length, 4096)];
    }
    copyIn(va, text, 0, length);
    return new String(text, 0, length, StandardCharsets.ISO_8859_1);
  }

  private static void require(long va, long length) {
    if (!isUserRange(va, length)) {
      throw ErrnoException.of(Errno.EFAULT);
    }
  }

  private long readAcross(long va, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | memory.readByte(physical(va + i, false)) & 0xff;
    }
    return value;
  }

  private void writeAcross(long va, long value, int bytes) {
    physical(va, true); // both pages before any byte changes
    physical(va + bytes - 1, true);
    for (int i = 0; i < bytes; i++) {
      memory.writeByte(physical(va + i, true), (byte) (value >>> 8 * i));
    }
  }
}
