package orrery.kernel.fs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.wait.Caller;

/**
 * A folder. Kinds of folders implement {@link #find} and {@link #list}; those that cannot be
 * changed by programs need no more.
 *
 * <p>Permissions, mounts and "." and ".." are the path walker's and the system calls' business, not
 * the folder's.
 */
public abstract class Directory extends Inode {
  /** Takes what {@link #list} finds. */
  public interface Listing {
    /**
     * @param name the name
     * @param number the file's inode number
     * @param mode the file's type, {@link FileMode}
     * @param next what {@link #list} is to go on from after this one
     * @return false if there was no room for it
     */
    boolean add(String name, long number, int mode, long next);
  }

  private Entry entry;

  protected Directory(FileSystem fileSystem, long number, int permissions, int uid, int gid) {
    super(fileSystem, number, FileMode.S_IFDIR | permissions, uid, gid);
  }

  /** Its name; null for the root of a file system. */
  public final Entry entry() {
    return entry;
  }

  final void entry(Entry e) {
    entry = e;
  }

  /** The folder it is in; itself for the root of a file system. */
  public final Directory parent() {
    return entry == null ? this : entry.directory();
  }

  /** True once the folder itself was removed: nothing can be made in it. */
  public final boolean isRemoved() {
    return entry != null && entry.isRemoved();
  }

  /** The entry called {@code name} (never "." or ".."); null if there is none. */
  public abstract Entry find(Caller c, String name);

  /**
   * Tells {@code to} the entries from {@code position} on (0: the first) until it has no room; "."
   * and ".." are not among them. An entry that stays is told exactly once whatever else comes and
   * goes.
   */
  public abstract void list(Caller c, long position, Listing to);

  /**
   * Makes a file; the name is free.
   *
   * @param mode type (regular, folder, FIFO, socket, device) and permissions, umask applied
   * @param device what a device node stands for
   */
  public Entry create(Caller c, String name, int mode, long device) {
    throw ErrnoException.of(Errno.EPERM);
  }

  /**
   * Makes a file without a name (O_TMPFILE), held once for the caller.
   *
   * @param linkable whether it may get a name later
   */
  public Inode createUnnamed(Caller c, int mode, boolean linkable) {
    throw ErrnoException.of(Errno.EOPNOTSUPP);
  }

  /** Makes a symbolic link; the name is free. */
  public Entry symlink(Caller c, String name, String target) {
    throw ErrnoException.of(Errno.EPERM);
  }

  /** Gives {@code inode} (of the same file system, no folder) another name; the name is free. */
  public Entry link(Caller c, String name, Inode inode) {
    throw ErrnoException.of(Errno.EPERM);
  }

  /** Removes the name of a file that is no folder. */
  public void unlink(Caller c, Entry victim) {
    throw ErrnoException.of(Errno.EPERM);
  }

  /** Removes a folder; ENOTEMPTY if it has entries. */
  public void removeDirectory(Caller c, Entry victim) {
    throw ErrnoException.of(Errno.EPERM);
  }

  /**
   * Moves {@code source}, an entry of this folder, to {@code target} (of the same file system)
   * under the name {@code name}. What may not be has been refused already.
   *
   * @param replaced the entry of that name, null if the name is free; a folder must be empty
   */
  public void rename(Caller c, Entry source, Directory target, String name, Entry replaced) {
    throw ErrnoException.of(Errno.EPERM);
  }

  /** Exchanges two entries, the first of this folder, the second of {@code target}. */
  public void exchange(Caller c, Entry source, Directory target, Entry other) {
    throw ErrnoException.of(Errno.EINVAL);
  }

  @Override
  public OpenFile open(Caller c, int flags) {
    return new DirectoryFile(this, flags);
  }

  @Override
  public void truncate(long size) {
    throw ErrnoException.of(Errno.EISDIR);
  }
}
