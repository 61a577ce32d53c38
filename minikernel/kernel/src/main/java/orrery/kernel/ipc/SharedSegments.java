package orrery.kernel.ipc;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import java.util.TreeMap;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.MapFlag;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.KernelMemory;
import orrery.kernel.memory.Mapping;
import orrery.kernel.wait.Caller;

/**
 * shmget(2), shmat(2), shmdt(2), shmctl(2). Source of the numbers and layouts: Linux {@code
 * include/uapi/linux/shm.h}, {@code ipc.h}, {@code include/uapi/asm-generic/shmbuf.h}, {@code
 * ipcbuf.h}.
 */
public final class SharedSegments {
  private static final int IPC_PRIVATE = 0;
  private static final int IPC_CREAT = 01000;
  private static final int IPC_EXCL = 02000;
  private static final int IPC_RMID = 0;
  private static final int IPC_SET = 1;
  private static final int IPC_STAT = 2;
  private static final int SHM_LOCK = 11;
  private static final int SHM_UNLOCK = 12;
  private static final int SHM_HUGETLB = 04000;
  private static final int SHM_RDONLY = 010000;
  private static final int SHM_RND = 020000;
  private static final int SHM_REMAP = 040000;
  private static final int SHM_EXEC = 0100000;
  private static final int SHM_DEST = 01000;
  private static final int PERMISSIONS = 0777;
  private static final int READ = 4;
  private static final int READ_WRITE = 6;
  private static final int EXEC = 1;

  /** Segments at once (sysctl kernel.shmmni). */
  private static final int MOST = 4096;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  // struct shmid64_ds
  private static final int DS_SIZE = 112;
  private static final int DS_UID = 4;
  private static final int DS_GID = 8;
  private static final int DS_CREATOR_UID = 12;
  private static final int DS_CREATOR_GID = 16;
  private static final int DS_MODE = 20;
  private static final int DS_LENGTH = 48;
  private static final int DS_ATTACHED = 56;
  private static final int DS_DETACHED = 64;
  private static final int DS_CHANGED = 72;
  private static final int DS_CREATOR = 80;
  private static final int DS_LAST_USER = 84;
  private static final int DS_USERS = 88;

  private final KernelMemory memory;
  private final TreeMap<Integer, SharedSegment> segments = new TreeMap<>();
  private int lastId;

  /** None yet. */
  public SharedSegments(KernelMemory memory) {
    this.memory = memory;
  }

  /**
   * shmget(2).
   *
   * @param pid of the caller's process
   * @param now real time in nanoseconds
   */
  public long get(Caller c, int pid, long now, int key, long size, int flags) {
    if (key != IPC_PRIVATE) {
      for (SharedSegment s : segments.values()) {
        if (s.key == key && !s.isRemoved()) {
          return getExisting(c, s, size, flags);
        }
      }
      if ((flags & IPC_CREAT) == 0) {
        return -Errno.ENOENT;
      }
    }
    if (size <= 0 || (flags & SHM_HUGETLB) != 0) {
      return size <= 0 ? -Errno.EINVAL : -Errno.ENOMEM;
    }
    if (segments.size() == MOST) {
      return -Errno.ENOSPC;
    }
    if (size / FRAME_SIZE > memory.frames().total()) {
      return -Errno.ENOMEM;
    }
    int id = ++lastId;
    SharedSegment made =
        new SharedSegment(
            id,
            key,
            size,
            flags & PERMISSIONS,
            c,
            pid,
            memory.sharedMemory(size),
            () -> segments.remove(id));
    made.changed = now / NANOS_PER_SECOND;
    segments.put(id, made);
    return id;
  }

  private static long getExisting(Caller c, SharedSegment s, long size, int flags) {
    if ((flags & (IPC_CREAT | IPC_EXCL)) == (IPC_CREAT | IPC_EXCL)) {
      return -Errno.EEXIST;
    }
    if (size > s.length) {
      return -Errno.EINVAL;
    }
    int wanted = (flags >> 6 | flags >> 3 | flags) & 7;
    return s.permits(c, wanted) ? s.id : -Errno.EACCES;
  }

