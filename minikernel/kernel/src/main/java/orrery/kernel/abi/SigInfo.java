package orrery.kernel.abi;

/**
 * {@code siginfo_t}: offsets in bytes and the values of {@code si_code}.
 *
 * <p>Source: Linux {@code include/uapi/asm-generic/siginfo.h}, 64-bit layout.
 */
public final class SigInfo {
  /** Size of the structure. */
  public static final int SIZE = 128;

  /** How much of it the kernel keeps; the rest is zero. */
  public static final int KEPT = 48;

  public static final int SIGNO = 0;
  public static final int ERRNO = 4;
  public static final int CODE = 8;

  /** Where the union begins; the members below share this space. */
  public static final int FIELDS = 16;

  public static final int PID = 16;
  public static final int UID = 20;
  public static final int TIMER_ID = 16;
  public static final int OVERRUN = 20;
  public static final int ADDRESS = 16;

  /** The value that came with a queued signal. */
  public static final int VALUE = 24;

  /** The exit code or signal number of a child. */
  public static final int STATUS = 24;

  public static final int UTIME = 32;
  public static final int STIME = 40;

  public static final int SI_USER = 0;
  public static final int SI_KERNEL = 0x80;
  public static final int SI_QUEUE = -1;
  public static final int SI_TIMER = -2;
  public static final int SI_MESGQ = -3;
  public static final int SI_ASYNCIO = -4;
  public static final int SI_TKILL = -6;

  public static final int ILL_ILLOPC = 1;
  public static final int FPE_INTDIV = 1;
  public static final int FPE_FLTDIV = 3;
  public static final int FPE_FLTOVF = 4;
  public static final int FPE_FLTUND = 5;
  public static final int FPE_FLTRES = 6;
  public static final int FPE_FLTINV = 7;
  public static final int FPE_FLTUNK = 14;
  public static final int SEGV_MAPERR = 1;
  public static final int SEGV_ACCERR = 2;
  public static final int BUS_ADRALN = 1;
  public static final int BUS_ADRERR = 2;
  public static final int BUS_OBJERR = 3;
  public static final int TRAP_BRKPT = 1;
  public static final int TRAP_TRACE = 2;
  public static final int CLD_EXITED = 1;
  public static final int CLD_KILLED = 2;
  public static final int CLD_DUMPED = 3;
  public static final int CLD_STOPPED = 5;
  public static final int CLD_CONTINUED = 6;

  private static final int STATUS_CONTINUED = 0xffff;
  private static final int STATUS_STOPPED = 0x7f;
  private static final int STATUS_CORE = 0x80;

  private SigInfo() {}

  /** The CLD_ code for {@code status}, which is as wait4(2) reports it. */
  public static int childCode(int status) {
    if (status == STATUS_CONTINUED) {
      return CLD_CONTINUED;
    }
    if ((status & 0xff) == STATUS_STOPPED) {
      return CLD_STOPPED;
    }
    if ((status & 0x7f) == 0) {
      return CLD_EXITED;
    }
    return (status & STATUS_CORE) != 0 ? CLD_DUMPED : CLD_KILLED;
  }

  /** {@code si_status} for {@code status}: the exit code or the signal. */
  public static int childValue(int status) {
    return switch (childCode(status)) {
      case CLD_CONTINUED -> Signal.SIGCONT;
      case CLD_EXITED, CLD_STOPPED -> status >> 8 & 0xff;
      default -> status & 0x7f;
    };
  }
}
