package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.aio.AioCalls;
import orrery.kernel.aio.RingThreads;
import orrery.kernel.aio.Uring;
import orrery.kernel.aio.UringSetup;
import orrery.kernel.fs.Vfs;
import orrery.kernel.task.Task;

/** io_setup(2), io_uring_setup(2) and their relatives. */
final class AsynchronousCalls {
  // struct io_uring_getevents_arg
  private static final int EXT_ARG_SIZE = 24;
  private static final int EXT_ARG_TIME = 16;

  private final Vfs vfs;
  private final RingThreads threads;
  private AioCalls aio;

  AsynchronousCalls(Vfs vfs, RingThreads threads) {
    this.vfs = vfs;
    this.threads = threads;
  }

  /** Made when first asked for: few programs do. */
  private AioCalls aio() {
    if (aio == null) {
      aio = new AioCalls(vfs.frames());
    }
    return aio;
  }

  long setUp(Task t, int events, long name) {
    return aio().setUp(t, events, name);
  }

  long destroy(Task t, long name) {
    return aio().destroy(t, name);
  }

  long submit(Task t, long name, long count, long blocks) {
    return aio().submit(t, t.files(), name, count, blocks);
  }

  long cancel(Task t, long name, long block) {
    return aio().cancel(t, name, block);
  }

  /** io_uring_setup(2). */
  long uringSetUp(Task t, int entries, long parameters) {
    Uring made = UringSetup.make(vfs, threads, t, entries, parameters);
    return t.files().install(made, true);
  }

  /** io_uring_enter(2); how long and with which signals to wait may be a pointer's structure. */
  long uringEnter(Task t, int fd, int submits, int least, int flags, long argument, long size) {
    if ((flags & ~Uring.ENTER_KNOWN) != 0) {
      return -Errno.EINVAL;
    }
    if (!(t.files().get(fd) instanceof Uring ring)) {
      return -Errno.EOPNOTSUPP;
    }
    if (!t.restarted() && (flags & Uring.ENTER_GETEVENTS) != 0) {
      long bad = prepareWait(t, flags, argument, size);
      if (bad != 0) {
        return bad;
      }
    }
    return t.signals().endTemporaryMask(ring.enter(t, t.files(), submits, least, flags));
  }

  private static long prepareWait(Task t, int flags, long argument, long size) {
    if ((flags & Uring.ENTER_EXT_ARG) == 0) {
      return PollCalls.setMask(t, argument, size);
    }
    if (size != EXT_ARG_SIZE) {
      return -Errno.EINVAL;
    }
    PollCalls.setDeadline(t, t.memory().readLong(argument + EXT_ARG_TIME));
    long maskSize = Integer.toUnsignedLong(t.memory().readInt(argument + Long.BYTES));
    return PollCalls.setMask(t, t.memory().readLong(argument), maskSize);
  }

  /** io_uring_register(2). */
  long uringRegister(Task t, int fd, int operation, long argument, int count) {
    if (!(t.files().get(fd) instanceof Uring ring)) {
      return -Errno.EOPNOTSUPP;
    }
    return ring.resources().register(t, t.files(), operation, argument, count);
  }

  /** io_getevents(2), io_pgetevents(2); the latter's mask is a pointer and a size. */
  long getEvents(
      Task t, long name, long least, long most, long events, long timeout, long maskPair) {
    if (!t.restarted()) {
      PollCalls.setDeadline(t, timeout);
      if (maskPair != 0) {
        long mask = t.memory().readLong(maskPair);
        long bad = PollCalls.setMask(t, mask, t.memory().readLong(maskPair + Long.BYTES));
        if (bad != 0) {
          return bad;
        }
      }
    }
    return t.signals().endTemporaryMask(aio().getEvents(t, name, least, most, events));
  }
}
