package orrery.kernel.syscall;

import orrery.kernel.abi.AtFlag;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.NameOperations;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.PathNames;
import orrery.kernel.fs.PathWalker;
import orrery.kernel.fs.Vfs;
import orrery.kernel.task.Credentials;
import orrery.kernel.task.Task;

/** System calls that take paths: opening files, changing the tree, and what a process calls "/". */
public final class PathCalls {
  /** struct open_how of openat2(2): flags, mode, resolve. */
  private static final int HOW_SIZE = 24;

  private static final int HOW_MODE = 8;
  private static final int HOW_RESOLVE = 16;

  /** NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH, IN_ROOT. */
  private static final long RESOLVE_SUPPORTED = 0x1f;

  private static final long RESOLVE_CACHED = 0x20;
  private static final int RESOLVE_BENEATH_IN_ROOT = 0x18;
  private static final int ACCESS_BITS = 7;

  private final Vfs vfs;
  private final NameOperations names;
  private final PathResolver paths;

  /** The calls on the files of {@code vfs}. */
  public PathCalls(Vfs vfs) {
    this.vfs = vfs;
    this.names = vfs.names();
    this.paths = new PathResolver(vfs);
  }

  /** openat(2). */
  public long openat(Task t, int dirfd, long path, int flags, int mode) {
    return open(t, dirfd, path, flags & OpenFlag.VALID, mode & FileMode.PERMISSIONS, 0);
  }

  /** openat2(2). */
  public long openat2(Task t, int dirfd, long path, long how, long size) {
    if (size < HOW_SIZE) {
      return -Errno.EINVAL;
    }
    if (size > PathWalker.PATH_MAX) {
      return -Errno.E2BIG;
    }
    for (long at = HOW_SIZE; at < size; at++) {
      if (t.memory().readByte(how + at) != 0) {
        return -Errno.E2BIG;
      }
    }
    long flags = t.memory().readLong(how);
    long mode = t.memory().readLong(how + HOW_MODE);
    long resolve = t.memory().readLong(how + HOW_RESOLVE);
    boolean creates = (flags & (OpenFlag.O_CREAT | OpenFlag.O_TMPFILE_BIT)) != 0;
    if ((flags & ~(long) OpenFlag.VALID) != 0
        || (mode & ~(long) FileMode.PERMISSIONS) != 0
        || mode != 0 && !creates
        || (resolve & ~(RESOLVE_SUPPORTED | RESOLVE_CACHED)) != 0
        || (resolve & RESOLVE_BENEATH_IN_ROOT) == RESOLVE_BENEATH_IN_ROOT) {
      return -Errno.EINVAL;
    }
    if ((resolve & RESOLVE_CACHED) != 0) {
      return -Errno.EAGAIN;
    }
    return open(t, dirfd, path, (int) flags, (int) mode, PathWalker.resolveFlags(resolve));
  }

  private long open(Task t, int dirfd, long address, int flags, int mode, int resolve) {
    String path = PathResolver.path(t, address);
    // Paths within the start's root start there even if they look absolute.
    Location start = PathResolver.start(t, dirfd, resolve == 0 ? path : "");
    t.files().reserve();
    int all = (flags & OpenFlag.O_PATH) != 0 ? flags : flags | OpenFlag.O_LARGEFILE;
    OpenFile f = vfs.opener().open(t, t.fs(), start, path, all, mode, resolve);
    return t.files().install(f, (flags & OpenFlag.O_CLOEXEC) != 0);
  }

  /** mkdirat(2). */
  public long mkdirat(Task t, int dirfd, long address, int mode) {
    String path = PathResolver.path(t, address);
    names.makeDirectory(t, t.fs(), PathResolver.start(t, dirfd, path), path, mode);
    return 0;
  }

  /** mknodat(2). */
  public long mknodat(Task t, int dirfd, long address, int mode, int device) {
    String path = PathResolver.path(t, address);
    long number = Integer.toUnsignedLong(device);
    names.makeNode(t, t.fs(), PathResolver.start(t, dirfd, path), path, mode, number);
    return 0;
  }

  /** unlinkat(2). */
  public long unlinkat(Task t, int dirfd, long address, int flags) {
    if ((flags & ~AtFlag.AT_REMOVEDIR) != 0) {
      return -Errno.EINVAL;
    }
    String path = PathResolver.path(t, address);
    Location start = PathResolver.start(t, dirfd, path);
    if (flags != 0) {
      names.removeDirectory(t, t.fs(), start, path);
    } else {
      names.unlink(t, t.fs(), start, path);
    }
    return 0;
  }

  /** symlinkat(2). */
  public long symlinkat(Task t, long target, int dirfd, long address) {
    String text = PathResolver.path(t, target);
    String path = PathResolver.path(t, address);
    names.makeSymlink(t, t.fs(), text, PathResolver.start(t, dirfd, path), path);
    return 0;
  }

  /** linkat(2). */
  public long linkat(Task t, int oldDir, long oldAddress, int newDir, long newAddress, int flags) {
    if ((flags & ~(AtFlag.AT_SYMLINK_FOLLOW | AtFlag.AT_EMPTY_PATH)) != 0) {
      return -Errno.EINVAL;
    }
    boolean empty = (flags & AtFlag.AT_EMPTY_PATH) != 0;
    if (empty && t.uid() != 0) {
      return -Errno.ENOENT;
    }
    int walk = (flags & AtFlag.AT_SYMLINK_FOLLOW) != 0 ? 0 : PathWalker.NO_FOLLOW;
    Location old = paths.find(t, oldDir, oldAddress, empty ? walk | PathWalker.EMPTY : walk);
    String path = PathResolver.path(t, newAddress);
    names.link(t, t.fs(), old, PathResolver.start(t, newDir, path), path);
    return 0;
  }

