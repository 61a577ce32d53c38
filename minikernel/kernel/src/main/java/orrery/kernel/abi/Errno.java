package orrery.kernel.abi;

/**
 * Error numbers. Source: Linux {@code include/uapi/asm-generic/errno-base.h} and {@code errno.h};
 * the numbers above 511 are the kernel's own (<code>include/linux/errno.h</code>) and never reach a
 * program.
 */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int E2BIG = 7;
  public static final int ENOEXEC = 8;
  public static final int EBADF = 9;
  public static final int ECHILD = 10;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EFAULT = 14;
  public static final int ENOTBLK = 15;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ENOTTY = 25;
  public static final int ETXTBSY = 26;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int ESPIPE = 29;
  public static final int EROFS = 30;
  public static final int EMLINK = 31;
  public static final int EPIPE = 32;
  public static final int EDOM = 33;
  public static final int ERANGE = 34;
  public static final int EDEADLK = 35;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOLCK = 37;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int EBADE = 52;
  public static final int ENODATA = 61;
  public static final int ETIME = 62;
  public static final int ENOLINK = 67;
  public static final int EPROTO = 71;
  public static final int EBADMSG = 74;
  public static final int EOVERFLOW = 75;
  public static final int ELIBBAD = 80;
  public static final int EILSEQ = 84;
  public static final int EUSERS = 87;
  public static final int ENOTSOCK = 88;
  public static final int EDESTADDRREQ = 89;
  public static final int EMSGSIZE = 90;
  public static final int EPROTOTYPE = 91;
  public static final int EPROTONOSUPPORT = 93;
  public static final int ESOCKTNOSUPPORT = 94;
  public static final int EOPNOTSUPP = 95;
  public static final int EAFNOSUPPORT = 97;
  public static final int EADDRINUSE = 98;
  public static final int ECONNRESET = 104;
  public static final int EISCONN = 106;
  public static final int ENOTCONN = 107;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EALREADY = 114;
  public static final int EINPROGRESS = 115;
  public static final int EREMOTEIO = 121;
  public static final int ECANCELED = 125;
  public static final int EOWNERDEAD = 130;

  /** Restart if the handler has SA_RESTART or there is no handler, else EINTR. */
  public static final int ERESTARTSYS = 512;

  /** Restart always. */
  public static final int ERESTARTNOINTR = 513;

  /** EINTR if a handler runs, else restart. */
  public static final int ERESTARTNOHAND = 514;

  /** As {@link #ERESTARTNOHAND}, and the restarted call keeps its deadline. */
  public static final int ERESTART_RESTARTBLOCK = 516;

  private Errno() {}

  /** Whether a result is one of the above, that no program sees. */
  public static boolean isRestart(long result) {
    return -result >= ERESTARTSYS && -result <= ERESTART_RESTARTBLOCK;
  }
}
