package orrery.kernel.fs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.wait.Caller;

/**
 * Finds what a path names, as Linux's {@code fs/namei.c} does. One walker serves all calls, one
 * after the other; the walk itself allocates only the components' names.
 */
public final class PathWalker {
  /** The longest path with its closing NUL, in bytes. */
  public static final int PATH_MAX = 4096;

  /** The longest name, in bytes. */
  public static final int NAME_MAX = 255;

  /** Symbolic links followed in one walk at most. */
  private static final int MAX_LINKS = 40;

  /** Do not follow a symbolic link at the end. */
  public static final int NO_FOLLOW = 1;

  /** The end must be a folder. */
  public static final int DIRECTORY = 2;

  /** An empty path means the start itself. */
  public static final int EMPTY = 4;

  // RESOLVE_ flags of openat2(2), shifted out of the way of the others.
  private static final int RESOLVE_SHIFT = 8;
  public static final int NO_CROSSING = 1 << RESOLVE_SHIFT;
  public static final int NO_MAGIC_LINKS = 2 << RESOLVE_SHIFT;
  public static final int NO_SYMLINKS = 4 << RESOLVE_SHIFT;
  public static final int BENEATH = 8 << RESOLVE_SHIFT;
  public static final int IN_ROOT = 16 << RESOLVE_SHIFT;

  /** The walker's flags for the RESOLVE_ flags of openat2(2). */
  public static int resolveFlags(long resolve) {
    return (int) resolve << RESOLVE_SHIFT;
  }

  /** What the last component of a path is. */
  public enum Last {
    /** A name in {@link #parent}. */
    NAME,
    /** Nothing, ".": {@link #parent} itself. */
    DOT,
    /** "..". */
    DOT_DOT,
    /** The path is "/" only. */
    ROOT
  }

  private final Mounts mounts;

  private Caller caller;
  private int flags;
  private Location root;
  private Mount mount;
  private Entry entry;
  private Inode inode;
  private int links;
  private Last last;
  private String lastName;
  private boolean trailingSlash;

  public PathWalker(Mounts mounts) {
    this.mounts = mounts;
  }

  /** What {@code path} names for a process with context {@code fs}, from its current folder. */
  public Location find(Caller c, FileSystemContext fs, String path) {
    return find(c, fs, null, path, 0);
  }

  /**
   * What {@code path} names.
   *
   * @param start where a relative path starts; null for the current folder
   * @param walkFlags {@link #NO_FOLLOW} and so on
   */
  public Location find(Caller c, FileSystemContext fs, Location start, String path, int walkFlags) {
    if (path.isEmpty() && (walkFlags & EMPTY) != 0) {
      return start != null ? start : fs.current();
    }
    findParent(c, fs, start, path, walkFlags);
    while (last == Last.NAME) {
      Entry e = lookUp(lastName);
      if (e == null) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      if (!enter(e)) {
        break;
      }
    }
    return arrived();
  }

