package orrery.kernel.abi;

/**
 * A system call fails from somewhere deep. One instance exists per error number, without stack
 * trace or suppression, so that throwing allocates nothing; the dispatcher turns it into {@code
 * -errno}.
 */
public final class ErrnoException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final ErrnoException[] INSTANCES = new ErrnoException[Errno.EOWNERDEAD + 1];

  static {
    for (int i = 0; i < INSTANCES.length; i++) {
      INSTANCES[i] = new ErrnoException(i);
    }
  }

  private final int errno;

  private ErrnoException(int errno) {
    super("errno " + errno, null, false, false);
    this.errno = errno;
  }

  /** The instance for {@code errno}, one of {@link Errno}'s numbers up to EOWNERDEAD. */
  public static ErrnoException of(int errno) {
    return INSTANCES[errno];
  }

  public int errno() {
    return errno;
  }
}
