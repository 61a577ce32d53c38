package orrery.kernel.syscall;

import orrery.kernel.abi.AtFlag;
import orrery.kernel.abi.Errno;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.Mount;
import orrery.kernel.fs.PathWalker;
import orrery.kernel.fs.Vfs;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Task;

/** System calls that tell what a file or a file system is like. */
public final class StatCalls {
  /** struct stat of asm-generic/stat.h. */
  private static final int STAT_SIZE = 128;

  private static final int ST_DEV = 0;
  private static final int ST_INO = 8;
  private static final int ST_MODE = 16;
  private static final int ST_NLINK = 20;
  private static final int ST_UID = 24;
  private static final int ST_GID = 28;
  private static final int ST_RDEV = 32;
  private static final int ST_SIZE = 48;
  private static final int ST_BLKSIZE = 56;
  private static final int ST_BLOCKS = 64;
  private static final int ST_ATIME = 72;
  private static final int ST_MTIME = 88;
  private static final int ST_CTIME = 104;

  /** struct statx of linux/stat.h. */
  private static final int STATX_SIZE = 256;

  private static final int STX_BLKSIZE = 4;
  private static final int STX_ATTRIBUTES = 8;
  private static final int STX_NLINK = 16;
  private static final int STX_UID = 20;
  private static final int STX_GID = 24;
  private static final int STX_MODE = 28;
  private static final int STX_INO = 32;
  private static final int STX_SIZE = 40;
  private static final int STX_BLOCKS = 48;
  private static final int STX_ATTRIBUTES_MASK = 56;
  private static final int STX_ATIME = 64;
  private static final int STX_BTIME = 80;
  private static final int STX_CTIME = 96;
  private static final int STX_MTIME = 112;
  private static final int STX_RDEV_MAJOR = 128;
  private static final int STX_DEV_MAJOR = 136;
  private static final int STX_MNT_ID = 144;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_BTIME = 0x800;
  private static final int STATX_MNT_ID = 0x1000;
  private static final int STATX_RESERVED = 1 << 31;
  private static final int STATX_ATTR_MOUNT_ROOT = 0x2000;

  /** struct statfs of asm-generic/statfs.h: 15 words of 8 bytes. */
  private static final int STATFS_SIZE = 120;

  private static final int F_FSID = 56;
  private static final int F_NAMELEN = 64;
  private static final int ST_VALID = 0x20;
  private static final int ST_FLAGS = 0xf | Mount.MS_NOATIME | Mount.MS_NODIRATIME;
  private static final int ST_RELATIME = 0x1000;

  private static final int STAT_FLAGS =
      AtFlag.AT_SYMLINK_NOFOLLOW | AtFlag.AT_NO_AUTOMOUNT | AtFlag.AT_EMPTY_PATH;
  private static final long NANOS = 1_000_000_000;

  private final PathResolver paths;
  private final StructBuffer out = new StructBuffer(STATX_SIZE);

  /** The calls on the files of {@code vfs}. */
  public StatCalls(Vfs vfs) {
    paths = new PathResolver(vfs);
  }

  /** fstat(2). */
  public long fstat(Task t, int fd, long buffer) {
    return stat(t.memory(), t.files().getAny(fd).inode(), buffer);
  }

  /** newfstatat(2). */
  public long fstatat(Task t, int dirfd, long path, long buffer, int flags) {
    if ((flags & ~STAT_FLAGS) != 0) {
      return -Errno.EINVAL;
    }
    return stat(t.memory(), find(t, dirfd, path, flags).inode(), buffer);
  }

  private Location find(Task t, int dirfd, long path, int flags) {
    boolean empty = (flags & AtFlag.AT_EMPTY_PATH) != 0;
    if (empty && path == 0) {
      return paths.start(t, dirfd);
    }
    int walk = (flags & AtFlag.AT_SYMLINK_NOFOLLOW) != 0 ? PathWalker.NO_FOLLOW : 0;
    return paths.find(t, dirfd, path, empty ? walk | PathWalker.EMPTY : walk);
  }

