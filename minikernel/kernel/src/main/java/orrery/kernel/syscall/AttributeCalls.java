package orrery.kernel.syscall;

import java.nio.charset.StandardCharsets;
import orrery.kernel.abi.AtFlag;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.ExtendedAttributes;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.PathWalker;
import orrery.kernel.fs.Vfs;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Task;

/** System calls that change a file's attributes: permissions, owner, times, extended ones. */
public final class AttributeCalls {
  private static final long UTIME_NOW = (1 << 30) - 1;
  private static final long UTIME_OMIT = (1 << 30) - 2;
  private static final int TIMESPEC_SIZE = 16;
  private static final long NANOS = 1_000_000_000;
  private static final int KEEP = -1;

  private final Vfs vfs;
  private final PathResolver paths;

  /** The calls on the files of {@code vfs}. */
  public AttributeCalls(Vfs vfs) {
    this.vfs = vfs;
    this.paths = new PathResolver(vfs);
  }

  /** fchmodat(2) and fchmodat2(2). */
  public long fchmodat(Task t, int dirfd, long path, int mode, int flags) {
    if ((flags & ~(AtFlag.AT_SYMLINK_NOFOLLOW | AtFlag.AT_EMPTY_PATH)) != 0) {
      return -Errno.EINVAL;
    }
    return changeMode(t, paths.find(t, dirfd, path, walkFlags(flags)), mode);
  }

  private static int walkFlags(int flags) {
    int walk = (flags & AtFlag.AT_SYMLINK_NOFOLLOW) != 0 ? PathWalker.NO_FOLLOW : 0;
    return (flags & AtFlag.AT_EMPTY_PATH) != 0 ? walk | PathWalker.EMPTY : walk;
  }

  /** fchmod(2). */
  public long fchmod(Task t, int fd, int mode) {
    return changeMode(t, t.files().get(fd).location(), mode);
  }

  private static long changeMode(Task t, Location l, int mode) {
    Inode i = l.inode();
    if (i.isSymlink()) {
      return -Errno.EOPNOTSUPP;
    }
    PathCalls.requireWritable(l);
    if (t.uid() != 0 && t.uid() != i.uid()) {
      return -Errno.EPERM;
    }
    int permissions = mode & FileMode.PERMISSIONS;
    if (t.uid() != 0 && !t.isMember(i.gid())) {
      permissions &= ~FileMode.S_ISGID;
    }
    i.changePermissions(permissions);
    return 0;
  }

  /** fchownat(2). */
  public long fchownat(Task t, int dirfd, long path, int uid, int gid, int flags) {
    if ((flags & ~(AtFlag.AT_SYMLINK_NOFOLLOW | AtFlag.AT_EMPTY_PATH)) != 0) {
      return -Errno.EINVAL;
    }
    return changeOwner(t, paths.find(t, dirfd, path, walkFlags(flags)), uid, gid);
  }

  /** fchown(2). */
  public long fchown(Task t, int fd, int uid, int gid) {
    return changeOwner(t, t.files().get(fd).location(), uid, gid);
  }

  private static long changeOwner(Task t, Location l, int uid, int gid) {
    Inode i = l.inode();
    PathCalls.requireWritable(l);
    boolean owner = t.uid() == i.uid();
    if (t.uid() != 0) {
      boolean uidKept = uid == KEEP || owner && uid == i.uid();
      boolean gidAllowed = gid == KEEP || owner && (gid == i.gid() || t.isMember(gid));
      if (!uidKept || !gidAllowed) {
        return -Errno.EPERM;
      }
    }
    if (!i.isDirectory() && (i.mode() & (FileMode.S_ISUID | FileMode.S_ISGID)) != 0) {
      int permissions = i.mode() & FileMode.PERMISSIONS & ~FileMode.S_ISUID;
      if ((permissions & FileMode.S_IXGRP) != 0) {
        permissions &= ~FileMode.S_ISGID;
      }
      i.changePermissions(permissions);
    }
    i.changeOwner(uid == KEEP ? i.uid() : uid, gid == KEEP ? i.gid() : gid);
    return 0;
  }

