package orrery.kernel.fs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.wait.Caller;

/**
 * What changes the tree of names: mkdir, mknod, symlink, link, unlink, rmdir and rename, with the
 * checks of Linux's {@code fs/namei.c} in its order.
 */
public final class NameOperations {
  /** Flags of renameat2(2). Source: Linux {@code include/uapi/linux/fs.h}. */
  public static final int RENAME_NOREPLACE = 1;

  public static final int RENAME_EXCHANGE = 2;
  public static final int RENAME_WHITEOUT = 4;

  /** How many names a file can have. */
  private static final int LINK_MAX = 65_000;

  private final PathWalker walker;

  NameOperations(PathWalker walker) {
    this.walker = walker;
  }

  /** Makes a folder with {@code permissions}, from which the umask is taken. */
  public void makeDirectory(
      Caller c, FileSystemContext fs, Location start, String path, int permissions) {
    Directory d = toCreate(c, fs, start, path, true);
    int granted = permissions & (0777 | FileMode.S_ISVTX) & ~fs.umask();
    d.create(c, walker.lastName(), FileMode.S_IFDIR | granted, 0);
  }

  /** Makes a file, FIFO, socket or device node. */
  public void makeNode(
      Caller c, FileSystemContext fs, Location start, String path, int mode, long device) {
    int type = (mode & FileMode.S_IFMT) == 0 ? FileMode.S_IFREG : mode & FileMode.S_IFMT;
    switch (type) {
      case FileMode.S_IFREG,
          FileMode.S_IFIFO,
          FileMode.S_IFSOCK,
          FileMode.S_IFCHR,
          FileMode.S_IFBLK -> {}
      case FileMode.S_IFDIR -> throw ErrnoException.of(Errno.EPERM);
      default -> throw ErrnoException.of(Errno.EINVAL);
    }
    Directory d = toCreate(c, fs, start, path, false);
    if ((type == FileMode.S_IFCHR || type == FileMode.S_IFBLK) && c.uid() != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    d.create(c, walker.lastName(), type | mode & FileMode.PERMISSIONS & ~fs.umask(), device);
  }

  /** Makes a symbolic link that says {@code target}. */
  public void makeSymlink(
      Caller c, FileSystemContext fs, String target, Location start, String path) {
    if (target.isEmpty()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    toCreate(c, fs, start, path, false).symlink(c, walker.lastName(), target);
  }

  /** Gives the file at {@code source} another name. */
  public void link(Caller c, FileSystemContext fs, Location source, Location start, String path) {
    Directory d = toCreate(c, fs, start, path, false);
    Inode inode = source.inode();
    if (source.mount() != walker.mount()) {
      throw ErrnoException.of(Errno.EXDEV);
    }
    if (inode.isDirectory()) {
      throw ErrnoException.of(Errno.EPERM);
    }
    boolean unnamed = source.entry() == null || source.entry().isRemoved();
    if (inode.links() == 0 && !(unnamed && inode.isLinkable())) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    if (inode.links() >= LINK_MAX) {
      throw ErrnoException.of(Errno.EMLINK);
    }
    d.link(c, walker.lastName(), inode);
  }

  /** Walks to where a new name is to be and checks that it may be made there. */
  private Directory toCreate(
      Caller c, FileSystemContext fs, Location start, String path, boolean folder) {
    walker.findParent(c, fs, start, path, 0);
    if (walker.last() != PathWalker.Last.NAME) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    if (walker.lookUp(walker.lastName()) != null) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    if (!folder && walker.trailingSlash()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    return mayCreate(c, walker.mount(), walker.directory());
  }

  /** Whether a name may be made in {@code d}, which has none like it. */
  static Directory mayCreate(Caller c, Mount m, Directory d) {
    requireWritable(m);
    if (d.isRemoved()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    d.require(c, FileMode.MAY_WRITE | FileMode.MAY_EXEC);
    return d;
  }

  private static void requireWritable(Mount m) {
    if (m.isReadOnly()) {
      throw ErrnoException.of(Errno.EROFS);
    }
  }

  /** Removes a name that is no folder's. */
  public void unlink(Caller c, FileSystemContext fs, Location start, String path) {
    walker.findParent(c, fs, start, path, 0);
    if (walker.last() != PathWalker.Last.NAME) {
      throw ErrnoException.of(Errno.EISDIR);
    }
    Entry e = walker.lookUp(walker.lastName());
    requireWritable(walker.mount());
    if (e == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    if (walker.trailingSlash()) {
      throw ErrnoException.of(e.inode().isDirectory() ? Errno.EISDIR : Errno.ENOTDIR);
    }
    mayDelete(c, walker.directory(), e);
    if (e.inode().isDirectory()) {
      throw ErrnoException.of(Errno.EISDIR);
    }
    walker.directory().unlink(c, e);
  }

  /** Removes an empty folder. */
  public void removeDirectory(Caller c, FileSystemContext fs, Location start, String path) {
    walker.findParent(c, fs, start, path, 0);
    switch (walker.last()) {
      case DOT -> throw ErrnoException.of(Errno.EINVAL);
      case DOT_DOT -> throw ErrnoException.of(Errno.ENOTEMPTY);
      case ROOT -> throw ErrnoException.of(Errno.EBUSY);
      case NAME -> {}
    }
    Entry e = walker.lookUp(walker.lastName());
    requireWritable(walker.mount());
    if (e == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    mayDelete(c, walker.directory(), e);
    if (!e.inode().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    requireNotMounted(e);
    walker.directory().removeDirectory(c, e);
  }

  private static void requireNotMounted(Entry e) {
    if (e.inode().mountsHere > 0) {
      throw ErrnoException.of(Errno.EBUSY);
    }
  }

  /** Whether {@code c} may take {@code e} out of {@code d}. */
  private static void mayDelete(Caller c, Directory d, Entry e) {
    d.require(c, FileMode.MAY_WRITE | FileMode.MAY_EXEC);
    boolean sticky = (d.mode() & FileMode.S_ISVTX) != 0;
    if (sticky && c.uid() != 0 && c.uid() != e.inode().uid() && c.uid() != d.uid()) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  /** renameat2(2). */
  public void rename(
      Caller c,
      FileSystemContext fs,
      Location oldStart,
      String oldPath,
      Location newStart,
      String newPath,
      int flags) {
    boolean exchange = (flags & RENAME_EXCHANGE) != 0;
    boolean keep = (flags & RENAME_NOREPLACE) != 0;
    if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE)) != 0 || exchange && keep) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    walker.findParent(c, fs, oldStart, oldPath, 0);
    Mount mount = walker.mount();
    Directory from = walker.directory();
    String oldName = walker.lastName();
    boolean oldIsName = walker.last() == PathWalker.Last.NAME;
    boolean oldSlash = walker.trailingSlash();
    walker.findParent(c, fs, newStart, newPath, 0);
    if (walker.mount() != mount) {
      throw ErrnoException.of(Errno.EXDEV);
    }
    if (!oldIsName) {
      throw ErrnoException.of(Errno.EBUSY);
    }
    if (walker.last() != PathWalker.Last.NAME) {
      throw ErrnoException.of(keep ? Errno.EEXIST : Errno.EBUSY);
    }
    requireWritable(mount);
    Directory to = walker.directory();
    String newName = walker.lastName();
    from.require(c, FileMode.MAY_EXEC);
    Entry source = from.find(c, oldName);
    if (source == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    Entry target = walker.lookUp(newName);
    if (keep && target != null) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    if (exchange) {
      if (target == null) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      if (!target.inode().isDirectory() && walker.trailingSlash()) {
        throw ErrnoException.of(Errno.ENOTDIR);
      }
    }
    if (!source.inode().isDirectory() && (oldSlash || !exchange && walker.trailingSlash())) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    if (isAbove(source.inode(), to)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (target != null && isAbove(target.inode(), from)) {
      throw ErrnoException.of(exchange ? Errno.EINVAL : Errno.ENOTEMPTY);
    }
    move(c, from, source, to, newName, target, exchange);
  }

  private static void move(
      Caller c,
      Directory from,
      Entry source,
      Directory to,
      String newName,
      Entry target,
      boolean exchange) {
    if (target != null && source.inode() == target.inode()) {
      return; // two names of one file: nothing happens
    }
    mayDelete(c, from, source);
    boolean folder = source.inode().isDirectory();
    if (target == null) {
      if (to.isRemoved()) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      to.require(c, FileMode.MAY_WRITE | FileMode.MAY_EXEC);
    } else {
      mayDelete(c, to, target);
      boolean targetFolder = target.inode().isDirectory();
      if (!exchange && folder != targetFolder) {
        throw ErrnoException.of(folder ? Errno.ENOTDIR : Errno.EISDIR);
      }
      if (exchange && targetFolder && from != to) {
        target.inode().require(c, FileMode.MAY_WRITE); // its ".." changes
      }
      requireNotMounted(target);
    }
    if (folder && from != to) {
      source.inode().require(c, FileMode.MAY_WRITE); // its ".." changes
    }
    requireNotMounted(source);
    if (exchange) {
      from.exchange(c, source, to, target);
    } else {
      from.rename(c, source, to, newName, target);
    }
  }

  /** Whether {@code d} is {@code folder} or below it. */
  private static boolean isAbove(Inode folder, Directory d) {
    for (Directory at = d; ; at = at.parent()) {
      if (at == folder) {
        return true;
      }
      if (at.entry() == null) {
        return false;
      }
    }
  }
}