  private long stat(AddressSpace m, Inode i, long buffer) {
    out.clear();
    out.int64(ST_DEV, i.fileSystem().device());
    out.int64(ST_INO, i.number());
    out.int32(ST_MODE, i.mode());
    out.int32(ST_NLINK, i.links());
    out.int32(ST_UID, i.uid());
    out.int32(ST_GID, i.gid());
    out.int64(ST_RDEV, i.deviceNumber());
    out.int64(ST_SIZE, i.size());
    out.int32(ST_BLKSIZE, i.fileSystem().blockSize());
    out.int64(ST_BLOCKS, i.blocks());
    time(ST_ATIME, i.accessed());
    time(ST_MTIME, i.modified());
    time(ST_CTIME, i.changed());
    out.copyTo(m, buffer, STAT_SIZE);
    return 0;
  }

  private void time(int at, long nanos) {
    out.int64(at, Math.floorDiv(nanos, NANOS));
    out.int64(at + 8, Math.floorMod(nanos, NANOS));
  }

  /** statx(2). */
  public long statx(Task t, int dirfd, long path, int flags, int mask, long buffer) {
    if ((flags & ~(STAT_FLAGS | AtFlag.AT_STATX_SYNC_TYPE)) != 0
        || (flags & AtFlag.AT_STATX_SYNC_TYPE) == AtFlag.AT_STATX_SYNC_TYPE
        || (mask & STATX_RESERVED) != 0) {
      return -Errno.EINVAL;
    }
    Location l = find(t, dirfd, path, flags);
    Inode i = l.inode();
    out.clear();
    out.int32(0, STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID);
    out.int32(STX_BLKSIZE, i.fileSystem().blockSize());
    boolean mountRoot = l.mount() != null && i == l.mount().root();
    out.int64(STX_ATTRIBUTES, mountRoot ? STATX_ATTR_MOUNT_ROOT : 0);
    out.int64(STX_ATTRIBUTES_MASK, STATX_ATTR_MOUNT_ROOT);
    out.int32(STX_NLINK, i.links());
    out.int32(STX_UID, i.uid());
    out.int32(STX_GID, i.gid());
    out.int16(STX_MODE, i.mode());
    out.int64(STX_INO, i.number());
    out.int64(STX_SIZE, i.size());
    out.int64(STX_BLOCKS, i.blocks());
    time(STX_ATIME, i.accessed());
    time(STX_BTIME, i.born());
    time(STX_CTIME, i.changed());
    time(STX_MTIME, i.modified());
    device(STX_RDEV_MAJOR, i.deviceNumber());
    device(STX_DEV_MAJOR, i.fileSystem().device());
    out.int64(STX_MNT_ID, l.mount() == null ? 0 : l.mount().id());
    out.copyTo(t.memory(), buffer, STATX_SIZE);
    return 0;
  }

  private void device(int at, long device) {
    out.int32(at, FileSystem.major(device));
    out.int32(at + 4, FileSystem.minor(device));
  }

  /** statfs(2). */
  public long statfs(Task t, long path, long buffer) {
    return statfs(t.memory(), paths.find(t, AtFlag.AT_FDCWD, path, 0), buffer);
  }

  /** fstatfs(2). */
  public long fstatfs(Task t, int fd, long buffer) {
    return statfs(t.memory(), t.files().getAny(fd).location(), buffer);
  }

  private long statfs(AddressSpace m, Location l, long buffer) {
    FileSystem fs = l.inode().fileSystem();
    out.clear();
    int word = 0;
    out.int64(word, fs.magic());
    out.int64(word += 8, fs.blockSize());
    out.int64(word += 8, fs.blocks());
    out.int64(word += 8, fs.freeBlocks());
    out.int64(word += 8, fs.freeBlocks());
    out.int64(word += 8, fs.files());
    out.int64(word += 8, fs.freeFiles());
    out.int64(F_FSID, fs.device());
    out.int64(F_NAMELEN, PathWalker.NAME_MAX);
    out.int64(F_NAMELEN + 8, fs.blockSize());
    int flags = l.mount() == null ? 0 : l.mount().flags();
    boolean relative = (flags & Mount.MS_NOATIME) == 0;
    out.int64(F_NAMELEN + 16, ST_VALID | flags & ST_FLAGS | (relative ? ST_RELATIME : 0));
    out.copyTo(m, buffer, STATFS_SIZE);
    return 0;
  }
}
