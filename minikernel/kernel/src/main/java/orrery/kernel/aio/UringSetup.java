package orrery.kernel.aio;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.Vfs;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.wait.Caller;

/**
 * io_uring_setup(2). Source of the numbers and layouts here and in its neighbours: Linux {@code
 * include/uapi/linux/io_uring.h}, as of Linux 6.1.
 */
public final class UringSetup {
  private static final int MAX_ENTRIES = 1 << 15;
  private static final int PARAMETERS_SIZE = 120;
  private static final int PARAMETERS_SQ_ENTRIES = 0;
  private static final int PARAMETERS_CQ_ENTRIES = 4;
  private static final int PARAMETERS_FLAGS = 8;
  private static final int PARAMETERS_SQ_CPU = 12;
  private static final int PARAMETERS_SQ_IDLE = 16;
  private static final int PARAMETERS_FEATURES = 20;
  private static final int PARAMETERS_RESERVED = 28;
  private static final int PARAMETERS_SQ_OFFSETS = 40;
  private static final int PARAMETERS_CQ_OFFSETS = 80;

  private static final int SETUP_IOPOLL = 1;
  private static final int SETUP_SQPOLL = 1 << 1;
  private static final int SETUP_SQ_AFF = 1 << 2;
  private static final int SETUP_CQSIZE = 1 << 3;
  private static final int SETUP_CLAMP = 1 << 4;
  private static final int SETUP_SUBMIT_ALL = 1 << 7;
  private static final int SETUP_COOP_TASKRUN = 1 << 8;
  private static final int SETUP_TASKRUN_FLAG = 1 << 9;
  private static final int SETUP_SINGLE_ISSUER = 1 << 12;
  private static final int SETUP_DEFER_TASKRUN = 1 << 13;
  private static final int SETUP_KNOWN =
      SETUP_IOPOLL
          | SETUP_SQPOLL
          | SETUP_SQ_AFF
          | SETUP_CQSIZE
          | SETUP_CLAMP
          | SETUP_SUBMIT_ALL
          | SETUP_COOP_TASKRUN
          | SETUP_TASKRUN_FLAG
          | SETUP_SINGLE_ISSUER
          | SETUP_DEFER_TASKRUN;

  /** What only makes sense for a program that enters the kernel for its ring. */
  private static final int SETUP_ENTERING =
      SETUP_COOP_TASKRUN | SETUP_TASKRUN_FLAG | SETUP_DEFER_TASKRUN;

  /** How long a thread that submits looks for entries before it sleeps, if nothing is said. */
  private static final long DEFAULT_IDLE = 1_000_000_000;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** SINGLE_MMAP, NODROP, SUBMIT_STABLE, RW_CUR_POS, FAST_POLL, POLL_32BITS, SQPOLL_NONFIXED. */
  private static final int FEATURES_RINGS = 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 5 | 1 << 6 | 1 << 7;

  private static final int FEATURE_EXT_ARG = 1 << 8;
  private static final int FEATURES = FEATURES_RINGS | FEATURE_EXT_ARG;

  private UringSetup() {}

  /**
   * Makes a ring and tells the program of it.
   *
   * @param threads where the ring gets a thread if it needs one
   * @param c whose ring it is
   * @throws ErrnoException EINVAL for what is not supported, EFAULT, ENOMEM, EAGAIN
   */
  public static Uring make(Vfs vfs, RingThreads threads, Caller c, int entries, long parameters) {
    AddressSpace m = c.memory();
    int flags = m.readInt(parameters + PARAMETERS_FLAGS);
    boolean defers = (flags & SETUP_DEFER_TASKRUN) != 0;
    boolean polls = (flags & SETUP_SQPOLL) != 0;
    boolean bound = (flags & SETUP_SQ_AFF) != 0;
    if ((flags & ~SETUP_KNOWN) != 0
        || defers && (flags & SETUP_SINGLE_ISSUER) == 0
        || polls && (flags & SETUP_ENTERING) != 0
        || bound && (!polls || m.readInt(parameters + PARAMETERS_SQ_CPU) != 0)
        || m.readInt(parameters + PARAMETERS_RESERVED) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    boolean clamps = (flags & SETUP_CLAMP) != 0;
    int submissions = size(entries, MAX_ENTRIES, clamps);
    int completions = submissions * 2;
    if ((flags & SETUP_CQSIZE) != 0) {
      completions = size(m.readInt(parameters + PARAMETERS_CQ_ENTRIES), MAX_ENTRIES * 2, clamps);
      if (completions < submissions) {
        throw ErrnoException.of(Errno.EINVAL);
      }
    }
    long idle = Integer.toUnsignedLong(m.readInt(parameters + PARAMETERS_SQ_IDLE));
    Uring made = new Uring(vfs, threads, submissions, completions, (flags & SETUP_SUBMIT_ALL) != 0);
    try {
      if (polls) {
        made.pollSubmissions(c, idle == 0 ? DEFAULT_IDLE : idle * NANOS_PER_MILLI);
      }
      tell(m, parameters, made, submissions, completions, flags);
    } catch (ErrnoException e) {
      made.drop();
      throw e;
    }
    return made;
  }

  private static int size(int wanted, int most, boolean clamps) {
    if (wanted <= 0 || wanted > most && !clamps) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    int n = Math.min(wanted, most);
    return n == 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
  }

  private static void tell(
      AddressSpace m, long to, Uring made, int submissions, int completions, int flags) {
    m.clear(to, PARAMETERS_SIZE);
    m.writeInt(to + PARAMETERS_SQ_ENTRIES, submissions);
    m.writeInt(to + PARAMETERS_CQ_ENTRIES, completions);
    m.writeInt(to + PARAMETERS_FLAGS, flags);
    m.writeInt(to + PARAMETERS_FEATURES, FEATURES);
    int[] sq = {
      Uring.SQ_HEAD,
      Uring.SQ_TAIL,
      Uring.SQ_MASK,
      Uring.SQ_ENTRIES,
      Uring.SQ_FLAGS,
      Uring.SQ_DROPPED,
      made.arrayOffset()
    };
    int[] cq = {
      Uring.CQ_HEAD,
      Uring.CQ_TAIL,
      Uring.CQ_MASK,
      Uring.CQ_ENTRIES,
      Uring.CQ_OVERFLOW,
      Uring.CQ_EVENTS,
      Uring.CQ_FLAGS
    };
    for (int i = 0; i < sq.length; i++) {
      m.writeInt(to + PARAMETERS_SQ_OFFSETS + (long) i * Integer.BYTES, sq[i]);
      m.writeInt(to + PARAMETERS_CQ_OFFSETS + (long) i * Integer.BYTES, cq[i]);
    }
  }
}