  /** utimensat(2). */
  public long utimensat(Task t, int dirfd, long path, long times, int flags) {
    if ((flags & ~(AtFlag.AT_SYMLINK_NOFOLLOW | AtFlag.AT_EMPTY_PATH)) != 0) {
      return -Errno.EINVAL;
    }
    long accessFraction = UTIME_NOW;
    long modifiedFraction = UTIME_NOW;
    long access = 0;
    long modified = 0;
    if (times != 0) {
      AddressSpace m = t.memory();
      access = m.readLong(times);
      accessFraction = m.readLong(times + 8);
      modified = m.readLong(times + TIMESPEC_SIZE);
      modifiedFraction = m.readLong(times + TIMESPEC_SIZE + 8);
      if (isBadFraction(accessFraction) || isBadFraction(modifiedFraction)) {
        return -Errno.EINVAL;
      }
      if (accessFraction == UTIME_OMIT && modifiedFraction == UTIME_OMIT) {
        return 0;
      }
    }
    Location l;
    if (path == 0) {
      if (dirfd == AtFlag.AT_FDCWD) {
        return -Errno.EFAULT;
      }
      l = t.files().get(dirfd).location();
    } else {
      l = paths.find(t, dirfd, path, walkFlags(flags));
    }
    Inode i = l.inode();
    PathCalls.requireWritable(l);
    boolean bothNow = accessFraction == UTIME_NOW && modifiedFraction == UTIME_NOW;
    if (t.uid() != 0 && t.uid() != i.uid()) {
      if (!bothNow) {
        return -Errno.EPERM;
      }
      i.require(t, FileMode.MAY_WRITE);
    }
    long now = vfs.clock().realtimeNanos();
    i.changeTimes(
        time(access, accessFraction, now, i.accessed()),
        time(modified, modifiedFraction, now, i.modified()));
    return 0;
  }

  private static boolean isBadFraction(long nanos) {
    return nanos != UTIME_NOW && nanos != UTIME_OMIT && (nanos < 0 || nanos >= NANOS);
  }

  private static long time(long seconds, long fraction, long now, long old) {
    if (fraction == UTIME_NOW) {
      return now;
    }
    if (fraction == UTIME_OMIT) {
      return old;
    }
    long most = Long.MAX_VALUE / NANOS - 1;
    return Math.max(-most, Math.min(most, seconds)) * NANOS + fraction;
  }

  // Extended attributes: the path forms (following links or not) and the descriptor form.

  private Inode byPath(Task t, long path, boolean follow) {
    return paths.find(t, AtFlag.AT_FDCWD, path, follow ? 0 : PathWalker.NO_FOLLOW).inode();
  }

  /** setxattr(2) and lsetxattr(2). */
  public long setxattr(
      Task t, long path, boolean follow, long name, long value, long size, int flags) {
    Location l = paths.find(t, AtFlag.AT_FDCWD, path, follow ? 0 : PathWalker.NO_FOLLOW);
    PathCalls.requireWritable(l);
    return set(t, l.inode(), name, value, size, flags);
  }

  /** fsetxattr(2). */
  public long fsetxattr(Task t, int fd, long name, long value, long size, int flags) {
    OpenFile f = t.files().get(fd);
    PathCalls.requireWritable(f.location());
    return set(t, f.inode(), name, value, size, flags);
  }

  /** getxattr(2) and lgetxattr(2). */
  public long getxattr(Task t, long path, boolean follow, long name, long value, long size) {
    return get(t, byPath(t, path, follow), name, value, size);
  }

  /** fgetxattr(2). */
  public long fgetxattr(Task t, int fd, long name, long value, long size) {
    return get(t, t.files().get(fd).inode(), name, value, size);
  }

  /** listxattr(2) and llistxattr(2). */
  public long listxattr(Task t, long path, boolean follow, long list, long size) {
    return list(t, byPath(t, path, follow), list, size);
  }

  /** flistxattr(2). */
  public long flistxattr(Task t, int fd, long list, long size) {
    return list(t, t.files().get(fd).inode(), list, size);
  }

