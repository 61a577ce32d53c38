package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.MapFlag;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Synchronizer;
import orrery.kernel.fs.tmpfs.FileSeal;
import orrery.kernel.fs.tmpfs.TmpfsFile;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.Mapping;
import orrery.kernel.memory.PageSource;
import orrery.kernel.task.Task;

/** Memory: mmap(2) and its relatives. */
final class MemoryCalls {
  private static final int PAGE_MASK = PhysicalMemory.FRAME_SIZE - 1;

  /** The flags that MAP_SHARED_VALIDATE accepts for files without support of their own. */
  private static final int VALIDATED =
      MapFlag.MAP_TYPE
          | MapFlag.MAP_FIXED
          | MapFlag.MAP_ANONYMOUS
          | MapFlag.MAP_GROWSDOWN
          | MapFlag.MAP_DENYWRITE
          | MapFlag.MAP_EXECUTABLE
          | MapFlag.MAP_LOCKED
          | MapFlag.MAP_NORESERVE
          | MapFlag.MAP_POPULATE
          | MapFlag.MAP_NONBLOCK
          | MapFlag.MAP_STACK
          | MapFlag.MAP_HUGETLB
          | MapFlag.MAP_FIXED_NOREPLACE;

  private static final int WRITE_SEALS = FileSeal.F_SEAL_WRITE | FileSeal.F_SEAL_FUTURE_WRITE;

  long brk(Task t, long address) {
    return t.memory().layout().heap().moveEnd(address);
  }

  long mmap(Task t, long hint, long length, int prot, int flags, int fd, long offset) {
    if ((offset & PAGE_MASK) != 0) {
      return -Errno.EINVAL;
    }
    boolean anonymous = (flags & MapFlag.MAP_ANONYMOUS) != 0;
    if ((flags & MapFlag.MAP_HUGETLB) != 0 && anonymous) {
      return -Errno.ENOMEM; // no huge pages are set aside
    }
    if ((flags & (MapFlag.MAP_FIXED | MapFlag.MAP_FIXED_NOREPLACE)) != 0
        && hint >= 0
        && hint < AddressSpace.LOWEST_ADDRESS
        && !t.process().credentials().isPrivileged()) {
      return -Errno.EPERM;
    }
    if (anonymous) {
      return t.memory().layout().map(hint, length, prot, flags, null, 0, true, null);
    }
    return mapFile(t, t.files().get(fd), hint, length, prot, flags, offset);
  }

  private static long mapFile(
      Task t, OpenFile file, long hint, long length, int prot, int flags, long offset) {
    int type = flags & MapFlag.MAP_TYPE;
    boolean shared = type != MapFlag.MAP_PRIVATE;
    if (type == MapFlag.MAP_SHARED_VALIDATE && (flags & ~VALIDATED) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    boolean writes = shared && (prot & MapFlag.PROT_WRITE) != 0;
    if (!file.isReadable() || writes && !file.isWritable()) {
      return -Errno.EACCES;
    }
    if (file.mapsAnonymousMemory()) {
      return t.memory()
          .layout()
          .map(hint, length, prot, flags | MapFlag.MAP_ANONYMOUS, null, 0, true, null);
    }
    PageSource source = file.mapping();
    if (source == null) {
      return -Errno.ENODEV;
    }
    boolean sealed = source instanceof TmpfsFile f && (f.seals() & WRITE_SEALS) != 0;
    if (sealed && writes) {
      return -Errno.EPERM;
    }
    boolean writable = file.isWritable() && !sealed;
    return t.memory()
        .layout()
        .map(hint, length, prot, flags, source, offset, writable, file.path());
  }

  long munmap(Task t, long address, long length) {
    t.memory().layout().unmap(address, length);
    return 0;
  }

  long mprotect(Task t, long address, long length, int prot) {
    t.memory().layout().protect(address, length, prot);
    return 0;
  }

  long mremap(Task t, long address, long oldLength, long newLength, int flags, long newAddress) {
    return t.memory().layout().remap(address, oldLength, newLength, flags, newAddress);
  }

  long madvise(Task t, long address, long length, int advice) {
    t.memory().advice().advise(address, length, advice);
    return 0;
  }

  long mincore(Task t, long address, long length, long vector) {
    t.memory().advice().residency(address, length, vector);
    return 0;
  }

  long msync(Task t, long address, long length, int flags) {
    t.memory().advice().sync(address, length, flags);
    return (flags & MapFlag.MS_SYNC) == 0 ? 0 : writeBack(t, address, length);
  }

  /** Most files and their mappings have the same pages; those that stand for a disk are written. */
  private static long writeBack(Task t, long address, long length) {
    long done = t.progress();
    while (done < length) {
      Mapping m = t.memory().mappingAt(address + done);
      if (m.isShared() && m.source() instanceof Synchronizer file) {
        long answer = file.sync(t);
        if (answer != 0) {
          t.progress(done); // if it sleeps, the call goes on here
          return answer;
        }
      }
      done = m.end() - address;
    }
    return 0;
  }

  long mlock(Task t, long address, long length) {
    t.memory().advice().lock(address, length, false, t.process().credentials().isPrivileged());
    return 0;
  }

  long mlock2(Task t, long address, long length, int flags) {
    if ((flags & ~MapFlag.MLOCK_ONFAULT) != 0) {
      return -Errno.EINVAL;
    }
    boolean privileged = t.process().credentials().isPrivileged();
    t.memory().advice().lock(address, length, flags != 0, privileged);
    return 0;
  }

  long munlock(Task t, long address, long length) {
    t.memory().advice().unlock(address, length);
    return 0;
  }

  long mlockall(Task t, int flags) {
    t.memory().advice().lockAll(flags, t.process().credentials().isPrivileged());
    return 0;
  }

  long munlockall(Task t) {
    t.memory().advice().unlockAll();
    return 0;
  }
}
