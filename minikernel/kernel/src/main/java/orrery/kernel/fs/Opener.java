package orrery.kernel.fs;

import static orrery.kernel.abi.OpenFlag.O_CREAT;
import static orrery.kernel.abi.OpenFlag.O_DIRECTORY;
import static orrery.kernel.abi.OpenFlag.O_EXCL;
import static orrery.kernel.abi.OpenFlag.O_NOATIME;
import static orrery.kernel.abi.OpenFlag.O_NOFOLLOW;
import static orrery.kernel.abi.OpenFlag.O_PATH;
import static orrery.kernel.abi.OpenFlag.O_TMPFILE_BIT;
import static orrery.kernel.abi.OpenFlag.O_TRUNC;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.wait.Caller;

/** Opens files by path, with the checks of Linux's {@code do_open} and {@code may_open}. */
public final class Opener {
  /** What O_PATH leaves of the other flags. */
  private static final int PATH_FLAGS = O_DIRECTORY | O_NOFOLLOW | O_PATH | OpenFlag.O_CLOEXEC;

  private final PathWalker walker;

  Opener(PathWalker walker) {
    this.walker = walker;
  }

  /**
   * Opens the file that {@code path} names, making it if the flags say so.
   *
   * @param start where a relative path starts; null for the current folder
   * @param openFlags of open(2)
   * @param mode permissions of a new file, before the umask
   * @param resolve the walker's RESOLVE_ flags, else 0
   * @throws BlockedException if the caller sleeps (a FIFO without the other side)
   */
  public OpenFile open(
      Caller c,
      FileSystemContext fs,
      Location start,
      String path,
      int openFlags,
      int mode,
      int resolve) {
    int flags = (openFlags & O_PATH) != 0 ? openFlags & PATH_FLAGS : openFlags;
    if ((flags & O_TMPFILE_BIT) != 0) {
      return openUnnamed(c, fs, start, path, flags, mode, resolve);
    }
    if ((flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if ((flags & O_CREAT) != 0) {
      return openOrCreate(c, fs, start, path, flags, mode, resolve);
    }
    int walk = (flags & O_NOFOLLOW) != 0 ? PathWalker.NO_FOLLOW : 0;
    walk |= (flags & O_DIRECTORY) != 0 ? PathWalker.DIRECTORY : 0;
    return open(c, walker.find(c, fs, start, path, walk | resolve), flags);
  }

  private OpenFile openOrCreate(
      Caller c,
      FileSystemContext fs,
      Location start,
      String path,
      int flags,
      int mode,
      int resolve) {
    boolean exclusive = (flags & O_EXCL) != 0;
    int walk = exclusive || (flags & O_NOFOLLOW) != 0 ? PathWalker.NO_FOLLOW : 0;
    walker.findParent(c, fs, start, path, walk | resolve);
    while (walker.last() == PathWalker.Last.NAME) {
      if (walker.trailingSlash()) {
        throw ErrnoException.of(Errno.EISDIR);
      }
      Entry e = walker.lookUp(walker.lastName());
      if (e == null) {
        Mount mount = walker.mount();
        Directory d = NameOperations.mayCreate(c, mount, walker.directory());
        int permissions = mode & FileMode.PERMISSIONS & ~fs.umask();
        Entry made = d.create(c, walker.lastName(), FileMode.S_IFREG | permissions, 0);
        return place(made.inode().open(c, flags), new Location(mount, made, made.inode()));
      }
      if (exclusive) {
        throw ErrnoException.of(Errno.EEXIST);
      }
      if (!walker.enter(e)) {
        break;
      }
    }
    if (exclusive) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    Location l = walker.arrived();
    if (l.inode().isDirectory()) {
      throw ErrnoException.of(Errno.EISDIR);
    }
    return open(c, l, flags);
  }

  private OpenFile openUnnamed(
      Caller c,
      FileSystemContext fs,
      Location start,
      String path,
      int flags,
      int mode,
      int resolve) {
    if ((flags & O_DIRECTORY) == 0 || !OpenFlag.writable(flags)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    Location l = walker.find(c, fs, start, path, PathWalker.DIRECTORY | resolve);
    Directory d = NameOperations.mayCreate(c, l.mount(), l.directory());
    Inode i =
        d.createUnnamed(
            c, FileMode.S_IFREG | mode & FileMode.PERMISSIONS & ~fs.umask(), (flags & O_EXCL) == 0);
    Entry nameless = new Entry(d, "#" + i.number(), i);
    nameless.remove();
    try {
      OpenFile f = i.open(c, flags & ~(O_TMPFILE_BIT | O_DIRECTORY));
      return place(f, new Location(l.mount(), nameless, i));
    } finally {
      i.drop();
    }
  }

  /** Opens the file at {@code l}, which exists. */
  public OpenFile open(Caller c, Location l, int flags) {
    Inode i = l.inode();
    if ((flags & O_PATH) != 0) {
      return place(new PathFile(i, flags), l);
    }
    int wanted = wanted(flags);
    switch (i.type()) {
      case FileMode.S_IFLNK -> throw ErrnoException.of(Errno.ELOOP);
      case FileMode.S_IFDIR -> {
        if ((wanted & FileMode.MAY_WRITE) != 0) {
          throw ErrnoException.of(Errno.EISDIR);
        }
      }
      case FileMode.S_IFCHR, FileMode.S_IFBLK -> {
        if ((l.mount().flags() & Mount.MS_NODEV) != 0) {
          throw ErrnoException.of(Errno.EACCES);
        }
      }
      default -> {}
    }
    if ((wanted & FileMode.MAY_WRITE) != 0 && i.isRegular() && l.mount().isReadOnly()) {
      throw ErrnoException.of(Errno.EROFS);
    }
    i.require(c, wanted);
    if ((flags & O_NOATIME) != 0 && c.uid() != 0 && c.uid() != i.uid()) {
      throw ErrnoException.of(Errno.EPERM);
    }
    OpenFile f = place(i.open(c, flags), l);
    if ((flags & O_TRUNC) != 0 && i.isRegular()) {
      try {
        i.truncate(0);
      } catch (ErrnoException e) {
        f.drop();
        throw e;
      }
    }
    return f;
  }

  private static int wanted(int flags) {
    int wanted =
        switch (flags & OpenFlag.O_ACCMODE) {
          case OpenFlag.O_RDONLY -> FileMode.MAY_READ;
          case OpenFlag.O_WRONLY -> FileMode.MAY_WRITE;
          default -> FileMode.MAY_READ | FileMode.MAY_WRITE;
        };
    return (flags & O_TRUNC) != 0 ? wanted | FileMode.MAY_WRITE : wanted;
  }

  private static OpenFile place(OpenFile f, Location l) {
    f.place(l);
    return f;
  }
}
