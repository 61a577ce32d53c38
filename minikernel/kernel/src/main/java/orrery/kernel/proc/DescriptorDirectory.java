package orrery.kernel.proc;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.Entry;
import orrery.kernel.fs.FileTable;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** /proc/PID/fd: a link for every open descriptor. */
class DescriptorDirectory extends Directory {
  private static final int PERMISSIONS = 0500;
  private static final int READ = 0500;
  private static final int WRITE = 0300;

  private final ProcFileSystem fs;
  private final Subject subject;

  DescriptorDirectory(ProcFileSystem fs, long number, Subject subject) {
    super(fs, number, PERMISSIONS, 0, 0);
    this.fs = fs;
    this.subject = subject;
  }

  final Subject subject() {
    return subject;
  }

  @Override
  public final int uid() {
    return subject.process().credentials().effectiveUid();
  }

  @Override
  public final int gid() {
    return subject.process().credentials().effectiveGid();
  }

  /** The file at {@code fd}; null if there is none. */
  final OpenFile file(int fd) {
    Task t = subject.task();
    return t == null || fd < 0 ? null : t.files().peek(fd);
  }

  @Override
  public final Entry find(Caller c, String name) {
    subject.requireAccess(c);
    int fd = Numbers.parse(name);
    return file(fd) == null ? null : new Entry(this, name, inode(fs, fd));
  }

  /** The file in this folder that stands for {@code fd}. */
  Inode inode(ProcFileSystem to, int fd) {
    OpenFile f = file(fd);
    int permissions = (f.isReadable() ? READ : 0) | (f.isWritable() ? WRITE : 0);
    return new Link(to, to.newNumber(), permissions, fd);
  }

  int entryType() {
    return FileMode.S_IFLNK;
  }

  @Override
  public final void list(Caller c, long position, Listing to) {
    subject.requireAccess(c);
    Task t = subject.task();
    if (t == null) {
      return;
    }
    FileTable files = t.files();
    int end = files.bound();
    for (int fd = (int) Math.min(position, end); fd < end; fd++) {
      if (files.peek(fd) != null
          && !to.add(Integer.toString(fd), number() + fd + 1, entryType(), fd + 1L)) {
        return;
      }
    }
  }

  private final class Link extends Inode {
    private final int fd;

    Link(ProcFileSystem fs, long number, int permissions, int fd) {
      super(fs, number, FileMode.S_IFLNK | permissions, 0, 0);
      this.fd = fd;
    }

    private OpenFile open() {
      OpenFile f = file(fd);
      if (f == null) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      return f;
    }

    @Override
    public Location followLink(Caller c) {
      subject.requireAccess(c);
      return open().location();
    }

    @Override
    public String readLink(Caller c) {
      subject.requireAccess(c);
      return open().path();
    }
  }
}