  /** The end of a walk that {@link #enter} says is over: checks that it is a folder if it must. */
  Location arrived() {
    if (last == Last.DOT_DOT) {
      requireSearchable();
      up();
    } else if (last == Last.DOT) {
      requireSearchable();
    }
    if ((trailingSlash || (flags & DIRECTORY) != 0) && !inode.isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    return new Location(mount, entry, inode);
  }

  /**
   * Walks to the folder that the last component of {@code path} is in; {@link #last}, {@link
   * #lastName}, {@link #parent} and {@link #trailingSlash} tell what was found.
   */
  public void findParent(
      Caller c, FileSystemContext fs, Location start, String path, int walkFlags) {
    if (path.isEmpty()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    if (path.length() >= PATH_MAX) {
      throw ErrnoException.of(Errno.ENAMETOOLONG);
    }
    caller = c;
    flags = walkFlags;
    links = 0;
    trailingSlash = false;
    Location from = start != null ? start : fs.current();
    root = (walkFlags & (BENEATH | IN_ROOT)) != 0 ? from : fs.root();
    if (path.charAt(0) == '/') {
      mount = null;
      toRoot();
    } else {
      go(from);
    }
    toParent(path);
  }

  /** After {@link #findParent}: what the last component is. */
  public Last last() {
    return last;
  }

  /** After {@link #findParent}: the last component, if it is a name. */
  public String lastName() {
    return lastName;
  }

  /** After {@link #findParent}: whether slashes follow the last component. */
  public boolean trailingSlash() {
    return trailingSlash;
  }

  /** After {@link #findParent}: the folder that the last component is in. */
  public Location parent() {
    return new Location(mount, entry, inode);
  }

  /** After {@link #findParent}: the mount of that folder. */
  Mount mount() {
    return mount;
  }

  /** After {@link #findParent}: that folder itself. */
  Directory directory() {
    return (Directory) inode;
  }

  /** After {@link #findParent}: the last component's entry; null if there is none. */
  Entry lookUp(String name) {
    Directory d = searchable();
    return d.find(caller, name);
  }

  /**
   * After {@link #findParent}: goes on into the last component's entry.
   *
   * @return true if it is a symbolic link to follow: then there is a new last component
   */
  boolean enter(Entry e) {
    Inode i = e.inode();
    if (i.isSymlink() && ((flags & NO_FOLLOW) == 0 || trailingSlash)) {
      String target = follow(i);
      if (target == null) {
        last = Last.ROOT; // arrived, by a link that does not go by its text
        return false;
      }
      toParent(target);
      return true;
    }
    entry = e;
    inode = i;
    cross();
    last = Last.ROOT;
    return false;
  }

  private void go(Location l) {
    mount = l.mount();
    entry = l.entry();
    inode = l.inode();
  }

  private void toRoot() {
    if ((flags & BENEATH) != 0) {
      throw ErrnoException.of(Errno.EXDEV);
    }
    if ((flags & NO_CROSSING) != 0 && mount != null && mount != root.mount()) {
      throw ErrnoException.of(Errno.EXDEV);
    }
    go(root);
  }

  private Directory searchable() {
    if (!(inode instanceof Directory d)) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    inode.require(caller, FileMode.MAY_EXEC);
    return d;
  }

  private void requireSearchable() {
    searchable();
  }

  /** Walks {@code path} from here, all but its last component. */
  private void toParent(String path) {
    String p = path;
    int i = 0;
    for (; ; ) {
      int n = p.length();
      while (i < n && p.charAt(i) == '/') {
        i++;
      }
      if (i == n) {
        last = Last.ROOT; // slashes only: wherever we are
        return;
      }
      int end = p.indexOf('/', i);
      int next = n;
      boolean slash = false;
      if (end < 0) {
        end = n;
      } else {
        slash = true;
        next = end;
        while (next < n && p.charAt(next) == '/') {
          next++;
        }
      }
      int length = end - i;
      if (length > NAME_MAX) {
        searchable();
        throw ErrnoException.of(Errno.ENAMETOOLONG);
      }
      boolean dot = length == 1 && p.charAt(i) == '.';
      boolean dotDot = length == 2 && p.charAt(i) == '.' && p.charAt(i + 1) == '.';
      if (next == n) {
        trailingSlash |= slash;
        last = dot ? Last.DOT : dotDot ? Last.DOT_DOT : Last.NAME;
        lastName = p.substring(i, end);
        if (!(inode instanceof Directory)) {
          throw ErrnoException.of(Errno.ENOTDIR);
        }
        return;
      }
      if (dot || dotDot) {
        searchable();
        if (dotDot) {
          up();
        }
        i = next;
        continue;
      }
      Entry e = searchable().find(caller, p.substring(i, end));
      if (e == null) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      if (e.inode().isSymlink()) {
        String target = follow(e.inode());
        if (target != null) {
          p = target + p.substring(end);
          i = 0;
          continue;
        }
      } else {
        entry = e;
        inode = e.inode();
        cross();
      }
      if (!inode.isDirectory()) {
        throw ErrnoException.of(Errno.ENOTDIR);
      }
      i = next;
    }
  }

  /** Follows a link: its text, to be walked from here, or null if it led to its end already. */
  private String follow(Inode link) {
    if (++links > MAX_LINKS || (flags & NO_SYMLINKS) != 0) {
      throw ErrnoException.of(Errno.ELOOP);
    }
    Location l = link.followLink(caller);
    if (l != null) {
      if ((flags & NO_MAGIC_LINKS) != 0) {
        throw ErrnoException.of(Errno.ELOOP);
      }
      if ((flags & (BENEATH | IN_ROOT)) != 0 || (flags & NO_CROSSING) != 0 && l.mount() != mount) {
        throw ErrnoException.of(Errno.EXDEV);
      }
      go(l);
      return null;
    }
    String target = link.readLink(caller);
    if (target.isEmpty()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    if (target.charAt(0) == '/') {
      toRoot();
    }
    return target;
  }

  /** To the folder above, not beyond the root. */
  private void up() {
    for (; ; ) {
      if (mount == root.mount() && inode == root.inode()) {
        if ((flags & BENEATH) != 0) {
          throw ErrnoException.of(Errno.EXDEV);
        }
        return;
      }
      if (inode != mount.root()) {
        Directory above = ((Directory) inode).parent();
        inode = above;
        entry = above == mount.root() ? null : above.entry();
        break;
      }
      Location place = mount.place();
      if (place == null) {
        return;
      }
      if ((flags & NO_CROSSING) != 0) {
        throw ErrnoException.of(Errno.EXDEV);
      }
      go(place);
    }
    cross();
  }

  /** From a folder onto what is mounted over it. */
  private void cross() {
    if (inode.mountsHere == 0) {
      return;
    }
    Location here = new Location(mount, entry, inode);
    Location top = mounts.top(here);
    if (top != here) {
      if ((flags & NO_CROSSING) != 0) {
        throw ErrnoException.of(Errno.EXDEV);
      }
      go(top);
    }
  }
}
