package orrery.kernel.fs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;

/** The tree that mounts make, and the kinds of file systems that can be mounted. */
public final class Mounts {
  /** Makes a file system for mount(2). */
  @FunctionalInterface
  public interface Type {
    /**
     * @param options the mount's data, comma-separated; EINVAL if not understood
     */
    FileSystem create(String options);
  }

  /** How many mounts there may be; Linux's fs.mount-max is larger. */
  private static final int MAX_MOUNTS = 1000;

  private final List<Mount> mounts = new ArrayList<>();
  private final Map<String, Type> types = new LinkedHashMap<>();
  private int lastId;
  private int lastDevice;

  /** Makes {@code name} a type that mount(2) knows. */
  public void registerType(String name, Type type) {
    types.put(name, type);
  }

  /** The names of the types that can be mounted, in order of registration. */
  public Iterable<String> types() {
    return types.keySet();
  }

  /** A new file system of the type {@code name}; ENODEV if there is no such type. */
  public FileSystem create(String name, String options) {
    Type t = types.get(name);
    if (t == null) {
      throw ErrnoException.of(Errno.ENODEV);
    }
    return t.create(options);
  }

  /** All mounts, oldest first; the first one is the root of the tree. */
  public List<Mount> all() {
    return mounts;
  }

  /** The root of the tree: the topmost mount without a place. */
  public Location root() {
    return top(mounts.getFirst().rootLocation());
  }

  /** Gives {@code fs} its device number if it has none; for file systems that are not mounted. */
  public void number(FileSystem fs) {
    if (fs.device() == 0) {
      fs.device(++lastDevice); // major 0: file systems without a device
    }
  }

  /** Mounts the root of the tree. */
  public Mount mountRoot(FileSystem fs, String source) {
    return add(fs, fs.root(), source, null, 0);
  }

  /** Mounts {@code fs} over the folder at {@code place}. */
  public Mount mount(FileSystem fs, String source, Location place, int flags) {
    return mount(fs, fs.root(), source, place, flags);
  }

  /** Mounts a part of {@code fs}, from {@code root} down (a bind mount). */
  public Mount mount(FileSystem fs, Directory root, String source, Location place, int flags) {
    if (!place.inode().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    if (place.directory().isRemoved()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    return add(fs, root, source, place, flags);
  }

  private Mount add(FileSystem fs, Directory root, String source, Location place, int flags) {
    if (mounts.size() >= MAX_MOUNTS) {
      throw ErrnoException.of(Errno.ENOSPC);
    }
    number(fs);
    Mount m = new Mount(this, ++lastId, fs, root, source, place, flags);
    mounts.add(m);
    if (place != null) {
      place.inode().mountsHere++;
      place.inode().hold();
    }
    return m;
  }

  /** Changes the flags of a mount (MS_REMOUNT). */
  public void remount(Mount m, int flags) {
    m.flags(flags);
  }

  /**
   * Takes {@code m} out of the tree; EBUSY if something is mounted on it or uses it.
   *
   * @param lazy whether it may be in use: it ends with its last user then
   */
  public void unmount(Mount m, boolean lazy) {
    Location place = m.place();
    if (place == null || !mounts.contains(m)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    for (Mount other : mounts) {
      if (other.place() != null && other.place().mount() == m) {
        throw ErrnoException.of(Errno.EBUSY);
      }
    }
    if (m.isUsed() && !lazy) {
      throw ErrnoException.of(Errno.EBUSY);
    }
    mounts.remove(m);
    place.inode().mountsHere--;
    place.inode().drop();
    m.detached();
    if (!m.isUsed()) {
      ended(m);
    }
  }

  /** Nobody uses {@code m} any more: its file system ends unless it is mounted elsewhere too. */
  void ended(Mount m) {
    for (Mount other : mounts) {
      if (other.fileSystem() == m.fileSystem()) {
        return;
      }
    }
    m.fileSystem().release();
  }

  /** Where one arrives at {@code l}: the root of what is mounted there, if anything is. */
  public Location top(Location l) {
    Location here = l;
    while (here.inode().mountsHere > 0) {
      Mount m = covering(here);
      if (m == null) {
        break; // covered in another mount of the same file system only
      }
      here = m.rootLocation();
    }
    return here;
  }

  private Mount covering(Location l) {
    for (int i = mounts.size() - 1; i >= 0; i--) {
      Mount m = mounts.get(i);
      if (m.place() != null && m.place().same(l)) {
        return m;
      }
    }
    return null;
  }
}
