package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.aio.RingThreads;
import orrery.kernel.fs.Vfs;
import orrery.kernel.fs.tmpfs.Tmpfs;
import orrery.kernel.task.Signals;
import orrery.kernel.task.Task;

/**
 * The section of {@link SystemCallTable} that is about files: a switch of its own, because a method
 * of more than 8000 bytes of code is never compiled by the JVM.
 */
public final class FileCallTable {
  private final FileCalls files;
  private final StatCalls stats;
  private final PathCalls paths;
  private final AttributeCalls attributes;
  private final MountCalls mounts;
  private final DescriptorCalls descriptors;
  private final PollCalls polls = new PollCalls();
  private final EventCalls events;
  private final AsynchronousCalls asynchronous;

  /**
   * The calls on the files of {@code vfs}.
   *
   * @param shared where memfd_create's files are made; mounted nowhere
   * @param threads where io_uring's rings get threads
   */
  FileCallTable(Vfs vfs, Tmpfs shared, Signals signals, RingThreads threads) {
    files = new FileCalls(vfs, signals);
    stats = new StatCalls(vfs);
    paths = new PathCalls(vfs);
    attributes = new AttributeCalls(vfs);
    mounts = new MountCalls(vfs);
    descriptors = new DescriptorCalls(vfs, shared);
    events = new EventCalls(vfs);
    asynchronous = new AsynchronousCalls(vfs, threads);
  }

