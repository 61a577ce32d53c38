package orrery.kernel.fs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.wait.Caller;

/**
 * A file, whatever its names. Kinds of files override what they support; the rest fails as in
 * Linux.
 *
 * <p>Whoever keeps using an inode without a name (open files, mappings) holds it: {@link #hold},
 * {@link #drop}. When the last name and the last holder are gone, {@link #evicted} gives back what
 * it owns.
 */
public abstract class Inode {
  private final FileSystem fileSystem;
  private final long number;
  private int mode;
  private int uid;
  private int gid;
  private int links = 1;
  private long accessed;
  private long modified;
  private long changed;
  private final long born;
  private int holders;
  private boolean evicted;

  /** Writers if positive, running programs' images if negative (ETXTBSY). */
  private int writers;

  private FileLocks locks;
  private ExtendedAttributes attributes;

  /** How many mounts cover this folder. */
  int mountsHere;

  /**
   * @param mode type and permissions, {@link FileMode}
   */
  protected Inode(FileSystem fileSystem, long number, int mode, int uid, int gid) {
    this.fileSystem = fileSystem;
    this.number = number;
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    born = fileSystem.now();
    accessed = born;
    modified = born;
    changed = born;
  }

  public final FileSystem fileSystem() {
    return fileSystem;
  }

  public final long number() {
    return number;
  }

  /** Type and permissions. */
  public int mode() {
    return mode;
  }

  public int uid() {
    return uid;
  }

  public int gid() {
    return gid;
  }

  /** How many names it has. */
  public int links() {
    return links;
  }

  /** Bytes. */
  public long size() {
    return 0;
  }

  /** Blocks of 512 bytes that it takes. */
  public long blocks() {
    return 0;
  }

  /** The device that a device node stands for, {@link FileSystem#makeDevice}. */
  public long deviceNumber() {
    return 0;
  }

  /** Last access, real time in nanoseconds. */
  public long accessed() {
    return accessed;
  }

  /** Last change of the contents, real time in nanoseconds. */
  public long modified() {
    return modified;
  }

  /** Last change of the contents or attributes, real time in nanoseconds. */
  public long changed() {
    return changed;
  }

  /** When it was made, real time in nanoseconds. */
  public long born() {
    return born;
  }

  public final int type() {
    return mode() & FileMode.S_IFMT;
  }

  public final boolean isDirectory() {
    return type() == FileMode.S_IFDIR;
  }

  public final boolean isRegular() {
    return type() == FileMode.S_IFREG;
  }

  public final boolean isSymlink() {
    return type() == FileMode.S_IFLNK;
  }

  public final boolean isFifo() {
    return type() == FileMode.S_IFIFO;
  }

  public final boolean isDevice() {
    return type() == FileMode.S_IFCHR || type() == FileMode.S_IFBLK;
  }

  /**
   * Opens the file; permissions were checked. The caller gives it its place ({@link
   * OpenFile#place}). May be made again after a sleep (FIFOs): {@link Caller#sleep}'s answer is
   * thrown by {@link BlockedException}.
   */
  public OpenFile open(Caller c, int flags) {
    throw ErrnoException.of(Errno.ENXIO);
  }

  /** What a symbolic link says. */
  public String readLink(Caller c) {
    throw ErrnoException.of(Errno.EINVAL);
  }

  /**
   * Where a symbolic link leads that does not go by its text (/proc/PID/exe, fd, cwd); null if it
   * goes by {@link #readLink}.
   */
  public Location followLink(Caller c) {
    return null;
  }

  /** Makes the file {@code size} bytes long. */
  public void truncate(long size) {
    throw ErrnoException.of(Errno.EINVAL);
  }

  /** Sets the permission bits. */
  public void changePermissions(int permissions) {
    mode = mode & FileMode.S_IFMT | permissions & FileMode.PERMISSIONS;
    changed = fileSystem.now();
  }

  /** Sets the owner. */
  public void changeOwner(int newUid, int newGid) {
    uid = newUid;
    gid = newGid;
    changed = fileSystem.now();
  }

  /** Sets the times of access and of modification, real time in nanoseconds. */
  public void changeTimes(long access, long modification) {
    accessed = access;
    modified = modification;
    changed = fileSystem.now();
  }

  /** Notes that the file was read. */
  public void noteAccess() {
    accessed = fileSystem.now();
  }

  /** Notes that the contents changed. */
  public void noteModification() {
    modified = fileSystem.now();
    changed = modified;
  }

  /** Notes that attributes changed. */
  public void noteChange() {
    changed = fileSystem.now();
  }

  /** Changes the number of names; at 0 the file goes with its last holder. */
  public final void links(int n) {
    links = n;
    evictIfUnused();
  }

  /** Whether it may get a first name (O_TMPFILE). */
  public boolean isLinkable() {
    return false;
  }

  /** Keeps the file alive without a name. */
  public final void hold() {
    holders++;
  }

  /** Ends a {@link #hold}. */
  public final void drop() {
    holders--;
    evictIfUnused();
  }

  private void evictIfUnused() {
    if (links == 0 && holders == 0 && !evicted) {
      evicted = true;
      if (attributes != null) {
        attributes.clear();
      }
      evicted();
    }
  }

  /** No name and no holder is left: gives back frames and budget. */
  protected void evicted() {}

  /** An open file may write from now on; ETXTBSY if it is a running program. */
  public final void beginWriting() {
    if (writers < 0) {
      throw ErrnoException.of(Errno.ETXTBSY);
    }
    writers++;
  }

  public final void endWriting() {
    writers--;
  }

  /** A program is run from it; ETXTBSY if it is open for writing. */
  public final void beginExecution() {
    if (writers > 0) {
      throw ErrnoException.of(Errno.ETXTBSY);
    }
    writers--;
  }

  public final void endExecution() {
    writers++;
  }

  /** Whether {@code c} may have {@code wanted} (FileMode.MAY_ bits) of it, as itself. */
  public final boolean permits(Caller c, int wanted) {
    int owner = uid();
    if (c.uid() != 0 && c.uid() != owner && c.isMember(gid())) {
      return (mode() >> 3 & wanted) == wanted;
    }
    return permits(c.uid(), c.gid(), wanted);
  }

  /** Whether that user and group may have {@code wanted} (FileMode.MAY_ bits) of it. */
  public final boolean permits(int user, int group, int wanted) {
    int m = mode();
    if (user == 0) {
      return (wanted & FileMode.MAY_EXEC) == 0 || isDirectory() || (m & FileMode.S_IXUGO) != 0;
    }
    int granted = user == uid() ? m >> 6 : group == gid() ? m >> 3 : m;
    return (granted & wanted) == wanted;
  }

  /** Throws EACCES unless {@link #permits}. */
  public final void require(Caller c, int wanted) {
    if (!permits(c, wanted)) {
      throw ErrnoException.of(Errno.EACCES);
    }
  }

  /** The locks on it; made when first asked for. */
  public final FileLocks locks() {
    if (locks == null) {
      locks = new FileLocks(fileSystem.budget());
    }
    return locks;
  }

  /** The locks on it, null if there never were any. */
  public final FileLocks locksIfAny() {
    return locks;
  }

  /**
   * Its extended attributes; null if it has none.
   *
   * @param create makes them if the file system has such
   */
  public final ExtendedAttributes attributes(boolean create) {
    if (attributes == null && create && fileSystem.hasAttributes()) {
      attributes = new ExtendedAttributes(fileSystem.budget());
    }
    return attributes;
  }
}
