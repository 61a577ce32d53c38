package orrery.kernel.aio;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.LittleEndian;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.disk.AsynchronousFile;
import orrery.kernel.disk.IoEnd;
import orrery.kernel.fs.FileTable;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;

/** Does what submission queue entries ask for, one after the other. */
final class UringEntry {
  /** The number after the highest opcode that is known. */
  static final int OPCODES = 24;

  private static final int NOP = 0;
  private static final int READV = 1;
  private static final int WRITEV = 2;
  private static final int FSYNC = 3;
  private static final int READ_FIXED = 4;
  private static final int WRITE_FIXED = 5;
  private static final int READ = 22;
  private static final int WRITE = 23;

  private static final int FLAG_FIXED_FILE = 1;
  private static final int FLAG_ASYNC = 16;

  // struct io_uring_sqe
  private static final int SIZE = 64;
  private static final int FLAGS = 1;
  private static final int FD = 4;
  private static final int OFFSET = 8;
  private static final int ADDRESS = 16;
  private static final int LENGTH = 24;
  private static final int RW_FLAGS = 28;
  private static final int DATA = 32;
  private static final int BUFFER_INDEX = 40;

  /** RWF_HIPRI, RWF_DSYNC, RWF_SYNC, RWF_NOWAIT. */
  private static final int RWF_KNOWN = 15;

  private static final int RWF_SAFE = 6;
  private static final int FSYNC_KNOWN = 1;
  private static final long CURRENT_POSITION = -1;

  private final Uring ring;
  private final byte[] bytes = new byte[SIZE];
  private final IoBuffer io = new IoBuffer();
  private Transfer pool;
  private final Plug plug = new Plug();
  private Caller caller;
  private FileTable files;

  /** An asynchronous read or write under way; used again and again. */
  private final class Transfer implements IoEnd {
    private Transfer next;
    private long data;

    @Override
    public void ended(long result) {
      next = pool;
      pool = this;
      ring.ended(data, result);
    }
  }

  UringEntry(Uring ring) {
    this.ring = ring;
  }

  static boolean isKnown(int opcode) {
    return switch (opcode) {
      case NOP, READV, WRITEV, FSYNC, READ_FIXED, WRITE_FIXED, READ, WRITE -> true;
      default -> false;
    };
  }

  /** Where the next entry is copied to. */
  byte[] bytes() {
    return bytes;
  }

  /** Several are submitted. */
  void begin(Caller c, FileTable table) {
    caller = c;
    files = table;
  }

  /** All were. */
  void end() {
    plug.release();
    caller = null;
    files = null;
  }

  private int int32(int at) {
    return LittleEndian.getInt(bytes, at);
  }

  private long int64(int at) {
    return LittleEndian.getLong(bytes, at);
  }

  /** Starts the entry; false if it was refused: its completion says why. */
  boolean start() {
    long data = int64(DATA);
    long result;
    try {
      result = dispatch();
    } catch (ErrnoException e) {
      result = -e.errno();
    }
    if (result != AsynchronousFile.BEGUN) {
      ring.complete(data, result);
    }
    return result != -Errno.EINVAL;
  }

  private long dispatch() {
    int opcode = bytes[0] & 0xff;
    if ((bytes[FLAGS] & ~(FLAG_FIXED_FILE | FLAG_ASYNC)) != 0) {
      return -Errno.EINVAL;
    }
    return switch (opcode) {
      case NOP -> 0;
      case READV, READ, READ_FIXED -> transfer(opcode, false);
      case WRITEV, WRITE, WRITE_FIXED -> transfer(opcode, true);
      case FSYNC -> sync();
      default -> -Errno.EINVAL;
    };
  }

  private OpenFile file() {
    int number = int32(FD);
    return (bytes[FLAGS] & FLAG_FIXED_FILE) != 0
        ? ring.resources().file(number)
        : files.get(number);
  }

  private long sync() {
    if ((int32(RW_FLAGS) & ~FSYNC_KNOWN) != 0) {
      return -Errno.EINVAL;
    }
    OpenFile file = file();
    return file instanceof AsynchronousFile a ? a.syncInPlace() : file.sync(caller);
  }

  private long transfer(int opcode, boolean writing) {
    OpenFile file = file();
    if (writing ? !file.isWritable() : !file.isReadable()) {
      return -Errno.EBADF;
    }
    int flags = int32(RW_FLAGS);
    if ((flags & ~RWF_KNOWN) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    long address = int64(ADDRESS);
    long length = Integer.toUnsignedLong(int32(LENGTH));
    if (opcode == READV || opcode == WRITEV) {
      io.vector(caller.memory(), address, length);
    } else {
      if (opcode == READ_FIXED || opcode == WRITE_FIXED) {
        ring.resources().requireBuffer(int32(BUFFER_INDEX) & 0xffff, address, length);
      }
      io.user(caller.memory(), address, length);
    }
    long offset = int64(OFFSET);
    if (offset == CURRENT_POSITION) {
      return atPosition(file, writing);
    }
    if (offset < 0) {
      return -Errno.EINVAL;
    }
    if (file instanceof AsynchronousFile a) {
      return begin(a, offset, writing, isSafe(file, flags));
    }
    return writing ? file.writeAt(caller, io, offset) : file.readAt(caller, io, offset);
  }

  private static boolean isSafe(OpenFile file, int flags) {
    return (flags & RWF_SAFE) != 0 || (file.flags() & OpenFlag.O_DSYNC) != 0;
  }

  private long begin(AsynchronousFile file, long offset, boolean writing, boolean safe) {
    plug.on(file);
    Transfer t = pool;
    if (t == null) {
      t = new Transfer();
    } else {
      pool = t.next;
    }
    t.data = int64(DATA);
    long result;
    try {
      result = file.begin(caller, io, offset, writing, safe, t);
    } catch (ErrnoException e) {
      result = -e.errno();
    }
    if (result == AsynchronousFile.BEGUN) {
      ring.began(file);
    } else {
      t.next = pool;
      pool = t;
    }
    return result;
  }

  /** Files that may keep a program waiting are served only if they are open without waiting. */
  private long atPosition(OpenFile file, boolean writing) {
    boolean waits = file.isPollable() && !file.isNonBlocking();
    if (file instanceof AsynchronousFile || waits) {
      return -Errno.EOPNOTSUPP;
    }
    return writing ? file.write(caller, io) : file.read(caller, io);
  }
}
