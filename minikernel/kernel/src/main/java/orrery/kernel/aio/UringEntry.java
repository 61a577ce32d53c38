package orrery.kernel.aio;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.LittleEndian;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.SeekWhence;
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
  static final int POLL_ADD = 6;
  private static final int POLL_REMOVE = 7;
  static final int TIMEOUT = 11;
  private static final int TIMEOUT_REMOVE = 12;
  private static final int ASYNC_CANCEL = 14;
  static final int LINK_TIMEOUT = 15;
  private static final int READ = 22;
  private static final int WRITE = 23;

  private static final int FLAG_FIXED_FILE = 1;

  /** FIXED_FILE, DRAIN, LINK, HARDLINK, ASYNC. */
  private static final int FLAGS_KNOWN = FLAG_FIXED_FILE | 2 | 4 | 8 | 16;

  // struct io_uring_sqe
  private static final int SIZE = 64;
  static final int FLAGS = 1;
  private static final int FD = 4;
  private static final int OFFSET = 8;
  private static final int ADDRESS = 16;
  static final int LENGTH = 24;
  static final int RW_FLAGS = 28;
  static final int DATA = 32;
  private static final int BUFFER_INDEX = 40;

  /** RWF_HIPRI, RWF_DSYNC, RWF_SYNC, RWF_NOWAIT. */
  private static final int RWF_KNOWN = 15;

  private static final int RWF_NOWAIT = 8;
  private static final int RWF_SAFE = 6;
  private static final int FSYNC_KNOWN = 1;
  private static final long CURRENT_POSITION = -1;

  /** IORING_POLL_ADD_MULTI. */
  static final int POLL_ADD_MULTI = 1;

  /** {@link #dispatch}: the file would have to be waited for, and nothing is kept to do so. */
  private static final long WAITS = AsynchronousFile.BEGUN + 1;

  /** IORING_TIMEOUT_ABS, and IORING_TIMEOUT_ETIME_SUCCESS, which is the chain's business. */
  private static final int TIMEOUT_ABSOLUTE = 1;

  private static final int TIMEOUT_KNOWN = TIMEOUT_ABSOLUTE | 1 << 5;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long LONGEST = Long.MAX_VALUE / NANOS_PER_SECOND / 2;

  // IORING_ASYNC_CANCEL_...
  private static final int CANCEL_ALL = 1;
  private static final int CANCEL_FILE = 1 << 1;
  private static final int CANCEL_ANY = 1 << 2;
  private static final int CANCEL_KNOWN = CANCEL_ALL | CANCEL_FILE | CANCEL_ANY;

  private final Uring ring;
  private final byte[] bytes = new byte[SIZE];
  private final IoBuffer io = new IoBuffer();
  private Transfer pool;
  private final Plug plug = new Plug();
  private Caller caller;
  private FileTable files;

  /** Whose entry it is; null if nothing hangs on it. */
  private UringRequest current;

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
      case POLL_ADD, POLL_REMOVE, TIMEOUT, TIMEOUT_REMOVE, ASYNC_CANCEL, LINK_TIMEOUT -> true;
      default -> false;
    };
  }

  /** Whether the kernel knows what an entry asks for. */
  static boolean isSound(byte[] entry) {
    return isKnown(entry[0] & 0xff) && (entry[FLAGS] & ~FLAGS_KNOWN) == 0;
  }

  /**
   * What is read from the program's memory when an entry is submitted and not when it begins.
   *
   * @param before the one before it in its chain; null for none
   * @return why the entry cannot be done; 0 if it can
   */
  int prepare(UringRequest r, UringRequest before) {
    if (!isSound(r.bytes())) {
      return Errno.EINVAL;
    }
    if (r.opcode() != TIMEOUT && r.opcode() != LINK_TIMEOUT) {
      return 0;
    }
    boolean misplaced =
        r.isLimit() && (before == null || before.isLimit() || number(r, OFFSET) != 0);
    if (misplaced || number(r, LENGTH) != 1 || (number(r, RW_FLAGS) & ~TIMEOUT_KNOWN) != 0) {
      return Errno.EINVAL;
    }
    long from = LittleEndian.getLong(r.bytes(), ADDRESS);
    try {
      long seconds = caller.memory().readLong(from);
      long nanos = caller.memory().readLong(from + Long.BYTES);
      if (seconds < 0 || nanos < 0 || nanos >= NANOS_PER_SECOND) {
        return Errno.EINVAL;
      }
      r.time = Math.min(seconds, LONGEST) * NANOS_PER_SECOND + nanos;
      return 0;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  private static int number(UringRequest r, int at) {
    return LittleEndian.getInt(r.bytes(), at);
  }

  /** The time of a time-out begins. */
  void arm(UringRequest r) {
    boolean absolute = (number(r, RW_FLAGS) & TIMEOUT_ABSOLUTE) != 0;
    r.until(absolute ? r.time : caller.now() + r.time);
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
    if (result == WAITS) {
      ring.work().keep(bytes, caller.memory());
    } else if (result != AsynchronousFile.BEGUN) {
      ring.complete(data, result);
      ring.work().completed();
    }
    return result != -Errno.EINVAL;
  }

  /** Starts an entry that was kept: {@link AsynchronousFile#BEGUN}, or its result. */
  long start(UringRequest kept) {
    if (caller == null || !kept.isOf(caller.memory())) {
      return -Errno.ECANCELED; // another process has the ring now
    }
    System.arraycopy(kept.bytes(), 0, bytes, 0, SIZE);
    current = kept;
    try {
      return dispatch();
    } catch (ErrnoException e) {
      return -e.errno();
    } finally {
      current = null;
    }
  }

  private long dispatch() {
    int opcode = bytes[0] & 0xff;
    if (!isSound(bytes)) {
      return -Errno.EINVAL;
    }
    return switch (opcode) {
      case NOP -> 0;
      case READV, READ, READ_FIXED -> transfer(opcode, false);
      case WRITEV, WRITE, WRITE_FIXED -> transfer(opcode, true);
      case FSYNC -> sync();
      case POLL_ADD -> poll();
      case TIMEOUT -> timeout();
      case POLL_REMOVE, TIMEOUT_REMOVE -> remove(opcode == POLL_REMOVE);
      case ASYNC_CANCEL -> cancel();
      default -> -Errno.EINVAL;
    };
  }

  private OpenFile file() {
    if (current != null && current.file() != null) {
      return current.file();
    }
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

  private long poll() {
    if ((int32(LENGTH) & ~POLL_ADD_MULTI) != 0) {
      return -Errno.EINVAL; // that would be a change, or one for each event that is still there
    }
    OpenFile file = file();
    if (file instanceof Uring) {
      return -Errno.EINVAL; // a ring that waits for itself would wake itself
    }
    int there = current.await(file, int32(RW_FLAGS));
    if (there != 0 && !(current.isMultishot() && ring.more(current.data(), there))) {
      current.stop();
      return there;
    }
    ring.work().await(current);
    return AsynchronousFile.BEGUN;
  }

  private long timeout() {
    long wanted = Integer.toUnsignedLong(int32(OFFSET));
    if (wanted > 0) {
      current.target = ring.work().target(wanted);
    }
    ring.work().await(current);
    arm(current);
    return AsynchronousFile.BEGUN;
  }

  private long remove(boolean polls) {
    if (int32(LENGTH) != 0 || int32(RW_FLAGS) != 0) {
      return -Errno.EINVAL; // that would be a change
    }
    long target = int64(ADDRESS);
    int kind = polls ? POLL_ADD : TIMEOUT;
    int count = ring.work().cancel(r -> r.opcode() == kind && r.data() == target, false);
    return count > 0 ? 0 : -Errno.ENOENT;
  }

  /** As in Linux a read or write that its device has is not found. */
  private long cancel() {
    int flags = int32(RW_FLAGS);
    if ((flags & ~CANCEL_KNOWN) != 0) {
      return -Errno.EINVAL;
    }
    boolean any = (flags & CANCEL_ANY) != 0;
    boolean all = any || (flags & CANCEL_ALL) != 0;
    long target = int64(ADDRESS);
    OpenFile on = (flags & CANCEL_FILE) != 0 ? file() : null;
    UringWork.Choice choice = r -> any || (on != null ? r.isOn(on) : r.data() == target);
    int count = ring.work().cancel(choice, all);
    if (all) {
      return count;
    }
    return count > 0 ? 0 : -Errno.ENOENT;
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
    if (current != null) {
      current.expected = io.remaining();
    }
    long offset = int64(OFFSET);
    if (file instanceof AsynchronousFile a) {
      if (offset == CURRENT_POSITION) {
        return -Errno.EOPNOTSUPP;
      }
      return offset < 0 ? -Errno.EINVAL : begin(a, offset, writing, isSafe(file, flags));
    }
    boolean stream = offset == CURRENT_POSITION || isStream(file);
    return stream || offset >= 0 ? attempt(file, writing, stream, offset) : -Errno.EINVAL;
  }

  private static boolean isSafe(OpenFile file, int flags) {
    return (flags & RWF_SAFE) != 0 || (file.flags() & OpenFlag.O_DSYNC) != 0;
  }

  private long begin(AsynchronousFile file, long offset, boolean writing, boolean safe) {
    plug.on(file);
    if (current != null) {
      long answer = file.begin(caller, io, offset, writing, safe, current);
      if (answer == AsynchronousFile.BEGUN) {
        ring.began(file);
      }
      return answer;
    }
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
      ring.work().began();
    } else {
      t.next = pool;
      pool = t;
    }
    return result;
  }

  /** Whether a file knows no positions: that of an entry then means nothing. */
  private boolean isStream(OpenFile file) {
    return file.seek(caller, 0, SeekWhence.SEEK_CUR) == -Errno.ESPIPE;
  }

  /**
   * A read or write of a file that has no asynchronous ones. One that would keep the program
   * waiting is made again when the file has changed, as Linux's are that are driven by polls.
   *
   * @param here where the file stands, and not at {@code offset}
   */
  private long attempt(OpenFile file, boolean writing, boolean here, long offset) {
    long result;
    caller.beginAttempt();
    try {
      if (writing) {
        result = here ? file.write(caller, io) : file.writeAt(caller, io, offset);
      } else {
        result = here ? file.read(caller, io) : file.readAt(caller, io, offset);
      }
    } finally {
      caller.endAttempt();
    }
    // O_NONBLOCK does not count: the program waits for the ring and not for the file
    boolean mayWait = file.isPollable() && (int32(RW_FLAGS) & RWF_NOWAIT) == 0;
    if (result != -Errno.EAGAIN || !mayWait) {
      return Errno.isRestart(result) ? -Errno.EINTR : result;
    }
    if (current == null) {
      return WAITS;
    }
    ring.needsThread(caller);
    current.awaitChange(file);
    ring.work().await(current);
    return AsynchronousFile.BEGUN;
  }
}