  private SharedSegment find(int id) {
    SharedSegment s = segments.get(id);
    if (s == null) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return s;
  }

  /** shmat(2): the address. */
  public long attach(Caller c, int pid, long now, int id, long address, int flags) {
    SharedSegment s = find(id);
    boolean readOnly = (flags & SHM_RDONLY) != 0;
    boolean executes = (flags & SHM_EXEC) != 0;
    if (!s.permits(c, (readOnly ? READ : READ_WRITE) | (executes ? EXEC : 0))) {
      return -Errno.EACCES;
    }
    long at = (flags & SHM_RND) != 0 ? address & -FRAME_SIZE : address;
    boolean remaps = (flags & SHM_REMAP) != 0;
    if ((at & FRAME_SIZE - 1) != 0 || remaps && at == 0) {
      return -Errno.EINVAL;
    }
    int place = at == 0 ? 0 : remaps ? MapFlag.MAP_FIXED : MapFlag.MAP_FIXED_NOREPLACE;
    int protection =
        MapFlag.PROT_READ
            | (readOnly ? 0 : MapFlag.PROT_WRITE)
            | (executes ? MapFlag.PROT_EXEC : 0);
    long mapped;
    try {
      mapped =
          c.memory()
              .layout()
              .map(
                  at,
                  s.length,
                  protection,
                  MapFlag.MAP_SHARED | place,
                  s,
                  0,
                  !readOnly,
                  String.format("/SYSV%08x (deleted)", s.key));
    } catch (ErrnoException e) {
      return e.errno() == Errno.EEXIST ? -Errno.EINVAL : -e.errno();
    }
    s.attached = now / NANOS_PER_SECOND;
    s.lastUser = pid;
    return mapped;
  }

  /** shmdt(2). */
  public long detach(Caller c, int pid, long now, long address) {
    AddressSpace space = c.memory();
    Mapping m = space.mappingAt(address);
    if (m == null || m.start() != address || !(m.source() instanceof SharedSegment s)) {
      return -Errno.EINVAL;
    }
    s.detached = now / NANOS_PER_SECOND;
    s.lastUser = pid;
    space.layout().unmap(address, s.length + FRAME_SIZE - 1 & -FRAME_SIZE);
    return 0;
  }

  /** shmctl(2). */
  public long control(Caller c, long now, int id, int command, long buffer) {
    SharedSegment s = find(id);
    switch (command) {
      case IPC_STAT -> {
        if (!s.permits(c, READ)) {
          return -Errno.EACCES;
        }
        tell(c.memory(), buffer, s);
      }
      case IPC_SET -> {
        requireOwner(c, s);
        s.uid = c.memory().readInt(buffer + DS_UID);
        s.gid = c.memory().readInt(buffer + DS_GID);
        s.mode = c.memory().readInt(buffer + DS_MODE) & PERMISSIONS;
        s.changed = now / NANOS_PER_SECOND;
      }
      case IPC_RMID -> {
        requireOwner(c, s);
        s.remove();
      }
      case SHM_LOCK, SHM_UNLOCK -> requireOwner(c, s); // nothing is ever swapped out
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  private static void requireOwner(Caller c, SharedSegment s) {
    if (!s.isOwnedBy(c)) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  private static void tell(AddressSpace m, long to, SharedSegment s) {
    m.clear(to, DS_SIZE);
    m.writeInt(to, s.key);
    m.writeInt(to + DS_UID, s.uid);
    m.writeInt(to + DS_GID, s.gid);
    m.writeInt(to + DS_CREATOR_UID, s.creatorUid);
    m.writeInt(to + DS_CREATOR_GID, s.creatorGid);
    m.writeInt(to + DS_MODE, s.mode | (s.isRemoved() ? SHM_DEST : 0));
    m.writeLong(to + DS_LENGTH, s.length);
    m.writeLong(to + DS_ATTACHED, s.attached);
    m.writeLong(to + DS_DETACHED, s.detached);
    m.writeLong(to + DS_CHANGED, s.changed);
    m.writeInt(to + DS_CREATOR, s.creator);
    m.writeInt(to + DS_LAST_USER, s.lastUser);
    m.writeLong(to + DS_USERS, s.users());
  }
}
