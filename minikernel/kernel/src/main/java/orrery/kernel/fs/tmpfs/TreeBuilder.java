package orrery.kernel.fs.tmpfs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.Entry;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.PathWalker;

/**
 * Fills a tmpfs while the kernel starts, when there is no process yet whose paths or permissions
 * could count. A later entry of the same name takes the place of the earlier one; folders stay, and
 * those that are missing on the way are made.
 */
public final class TreeBuilder {
  private static final int MAX_LINKS = 40;
  private static final int FOLDER = 0755;

  private final TmpfsDirectory root;

  // The folder that the last name was in: the next one mostly is in the same.
  private String recentPath = "";
  private TmpfsDirectory recent;

  private TmpfsDirectory parent;

  /** The last component; null if the path is the root itself. */
  private String name;

  /** Fills {@code fs}. */
  public TreeBuilder(Tmpfs fs) {
    this.root = (TmpfsDirectory) fs.root();
    this.recent = root;
  }

  /** Goes to where {@code path} is to be made. */
  public void go(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    int slash = path.lastIndexOf('/', end - 1);
    name = path.substring(slash + 1, end);
    if (name.length() > PathWalker.NAME_MAX) {
      throw ErrnoException.of(Errno.ENAMETOOLONG);
    }
    if (slash < 0) {
      parent = root;
    } else if (slash == recentPath.length() && path.startsWith(recentPath)) {
      parent = recent;
    } else {
      String folder = path.substring(0, slash);
      parent = walk(root, folder, 0);
      recentPath = folder;
      recent = parent;
    }
    if (name.isEmpty() || name.equals(".")) {
      name = null;
    } else if (name.equals("..")) {
      throw ErrnoException.of(Errno.EEXIST);
    }
  }

  private TmpfsDirectory walk(TmpfsDirectory from, String path, int links) {
    if (links > MAX_LINKS) {
      throw ErrnoException.of(Errno.ELOOP);
    }
    TmpfsDirectory at = path.startsWith("/") ? root : from;
    int i = 0;
    while (i < path.length()) {
      int end = path.indexOf('/', i);
      if (end < 0) {
        end = path.length();
      }
      String component = path.substring(i, end);
      i = end + 1;
      switch (component) {
        case "", "." -> {}
        case ".." -> at = (TmpfsDirectory) at.parent();
        default -> at = step(at, component, links);
      }
    }
    return at;
  }

  private TmpfsDirectory step(TmpfsDirectory at, String component, int links) {
    if (component.length() > PathWalker.NAME_MAX) {
      throw ErrnoException.of(Errno.ENAMETOOLONG);
    }
    Entry e = at.find(null, component);
    if (e == null) {
      e = at.create(component, FileMode.S_IFDIR | FOLDER, 0, 0, 0);
    }
    if (e.inode() instanceof SymbolicLink l) {
      return walk(at, l.readLink(null), links + 1);
    }
    if (!(e.inode() instanceof TmpfsDirectory d)) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    return d;
  }

  /** Makes a folder, or gives the one there the attributes. */
  public Directory directory(int mode, int uid, int gid) {
    Entry e = name == null ? null : parent.find(null, name);
    Directory d = name == null ? parent : null;
    if (e != null && e.inode() instanceof TmpfsDirectory there) {
      d = there;
    }
    if (d == null) {
      makeRoom();
      return (Directory) parent.create(name, FileMode.S_IFDIR | mode, 0, uid, gid).inode();
    }
    d.changeOwner(uid, gid);
    d.changePermissions(mode);
    return d;
  }

  /** Makes a regular file, device node, FIFO or socket. */
  public Inode file(int mode, long device, int uid, int gid) {
    makeRoom();
    Inode i = parent.create(name, mode, device, uid, gid).inode();
    i.changeOwner(uid, gid);
    return i;
  }

  /** Makes a symbolic link. */
  public Inode symlink(String target, int uid, int gid) {
    makeRoom();
    return parent.symlink(name, target, uid, gid).inode();
  }

  /** Gives {@code inode} another name. */
  public Inode link(Inode inode) {
    inode.hold(); // its only name may be the one that makes room
    try {
      makeRoom();
      return parent.link(name, inode).inode();
    } finally {
      inode.drop();
    }
  }

  private void makeRoom() {
    if (name == null) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    Entry e = parent.find(null, name);
    if (e == null) {
      return;
    }
    if (e.inode().isDirectory()) {
      throw ErrnoException.of(Errno.EISDIR);
    }
    recentPath = ""; // the way there may have led through the link that goes
    recent = root;
    parent.unlink(null, e);
  }
}