  /** removexattr(2) and lremovexattr(2). */
  public long removexattr(Task t, long path, boolean follow, long name) {
    Location l = paths.find(t, AtFlag.AT_FDCWD, path, follow ? 0 : PathWalker.NO_FOLLOW);
    PathCalls.requireWritable(l);
    return remove(t, l.inode(), name);
  }

  /** fremovexattr(2). */
  public long fremovexattr(Task t, int fd, long name) {
    return remove(t, t.files().get(fd).inode(), name);
  }

  private static String name(Task t, long address) {
    String name;
    try {
      name = t.memory().readString(address, ExtendedAttributes.NAME_MAX + 1);
    } catch (ErrnoException e) {
      throw ErrnoException.of(e.errno() == Errno.ENAMETOOLONG ? Errno.ERANGE : e.errno());
    }
    if (name.isEmpty()) {
      throw ErrnoException.of(Errno.ERANGE);
    }
    return name;
  }

  /** 0 if {@code t} may have the attribute, else {@code -errno}. */
  private static long check(Task t, Inode i, String name, boolean write) {
    int wanted = write ? FileMode.MAY_WRITE : FileMode.MAY_READ;
    if (!i.fileSystem().hasAttributes()) {
      return -Errno.EOPNOTSUPP;
    }
    if (name.startsWith("user.")) {
      if (!i.isRegular() && !i.isDirectory()) {
        return write ? -Errno.EPERM : -Errno.ENODATA;
      }
      return i.permits(t, wanted) ? 0 : -Errno.EACCES;
    }
    if (name.startsWith("trusted.")) {
      return t.uid() == 0 ? 0 : write ? -Errno.EPERM : -Errno.ENODATA;
    }
    if (name.startsWith("security.")) {
      return t.uid() == 0 || !write ? 0 : -Errno.EPERM;
    }
    return -Errno.EOPNOTSUPP;
  }

  private static long set(Task t, Inode i, long nameAddress, long value, long size, int flags) {
    int both = ExtendedAttributes.XATTR_CREATE | ExtendedAttributes.XATTR_REPLACE;
    if ((flags & ~both) != 0) {
      return -Errno.EINVAL;
    }
    String name = name(t, nameAddress);
    if (Long.compareUnsigned(size, ExtendedAttributes.SIZE_MAX) > 0) {
      return -Errno.E2BIG;
    }
    byte[] bytes = new byte[(int) size];
    t.memory().copyIn(value, bytes, 0, bytes.length);
    long refused = check(t, i, name, true);
    if (refused == 0) {
      i.attributes(true).set(name, bytes, flags);
      i.noteChange();
    }
    return refused;
  }

  private static long get(Task t, Inode i, long nameAddress, long value, long size) {
    String name = name(t, nameAddress);
    long refused = check(t, i, name, false);
    if (refused != 0) {
      return refused;
    }
    ExtendedAttributes all = i.attributes(false);
    if (all == null) {
      return -Errno.ENODATA;
    }
    byte[] bytes = all.get(name);
    return copyOut(t, bytes, value, size);
  }

  private static long copyOut(Task t, byte[] bytes, long address, long size) {
    if (size == 0) {
      return bytes.length;
    }
    if (Long.compareUnsigned(size, bytes.length) < 0) {
      return -Errno.ERANGE;
    }
    t.memory().copyOut(bytes, 0, address, bytes.length);
    return bytes.length;
  }

  private static long list(Task t, Inode i, long address, long size) {
    ExtendedAttributes all = i.attributes(false);
    if (all == null) {
      return 0;
    }
    return copyOut(t, all.list().getBytes(StandardCharsets.ISO_8859_1), address, size);
  }

  private static long remove(Task t, Inode i, long nameAddress) {
    String name = name(t, nameAddress);
    long refused = check(t, i, name, true);
    if (refused != 0) {
      return refused;
    }
    ExtendedAttributes all = i.attributes(false);
    if (all == null) {
      return -Errno.ENODATA;
    }
    all.remove(name);
    i.noteChange();
    return 0;
  }
}