  /** renameat2(2). */
  public long renameat2(
      Task t, int oldDir, long oldAddress, int newDir, long newAddress, int flags) {
    String from = PathResolver.path(t, oldAddress);
    String to = PathResolver.path(t, newAddress);
    Location oldStart = PathResolver.start(t, oldDir, from);
    names.rename(t, t.fs(), oldStart, from, PathResolver.start(t, newDir, to), to, flags);
    return 0;
  }

  /** readlinkat(2). */
  @SuppressWarnings("deprecation") // paths are Latin-1, one byte per char
  public long readlinkat(Task t, int dirfd, long address, long buffer, int size) {
    if (size <= 0) {
      return -Errno.EINVAL;
    }
    String path = PathResolver.path(t, address);
    Location l =
        vfs.walker()
            .find(
                t,
                t.fs(),
                PathResolver.start(t, dirfd, path),
                path,
                PathWalker.NO_FOLLOW | PathWalker.EMPTY);
    Inode i = l.inode();
    if (!i.isSymlink()) {
      return path.isEmpty() ? -Errno.ENOENT : -Errno.EINVAL;
    }
    String target = i.readLink(t);
    int n = Math.min(size, target.length());
    byte[] bytes = new byte[n];
    target.getBytes(0, n, bytes, 0);
    t.memory().copyOut(bytes, 0, buffer, n);
    return n;
  }

  /** faccessat(2) and faccessat2(2). */
  public long faccessat(Task t, int dirfd, long address, int wanted, int flags) {
    int known = AtFlag.AT_EACCESS | AtFlag.AT_SYMLINK_NOFOLLOW | AtFlag.AT_EMPTY_PATH;
    if ((wanted & ~ACCESS_BITS) != 0 || (flags & ~known) != 0) {
      return -Errno.EINVAL;
    }
    int walk = (flags & AtFlag.AT_SYMLINK_NOFOLLOW) != 0 ? PathWalker.NO_FOLLOW : 0;
    walk |= (flags & AtFlag.AT_EMPTY_PATH) != 0 ? PathWalker.EMPTY : 0;
    Location l = paths.find(t, dirfd, address, walk);
    Credentials who = t.process().credentials();
    boolean effective = (flags & AtFlag.AT_EACCESS) != 0;
    Inode i = l.inode();
    boolean permitted =
        effective || who.realUid() == t.uid() && who.realGid() == t.gid()
            ? i.permits(t, wanted)
            : i.permits(who.realUid(), who.realGid(), wanted);
    if (!permitted) {
      return -Errno.EACCES;
    }
    boolean writes = (wanted & FileMode.MAY_WRITE) != 0;
    if (writes && l.mount() != null && l.mount().isReadOnly() && !i.isDevice() && !i.isFifo()) {
      return -Errno.EROFS;
    }
    return 0;
  }

  /** truncate(2). */
  public long truncate(Task t, long address, long length, FileCalls limits) {
    if (length < 0) {
      return -Errno.EINVAL;
    }
    Location l = paths.find(t, AtFlag.AT_FDCWD, address, 0);
    Inode i = l.inode();
    if (i.isDirectory()) {
      return -Errno.EISDIR;
    }
    if (!i.isRegular()) {
      return -Errno.EINVAL;
    }
    i.require(t, FileMode.MAY_WRITE);
    if (l.mount().isReadOnly()) {
      return -Errno.EROFS;
    }
    limits.requireLength(t, length, i.size());
    i.beginWriting();
    try {
      i.truncate(length);
    } finally {
      i.endWriting();
    }
    return 0;
  }

  /** chdir(2). */
  public long chdir(Task t, long address) {
    Location l = paths.find(t, AtFlag.AT_FDCWD, address, PathWalker.DIRECTORY);
    l.inode().require(t, FileMode.MAY_EXEC);
    t.fs().current(l);
    return 0;
  }

  /** fchdir(2). */
  public long fchdir(Task t, int fd) {
    OpenFile f = t.files().getAny(fd);
    if (!f.inode().isDirectory()) {
      return -Errno.ENOTDIR;
    }
    f.inode().require(t, FileMode.MAY_EXEC);
    t.fs().current(f.location());
    return 0;
  }

  /** chroot(2). */
  public long chroot(Task t, long address) {
    Location l = paths.find(t, AtFlag.AT_FDCWD, address, PathWalker.DIRECTORY);
    l.inode().require(t, FileMode.MAY_EXEC);
    if (t.uid() != 0) {
      return -Errno.EPERM;
    }
    t.fs().root(l);
    return 0;
  }

  /** getcwd(2): the length with the closing NUL. */
  @SuppressWarnings("deprecation") // paths are Latin-1, one byte per char
  public long getcwd(Task t, long buffer, long size) {
    String path = PathNames.ofCurrent(t.fs().current(), t.fs().root());
    if (path == null) {
      return -Errno.ENOENT;
    }
    int n = path.length();
    if (n >= PathWalker.PATH_MAX) {
      return -Errno.ENAMETOOLONG;
    }
    if (Long.compareUnsigned(size, n + 1L) < 0) {
      return -Errno.ERANGE;
    }
    byte[] bytes = new byte[n + 1];
    path.getBytes(0, n, bytes, 0);
    t.memory().copyOut(bytes, 0, buffer, n + 1);
    return n + 1;
  }

  /** umask(2). */
  public long umask(Task t, int mask) {
    int old = t.fs().umask();
    t.fs().umask(mask);
    return old;
  }

  /** Whether a file on {@code l}'s mount may be changed at all. */
  static void requireWritable(Location l) {
    if (l.mount() != null && l.mount().isReadOnly()) {
      throw ErrnoException.of(Errno.EROFS);
    }
  }
}
