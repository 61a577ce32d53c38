package orrery.kernel.syscall;

import orrery.kernel.abi.AtFlag;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.PathWalker;
import orrery.kernel.fs.Vfs;
import orrery.kernel.task.Task;

/** From the folder descriptor and path pointer that calls get to files. */
final class PathResolver {
  private final PathWalker walker;

  PathResolver(Vfs vfs) {
    walker = vfs.walker();
  }

  /** The path at {@code address}; throws EFAULT, ENAMETOOLONG. */
  static String path(Task t, long address) {
    return t.memory().readString(address, PathWalker.PATH_MAX);
  }

  /**
   * Where a relative path starts that goes with {@code dirfd}; null for the current folder, or if
   * the path is absolute and does not care.
   */
  static Location start(Task t, int dirfd, String path) {
    if (dirfd == AtFlag.AT_FDCWD || !path.isEmpty() && path.charAt(0) == '/') {
      return null;
    }
    OpenFile f = t.files().getAny(dirfd);
    if (!path.isEmpty() && !f.inode().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    return f.location();
  }

  /** The file that {@code dirfd} itself stands for. */
  Location start(Task t, int dirfd) {
    return dirfd == AtFlag.AT_FDCWD ? t.fs().current() : t.files().getAny(dirfd).location();
  }

  /** The file that the path at {@code address} names; {@code flags} are the walker's. */
  Location find(Task t, int dirfd, long address, int flags) {
    String path = path(t, address);
    return walker.find(t, t.fs(), start(t, dirfd, path), path, flags);
  }
}