  /** Makes call {@code number}; {@link SystemCallTable#UNKNOWN} if it is not about files. */
  long call(Task t, int number, long a0, long a1, long a2, long a3, long a4, long a5) {
    return switch (number) {
      // contents
      case 63 -> files.read(t, (int) a0, a1, a2);
      case 64 -> files.write(t, (int) a0, a1, a2);
      case 65 -> files.readv(t, (int) a0, a1, a2);
      case 66 -> files.writev(t, (int) a0, a1, a2);
      case 62 -> files.lseek(t, (int) a0, a1, (int) a2);
      case 67 -> files.pread(t, (int) a0, a1, a2, a3);
      case 68 -> files.pwrite(t, (int) a0, a1, a2, a3);
      case 69 -> files.preadv(t, (int) a0, a1, a2, a3);
      case 70 -> files.pwritev(t, (int) a0, a1, a2, a3);
      case 286 -> files.preadv2(t, (int) a0, a1, a2, a3, (int) a5);
      case 287 -> files.pwritev2(t, (int) a0, a1, a2, a3, (int) a5);
      case 61 -> files.getdents(t, (int) a0, a1, (int) a2);
      case 71 -> files.sendfile(t, (int) a0, (int) a1, a2, a3);
      case 285 -> files.copyFileRange(t, (int) a0, a1, (int) a2, a3, a4, (int) a5);
      case 46 -> files.ftruncate(t, (int) a0, a1);
      case 47 -> files.fallocate(t, (int) a0, (int) a1, a2, a3);
      case 81 -> files.sync(t);
      case 82, 83 -> files.fsync(t, (int) a0);
      case 84 -> files.syncFileRange(t, (int) a0, a1, a2, (int) a3);
      case 267 -> files.syncfs(t, (int) a0);
      case 213 -> files.readahead(t, (int) a0, a1, a2);
      case 223 -> files.fadvise(t, (int) a0, a1, a2, (int) a3);
      case 75, 76, 77 -> -Errno.EINVAL; // vmsplice, splice, tee: programs fall back to read, write

      // descriptors
      case 57 -> descriptors.close(t, (int) a0);
      case 23 -> descriptors.dup(t, (int) a0);
      case 24 -> descriptors.dup3(t, (int) a0, (int) a1, (int) a2);
      case 25 -> descriptors.fcntl(t, (int) a0, (int) a1, a2);
      case 29 -> descriptors.ioctl(t, (int) a0, (int) a1, a2);
      case 32 -> descriptors.flock(t, (int) a0, (int) a1);
      case 59 -> descriptors.pipe2(t, a0, (int) a1);
      case 279 -> descriptors.memfdCreate(t, a0, (int) a1);
      case 436 -> descriptors.closeRange(t, (int) a0, (int) a1, (int) a2);

      // what files are like
      case 79 -> stats.fstatat(t, (int) a0, a1, a2, (int) a3);
      case 80 -> stats.fstat(t, (int) a0, a1);
      case 291 -> stats.statx(t, (int) a0, a1, (int) a2, (int) a3, a4);
      case 43 -> stats.statfs(t, a0, a1);
      case 44 -> stats.fstatfs(t, (int) a0, a1);

      // paths
      case 56 -> paths.openat(t, (int) a0, a1, (int) a2, (int) a3);
      case 437 -> paths.openat2(t, (int) a0, a1, a2, a3);
      case 33 -> paths.mknodat(t, (int) a0, a1, (int) a2, (int) a3);
      case 34 -> paths.mkdirat(t, (int) a0, a1, (int) a2);
      case 35 -> paths.unlinkat(t, (int) a0, a1, (int) a2);
      case 36 -> paths.symlinkat(t, a0, (int) a1, a2);
      case 37 -> paths.linkat(t, (int) a0, a1, (int) a2, a3, (int) a4);
      case 38 -> paths.renameat2(t, (int) a0, a1, (int) a2, a3, 0);
      case 276 -> paths.renameat2(t, (int) a0, a1, (int) a2, a3, (int) a4);
      case 78 -> paths.readlinkat(t, (int) a0, a1, a2, (int) a3);
      case 48 -> paths.faccessat(t, (int) a0, a1, (int) a2, 0);
      case 439 -> paths.faccessat(t, (int) a0, a1, (int) a2, (int) a3);
      case 45 -> paths.truncate(t, a0, a1, files);
      case 17 -> paths.getcwd(t, a0, a1);
      case 49 -> paths.chdir(t, a0);
      case 50 -> paths.fchdir(t, (int) a0);
      case 51 -> paths.chroot(t, a0);
      case 166 -> paths.umask(t, (int) a0);
      case 39 -> mounts.umount(t, a0, (int) a1);
      case 40 -> mounts.mount(t, a0, a1, a2, a3, a4);

      // attributes
      case 52 -> attributes.fchmod(t, (int) a0, (int) a1);
      case 53 -> attributes.fchmodat(t, (int) a0, a1, (int) a2, 0);
      case 452 -> attributes.fchmodat(t, (int) a0, a1, (int) a2, (int) a3);
      case 54 -> attributes.fchownat(t, (int) a0, a1, (int) a2, (int) a3, (int) a4);
      case 55 -> attributes.fchown(t, (int) a0, (int) a1, (int) a2);
      case 88 -> attributes.utimensat(t, (int) a0, a1, a2, (int) a3);
      case 5, 6 -> attributes.setxattr(t, a0, number == 5, a1, a2, a3, (int) a4);
      case 7 -> attributes.fsetxattr(t, (int) a0, a1, a2, a3, (int) a4);
      case 8, 9 -> attributes.getxattr(t, a0, number == 8, a1, a2, a3);
      case 10 -> attributes.fgetxattr(t, (int) a0, a1, a2, a3);
      case 11, 12 -> attributes.listxattr(t, a0, number == 11, a1, a2);
      case 13 -> attributes.flistxattr(t, (int) a0, a1, a2);
      case 14, 15 -> attributes.removexattr(t, a0, number == 14, a1);
      case 16 -> attributes.fremovexattr(t, (int) a0, a1);

      // waiting
      case 72 -> polls.pselect6(t, (int) a0, a1, a2, a3, a4, a5);
      case 73 -> polls.ppoll(t, a0, (int) a1, a2, a3, a4);
      case 19 -> events.eventfd(t, (int) a0, (int) a1);
      case 20 -> events.epollCreate(t, (int) a0);
      case 21 -> events.epollControl(t, (int) a0, (int) a1, (int) a2, a3);
      case 22 -> events.epollWait(t, (int) a0, a1, (int) a2, (int) a3, a4, a5);
      case 441 -> events.epollWait2(t, (int) a0, a1, (int) a2, a3, a4, a5);
      case 74 -> events.signalfd(t, (int) a0, a1, a2, (int) a3);
      case 85 -> events.timerfdCreate(t, (int) a0, (int) a1);
      case 86 -> events.timerfdSet(t, (int) a0, (int) a1, a2, a3);
      case 87 -> events.timerfdGet(t, (int) a0, a1);

      // asynchronous input and output
      case 0 -> asynchronous.setUp(t, (int) a0, a1);
      case 1 -> asynchronous.destroy(t, a0);
      case 2 -> asynchronous.submit(t, a0, a1, a2);
      case 3 -> asynchronous.cancel(t, a0, a1);
      case 4 -> asynchronous.getEvents(t, a0, a1, a2, a3, a4, 0);
      case 292 -> asynchronous.getEvents(t, a0, a1, a2, a3, a4, a5);

      case 425 -> asynchronous.uringSetUp(t, (int) a0, a1);
      case 426 -> asynchronous.uringEnter(t, (int) a0, (int) a1, (int) a2, (int) a3, a4, a5);
      case 427 -> asynchronous.uringRegister(t, (int) a0, (int) a1, a2, (int) a3);

      default -> SystemCallTable.UNKNOWN;
    };
  }
}
