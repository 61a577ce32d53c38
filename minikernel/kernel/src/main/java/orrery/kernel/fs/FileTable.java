package orrery.kernel.fs;

import java.util.Arrays;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;

/**
 * The descriptors of a process (Linux: files_struct), shared by its threads and whoever was cloned
 * with CLONE_FILES.
 */
public final class FileTable {
  /** The highest RLIMIT_NOFILE there can be (Linux: fs.nr_open is 2^20; ours bounds the heap). */
  public static final int MAX_LIMIT = 1 << 16;

  /** What processes start with. */
  public static final int DEFAULT_LIMIT = 1024;

  private static final int INITIAL = 32;

  private final OpenFileCount count;
  private OpenFile[] files;
  private long[] closeOnExec;
  private int lowestFree;
  private int limit = DEFAULT_LIMIT;
  private int users = 1;

  /** The owner of the record lock that a user of this table sleeps for. */
  private FileTable waitsFor;

  /** An empty table. */
  public FileTable(OpenFileCount count) {
    this.count = count;
    files = new OpenFile[INITIAL];
    closeOnExec = new long[1];
  }

  /** One more user of the same table (CLONE_FILES). */
  public FileTable share() {
    users++;
    return this;
  }

  public boolean isShared() {
    return users > 1;
  }

  /** A table of its own with the same descriptors (fork). */
  public FileTable copy() {
    FileTable t = new FileTable(count);
    int n = bound();
    if (n > INITIAL) {
      t.files = new OpenFile[files.length];
      t.closeOnExec = new long[closeOnExec.length];
    }
    for (int fd = 0; fd < n; fd++) {
      OpenFile f = files[fd];
      if (f != null) {
        t.files[fd] = f.acquire();
      }
    }
    System.arraycopy(closeOnExec, 0, t.closeOnExec, 0, n + 63 >> 6);
    t.lowestFree = lowestFree;
    t.limit = limit;
    return t;
  }

  /** One user less; the last one closes all. */
  public void release() {
    if (--users > 0) {
      return;
    }
    waitsFor = null;
    int n = bound();
    for (int fd = 0; fd < n; fd++) {
      if (files[fd] != null) {
        close(fd);
      }
    }
  }

  /** RLIMIT_NOFILE: one more than the highest descriptor that may be given out. */
  public int limit() {
    return limit;
  }

  /** Sets RLIMIT_NOFILE; at most {@link #MAX_LIMIT} counts. */
  public void limit(long n) {
    limit = (int) Math.max(0, Math.min(n, MAX_LIMIT));
  }

  /** One more than the highest descriptor in use. */
  public int bound() {
    int n = files.length;
    while (n > 0 && files[n - 1] == null) {
      n--;
    }
    return n;
  }

  /** How many descriptors are in use. */
  public int size() {
    int n = 0;
    for (OpenFile f : files) {
      if (f != null) {
        n++;
      }
    }
    return n;
  }

  /** The open file at {@code fd}, O_PATH ones too; null if there is none. */
  public OpenFile peek(int fd) {
    return fd >= 0 && fd < files.length ? files[fd] : null;
  }

  /** The open file at {@code fd} for input and output; EBADF if there is none or it is O_PATH. */
  public OpenFile get(int fd) {
    OpenFile f = peek(fd);
    if (f == null || f.isPathOnly()) {
      throw ErrnoException.of(Errno.EBADF);
    }
    return f;
  }

  /** The open file at {@code fd}, O_PATH ones too; EBADF if there is none. */
  public OpenFile getAny(int fd) {
    OpenFile f = peek(fd);
    if (f == null) {
      throw ErrnoException.of(Errno.EBADF);
    }
    return f;
  }

  /** The open file at {@code fd}; EBADF if it is not open for reading. */
  public OpenFile reading(int fd) {
    OpenFile f = peek(fd);
    if (f == null || !f.isReadable()) {
      throw ErrnoException.of(Errno.EBADF);
    }
    return f;
  }

  /** The open file at {@code fd}; EBADF if it is not open for writing. */
  public OpenFile writing(int fd) {
    OpenFile f = peek(fd);
    if (f == null || !f.isWritable()) {
      throw ErrnoException.of(Errno.EBADF);
    }
    return f;
  }

