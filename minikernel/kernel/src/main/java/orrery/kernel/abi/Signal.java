package orrery.kernel.abi;

/**
 * Signal numbers and the sets the kernel treats alike. A set is a {@code long} in which bit {@code
 * number - 1} stands for a signal, as in Linux's {@code sigset_t}.
 *
 * <p>Source: Linux {@code include/uapi/asm-generic/signal.h}, signal(7).
 */
public final class Signal {
  public static final int SIGHUP = 1;
  public static final int SIGINT = 2;
  public static final int SIGQUIT = 3;
  public static final int SIGILL = 4;
  public static final int SIGTRAP = 5;
  public static final int SIGABRT = 6;
  public static final int SIGBUS = 7;
  public static final int SIGFPE = 8;
  public static final int SIGKILL = 9;
  public static final int SIGUSR1 = 10;
  public static final int SIGSEGV = 11;
  public static final int SIGUSR2 = 12;
  public static final int SIGPIPE = 13;
  public static final int SIGALRM = 14;
  public static final int SIGTERM = 15;
  public static final int SIGSTKFLT = 16;
  public static final int SIGCHLD = 17;
  public static final int SIGCONT = 18;
  public static final int SIGSTOP = 19;
  public static final int SIGTSTP = 20;
  public static final int SIGTTIN = 21;
  public static final int SIGTTOU = 22;
  public static final int SIGURG = 23;
  public static final int SIGXCPU = 24;
  public static final int SIGXFSZ = 25;
  public static final int SIGVTALRM = 26;
  public static final int SIGPROF = 27;
  public static final int SIGWINCH = 28;
  public static final int SIGIO = 29;
  public static final int SIGPWR = 30;
  public static final int SIGSYS = 31;

  /** The first real-time signal: from here on every instance is queued. */
  public static final int SIGRTMIN = 32;

  /** The highest signal number. */
  public static final int MAX = 64;

  /** SIGKILL and SIGSTOP: never blocked, caught or ignored. */
  public static final long UNBLOCKABLE = bit(SIGKILL) | bit(SIGSTOP);

  /** Signals whose default action stops the process. */
  public static final long STOPPING = bit(SIGSTOP) | bit(SIGTSTP) | bit(SIGTTIN) | bit(SIGTTOU);

  /** Signals whose default action is to be ignored; SIGCONT acts when it is sent. */
  public static final long IGNORED_BY_DEFAULT =
      bit(SIGCONT) | bit(SIGCHLD) | bit(SIGWINCH) | bit(SIGURG);

  /** Signals that an instruction causes; they are delivered before all others. */
  public static final long SYNCHRONOUS =
      bit(SIGSEGV) | bit(SIGBUS) | bit(SIGILL) | bit(SIGTRAP) | bit(SIGFPE) | bit(SIGSYS);

  /** {@code sa_handler}: the default action. */
  public static final long SIG_DFL = 0;

  /** {@code sa_handler}: ignore the signal. */
  public static final long SIG_IGN = 1;

  public static final int SA_NOCLDSTOP = 0x0000_0001;
  public static final int SA_NOCLDWAIT = 0x0000_0002;
  public static final int SA_SIGINFO = 0x0000_0004;
  public static final int SA_EXPOSE_TAGBITS = 0x0000_0800;
  public static final int SA_RESTORER = 0x0400_0000;
  public static final int SA_ONSTACK = 0x0800_0000;
  public static final int SA_RESTART = 0x1000_0000;
  public static final int SA_NODEFER = 0x4000_0000;
  public static final int SA_RESETHAND = 0x8000_0000;

  /** {@code how} of rt_sigprocmask: adds to the mask. */
  public static final int SIG_BLOCK = 0;

  /** Takes from the mask. */
  public static final int SIG_UNBLOCK = 1;

  /** Replaces the mask. */
  public static final int SIG_SETMASK = 2;

  public static final int SS_ONSTACK = 1;
  public static final int SS_DISABLE = 2;
  public static final int SS_AUTODISARM = 0x8000_0000;

  /**
   * The smallest alternate stack, in bytes. Source: {@code arch/arm64/include/uapi/asm/signal.h}.
   */
  public static final int MINSIGSTKSZ = 5120;

  private static final String[] NAMES = {
    "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
    "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"
  };

  private Signal() {}

  /** The set of {@code signal} alone. */
  public static long bit(int signal) {
    return 1L << (signal - 1);
  }

  /** True if {@code set} has {@code signal}. */
  public static boolean in(long set, int signal) {
    return (set >>> (signal - 1) & 1) != 0;
  }

  /** True for a number that a program may name: 1 to 64. */
  public static boolean isValid(int signal) {
    return signal >= 1 && signal <= MAX;
  }

  /** The name for messages, e.g. {@code SIGSEGV}. */
  public static String name(int signal) {
    return signal < NAMES.length ? "SIG" + NAMES[signal] : "SIGRTMIN+" + (signal - SIGRTMIN);
  }
}
