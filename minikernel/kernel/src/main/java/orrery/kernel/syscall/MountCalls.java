package orrery.kernel.syscall;

import orrery.kernel.abi.AtFlag;
import orrery.kernel.abi.Errno;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.Mount;
import orrery.kernel.fs.Mounts;
import orrery.kernel.fs.PathWalker;
import orrery.kernel.fs.Vfs;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.task.Task;

/** mount(2) and umount2(2). */
public final class MountCalls {
  /** Flags of mount(2). Source: Linux {@code include/uapi/linux/mount.h}. */
  private static final int MS_REMOUNT = 32;

  private static final int MS_BIND = 4096;
  private static final int MS_MOVE = 8192;
  private static final int MS_PROPAGATION = 0xf << 17;
  private static final int MS_KEPT =
      Mount.MS_RDONLY
          | Mount.MS_NOSUID
          | Mount.MS_NODEV
          | Mount.MS_NOEXEC
          | Mount.MS_NOATIME
          | Mount.MS_NODIRATIME
          | Mount.MS_RELATIME;

  /** Flags of umount2(2). */
  private static final int MNT_DETACH = 2;

  private static final int MNT_EXPIRE = 4;
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int UMOUNT_FLAGS = 1 | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW;

  private final Mounts mounts;
  private final PathResolver paths;

  /** The calls on the tree of {@code vfs}. */
  public MountCalls(Vfs vfs) {
    mounts = vfs.mounts();
    paths = new PathResolver(vfs);
  }

  /** mount(2). */
  public long mount(Task t, long source, long target, long type, long flags, long data) {
    String from = source == 0 ? "none" : PathResolver.path(t, source);
    String typeName = type == 0 ? "" : PathResolver.path(t, type);
    String options = data == 0 ? "" : t.memory().readString(data, PhysicalMemory.FRAME_SIZE);
    Location place = paths.find(t, AtFlag.AT_FDCWD, target, 0);
    if (t.uid() != 0) {
      return -Errno.EPERM;
    }
    int kept = (int) flags & MS_KEPT;
    if ((flags & MS_REMOUNT) != 0) {
      if (place.inode() != place.mount().root()) {
        return -Errno.EINVAL;
      }
      mounts.remount(place.mount(), kept);
      return 0;
    }
    if ((flags & MS_BIND) != 0) {
      Location bound = paths.find(t, AtFlag.AT_FDCWD, source, 0);
      if (!bound.inode().isDirectory()) {
        return -Errno.ENOTDIR; // files are not bound to files here
      }
      String of = bound.mount().source();
      mounts.mount(bound.mount().fileSystem(), bound.directory(), of, place, kept);
      return 0;
    }
    if ((flags & MS_PROPAGATION) != 0) {
      return 0; // there is one namespace: nothing to propagate to
    }
    if ((flags & MS_MOVE) != 0 || typeName.isEmpty()) {
      return -Errno.EINVAL;
    }
    if (!place.inode().isDirectory()) {
      return -Errno.ENOTDIR;
    }
    mounts.mount(mounts.create(typeName, options), from, place, kept);
    return 0;
  }

  /** umount2(2). */
  public long umount(Task t, long target, int flags) {
    if ((flags & ~UMOUNT_FLAGS) != 0) {
      return -Errno.EINVAL;
    }
    int walk = (flags & UMOUNT_NOFOLLOW) != 0 ? PathWalker.NO_FOLLOW : 0;
    Location l = paths.find(t, AtFlag.AT_FDCWD, target, walk);
    if (l.inode() != l.mount().root()) {
      return -Errno.EINVAL;
    }
    if (t.uid() != 0) {
      return -Errno.EPERM;
    }
    if ((flags & MNT_EXPIRE) != 0) {
      return -Errno.EAGAIN;
    }
    mounts.unmount(l.mount(), (flags & MNT_DETACH) != 0);
    return 0;
  }
}