  /** The lowest free descriptor; throws EMFILE. It stays free. */
  public int reserve() {
    return reserve(0);
  }

  /** The lowest free descriptor not below {@code least}; throws EMFILE. It stays free. */
  public int reserve(int least) {
    int fd = Math.max(least, lowestFree);
    while (fd < files.length && files[fd] != null) {
      fd++;
    }
    if (fd >= limit) {
      throw ErrnoException.of(Errno.EMFILE);
    }
    if (least <= lowestFree) {
      lowestFree = fd;
    }
    return fd;
  }

  /** Gives {@code f} the lowest free descriptor, taking over the caller's reference. */
  public int install(OpenFile f, boolean onExec) {
    return install(f, 0, onExec);
  }

  /**
   * Gives {@code f} the lowest free descriptor not below {@code least}, taking over the caller's
   * reference; if there is none (EMFILE, ENFILE) the reference is dropped.
   */
  public int install(OpenFile f, int least, boolean onExec) {
    int fd;
    try {
      fd = reserve(least);
      f.count(count);
    } catch (ErrnoException e) {
      f.drop();
      throw e;
    }
    put(fd, f, onExec);
    return fd;
  }

  /** Makes {@code fd} stand for {@code f}, closing what was there; takes over the reference. */
  public void replace(int fd, OpenFile f, boolean onExec) {
    if (fd < 0 || fd >= limit) {
      f.drop();
      throw ErrnoException.of(Errno.EBADF);
    }
    try {
      f.count(count);
    } catch (ErrnoException e) {
      f.drop();
      throw e;
    }
    OpenFile old = peek(fd);
    put(fd, f, onExec);
    if (old != null) {
      closed(old);
    }
  }

  private void put(int fd, OpenFile f, boolean onExec) {
    if (fd >= files.length) {
      int n = Math.max(fd + 1, files.length * 2);
      files = Arrays.copyOf(files, n);
      closeOnExec = Arrays.copyOf(closeOnExec, n + 63 >> 6);
    }
    files[fd] = f;
    closeOnExec(fd, onExec);
    if (fd == lowestFree) {
      lowestFree++;
    }
  }

  /** Closes {@code fd}; EBADF if it is not open. */
  public void close(int fd) {
    OpenFile f = getAny(fd);
    files[fd] = null;
    if (fd < lowestFree) {
      lowestFree = fd;
    }
    closed(f);
  }

  /** A process's record locks go with the first descriptor of the file that it closes. */
  private void closed(OpenFile f) {
    FileLocks locks = f.inode().locksIfAny();
    if (locks != null && !f.isPathOnly()) {
      locks.releaseOwner(this);
    }
    f.drop();
  }

  /** The close-on-exec flag of {@code fd}, which is open. */
  public boolean closeOnExec(int fd) {
    return (closeOnExec[fd >> 6] >>> fd & 1) != 0;
  }

  /** Sets the close-on-exec flag of {@code fd}, which is open. */
  public void closeOnExec(int fd, boolean on) {
    if (on) {
      closeOnExec[fd >> 6] |= 1L << fd;
    } else {
      closeOnExec[fd >> 6] &= ~(1L << fd);
    }
  }

  /** execve: closes the descriptors that are marked. */
  public void closeMarked() {
    for (int word = 0; word < closeOnExec.length; word++) {
      while (closeOnExec[word] != 0) {
        int fd = (word << 6) + Long.numberOfTrailingZeros(closeOnExec[word]);
        closeOnExec(fd, false);
        if (files[fd] != null) {
          close(fd);
        }
      }
    }
  }

  /**
   * A user of this table goes to sleep until {@code owner} gives up a record lock; null: no more.
   */
  public void waitsFor(FileTable owner) {
    waitsFor = owner;
  }

  /** Whether this table waits for {@code other}, however indirectly: a deadlock if it now waits. */
  public boolean isWaitingFor(FileTable other) {
    for (FileTable t = this; t != null; t = t.waitsFor) {
      if (t == other) {
        return true;
      }
    }
    return false;
  }
}
