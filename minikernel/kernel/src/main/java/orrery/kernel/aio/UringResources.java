package orrery.kernel.aio;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.FileTable;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.event.EventFile;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.UserMemory;
import orrery.kernel.wait.Caller;

/** io_uring_register(2): what entries name by a number instead of describing it each time. */
public final class UringResources {
  private static final int REGISTER_BUFFERS = 0;
  private static final int UNREGISTER_BUFFERS = 1;
  private static final int REGISTER_FILES = 2;
  private static final int UNREGISTER_FILES = 3;
  private static final int REGISTER_EVENTFD = 4;
  private static final int UNREGISTER_EVENTFD = 5;
  private static final int REGISTER_FILES_UPDATE = 6;
  private static final int REGISTER_EVENTFD_ASYNC = 7;
  private static final int REGISTER_PROBE = 8;

  private static final int MAX_BUFFERS = 1 << 14;
  private static final int MAX_FILES = 1 << 15;
  private static final long MAX_BUFFER = 1L << 30;
  private static final int IOVEC_SIZE = 16;

  private static final int PROBE_HEADER = 16;
  private static final int PROBE_ENTRY = 8;
  private static final int MAX_PROBED = 256;

  private long[] bases;
  private long[] lengths;
  private OpenFile[] files;
  private EventFile event;

  UringResources() {}

  /** io_uring_register(2). */
  public long register(Caller c, FileTable table, int operation, long argument, int count) {
    AddressSpace m = c.memory();
    return switch (operation) {
      case REGISTER_BUFFERS -> registerBuffers(m, argument, count);
      case UNREGISTER_BUFFERS -> {
        boolean any = bases != null;
        bases = null;
        lengths = null;
        yield any ? 0 : -Errno.ENXIO;
      }
      case REGISTER_FILES -> registerFiles(m, table, argument, count);
      case UNREGISTER_FILES -> {
        boolean any = files != null;
        dropFiles();
        yield any ? 0 : -Errno.ENXIO;
      }
      case REGISTER_FILES_UPDATE -> updateFiles(m, table, argument, count);
      case REGISTER_EVENTFD, REGISTER_EVENTFD_ASYNC -> registerEvent(m, table, argument, count);
      case UNREGISTER_EVENTFD -> {
        boolean any = event != null;
        dropEvent();
        yield any ? 0 : -Errno.ENXIO;
      }
      case REGISTER_PROBE -> probe(m, argument, count);
      default -> -Errno.EINVAL;
    };
  }

  private long registerBuffers(AddressSpace m, long argument, int count) {
    if (bases != null) {
      return -Errno.EBUSY;
    }
    if (count <= 0 || count > MAX_BUFFERS) {
      return -Errno.EINVAL;
    }
    long[] starts = new long[count];
    long[] sizes = new long[count];
    for (int i = 0; i < count; i++) {
      starts[i] = m.readLong(argument + (long) i * IOVEC_SIZE);
      sizes[i] = m.readLong(argument + (long) i * IOVEC_SIZE + Long.BYTES);
      if (sizes[i] < 0 || sizes[i] > MAX_BUFFER || !UserMemory.isUserRange(starts[i], sizes[i])) {
        return -Errno.EFAULT;
      }
    }
    bases = starts;
    lengths = sizes;
    return 0;
  }

  /** Throws EFAULT unless a range lies within a registered buffer. */
  void requireBuffer(int index, long address, long length) {
    boolean inside =
        bases != null
            && index >= 0
            && index < bases.length
            && address >= bases[index]
            && length <= lengths[index]
            && address - bases[index] <= lengths[index] - length;
    if (!inside) {
      throw ErrnoException.of(Errno.EFAULT);
    }
  }

  private long registerFiles(AddressSpace m, FileTable table, long argument, int count) {
    if (files != null) {
      return -Errno.EBUSY;
    }
    if (count <= 0 || count > MAX_FILES) {
      return -Errno.EINVAL;
    }
    files = new OpenFile[count];
    try {
      for (int i = 0; i < count; i++) {
        set(i, m.readInt(argument + (long) i * Integer.BYTES), table);
      }
    } catch (ErrnoException e) {
      dropFiles();
      throw e;
    }
    return 0;
  }

  private void set(int index, int fd, FileTable table) {
    OpenFile file = fd == -1 ? null : table.get(fd);
    if (file instanceof Uring) {
      throw ErrnoException.of(Errno.EBADF); // a ring that holds itself would never end
    }
    if (files[index] != null) {
      files[index].drop();
    }
    files[index] = file == null ? null : file.acquire();
  }

  /** struct io_uring_files_update: an offset and the address of descriptors. */
  private long updateFiles(AddressSpace m, FileTable table, long argument, int count) {
    if (files == null) {
      return -Errno.ENXIO;
    }
    int from = m.readInt(argument);
    long descriptors = m.readLong(argument + Long.BYTES);
    if (from < 0 || count <= 0 || from > files.length - count) {
      return -Errno.EINVAL;
    }
    for (int i = 0; i < count; i++) {
      set(from + i, m.readInt(descriptors + (long) i * Integer.BYTES), table);
    }
    return count;
  }

  /** The registered file of that number; throws EBADF if there is none. */
  OpenFile file(int index) {
    if (files == null || index < 0 || index >= files.length || files[index] == null) {
      throw ErrnoException.of(Errno.EBADF);
    }
    return files[index];
  }

  private void dropFiles() {
    for (int i = 0; files != null && i < files.length; i++) {
      if (files[i] != null) {
        files[i].drop();
      }
    }
    files = null;
  }

  private long registerEvent(AddressSpace m, FileTable table, long argument, int count) {
    if (event != null) {
      return -Errno.EBUSY;
    }
    if (count != 1 || !(table.get(m.readInt(argument)) instanceof EventFile e)) {
      return -Errno.EINVAL;
    }
    e.acquire();
    event = e;
    return 0;
  }

  private void dropEvent() {
    if (event != null) {
      event.drop();
      event = null;
    }
  }

  /** A completion was told. */
  void notifyEvent() {
    if (event != null) {
      event.add(1);
    }
  }

  private static long probe(AddressSpace m, long to, int count) {
    if (count < 0 || count > MAX_PROBED) {
      return -Errno.EINVAL;
    }
    int known = Math.min(count, UringEntry.OPCODES);
    m.clear(to, PROBE_HEADER + (long) count * PROBE_ENTRY);
    m.writeByte(to, (byte) (UringEntry.OPCODES - 1));
    m.writeByte(to + 1, (byte) known);
    for (int i = 0; i < known; i++) {
      long at = to + PROBE_HEADER + (long) i * PROBE_ENTRY;
      m.writeByte(at, (byte) i);
      m.writeShort(at + 2, (short) (UringEntry.isKnown(i) ? 1 : 0));
    }
    return 0;
  }

  /** The ring ends. */
  void release() {
    dropFiles();
    dropEvent();
  }
}
