package orrery.kernel.fs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.FileMode;
import orrery.kernel.abi.SeekWhence;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;

/**
 * An open folder. Its position is 0 before ".", 1 before "..", then 2 more than the folder's own.
 */
public final class DirectoryFile extends OpenFile implements Directory.Listing {
  /** Offsets in struct linux_dirent64. */
  private static final int D_OFF = 8;

  private static final int D_RECLEN = 16;
  private static final int D_TYPE = 18;
  private static final int D_NAME = 19;
  private static final int OWN = 2;

  private final Directory directory;

  // One record, and the call that is filling a buffer with them.
  private byte[] record;
  private IoBuffer to;
  private boolean refused;

  DirectoryFile(Directory directory, int flags) {
    super(directory, flags);
    this.directory = directory;
  }

  @Override
  public long read(Caller c, IoBuffer b) {
    return -Errno.EISDIR;
  }

  @Override
  public long readAt(Caller c, IoBuffer b, long offset) {
    return -Errno.EISDIR;
  }

  @Override
  public boolean isPollable() {
    return false;
  }

  @Override
  public long sync(Caller c) {
    return 0;
  }

  @Override
  public long seek(Caller c, long offset, int whence) {
    if (whence != SeekWhence.SEEK_SET && whence != SeekWhence.SEEK_CUR) {
      return -Errno.EINVAL;
    }
    return seekWithin(offset, whence, 0);
  }

  @Override
  public long list(Caller c, IoBuffer b) {
    if (directory.isRemoved()) {
      return -Errno.ENOENT;
    }
    if (record == null) {
      record = new byte[D_NAME + PathWalker.NAME_MAX + 1 + Long.BYTES];
    }
    to = b;
    long start = position;
    long room = b.remaining();
    boolean more = true;
    if (position == 0) {
      more = put(".", directory.number(), FileMode.S_IFDIR, 1);
    }
    if (more && position == 1) {
      more = put("..", parentNumber(), FileMode.S_IFDIR, OWN);
    }
    if (more) {
      directory.list(c, position - OWN, this);
    }
    long done = room - b.remaining();
    to = null;
    if (done == 0 && position == start && refused) {
      refused = false;
      return -Errno.EINVAL; // not even one record fits
    }
    refused = false;
    directory.noteAccess();
    return done;
  }

  private long parentNumber() {
    Mount m = mount();
    if (m != null && directory == m.root() && m.place() != null) {
      return ((Directory) m.place().inode()).parent().number();
    }
    return directory.parent().number();
  }

  @Override
  public boolean add(String name, long number, int mode, long next) {
    return put(name, number, mode, next + OWN);
  }

  @SuppressWarnings("deprecation") // names are Latin-1, one byte per char
  private boolean put(String name, long number, int mode, long next) {
    int length = D_NAME + name.length() + 1 + 7 & -8;
    if (length > to.remaining()) {
      refused = true;
      return false;
    }
    putLong(0, number);
    putLong(D_OFF, next);
    record[D_RECLEN] = (byte) length;
    record[D_RECLEN + 1] = (byte) (length >> 8);
    record[D_TYPE] = (byte) FileMode.directoryType(mode);
    name.getBytes(0, name.length(), record, D_NAME);
    for (int i = D_NAME + name.length(); i < length; i++) {
      record[i] = 0;
    }
    to.put(record, 0, length);
    position = next;
    return true;
  }

  private void putLong(int at, long v) {
    for (int i = 0; i < Long.BYTES; i++) {
      record[at + i] = (byte) (v >>> 8 * i);
    }
  }
}
