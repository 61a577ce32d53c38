package orrery.kernel.task;

import orrery.kernel.abi.SigInfo;

/**
 * One instance of a signal: what {@code siginfo_t} says of it. Mutable and reused, so that sending
 * a signal allocates nothing. The union of the structure is kept as its four words.
 */
public final class SignalInfo {
  /** How many 8-byte words of the union are kept ({@link SigInfo#KEPT}). */
  static final int WORDS = (SigInfo.KEPT - SigInfo.FIELDS) / Long.BYTES;

  private static final long LOW = 0xffff_ffffL;

  private int signal;
  private int errno;
  private int code;
  private long word0;
  private long word1;
  private long word2;
  private long word3;

  /** The POSIX timer that this instance belongs to for good, or null. */
  PosixTimer timer;

  /** Where the instance goes back to when it leaves its queue; null if it is its sender's own. */
  SignalQuota quota;

  /** The next one in a queue or in the pool of unused ones. */
  SignalInfo next;

  public SignalInfo() {}

  public int signal() {
    return signal;
  }

  public int errno() {
    return errno;
  }

  /** {@code si_code}, one of {@link SigInfo}'s. */
  public int code() {
    return code;
  }

  /** Word {@code n} of the union, 0 to 3: the 8 bytes from offset 16 + 8n. */
  public long word(int n) {
    return switch (n) {
      case 0 -> word0;
      case 1 -> word1;
      case 2 -> word2;
      default -> word3;
    };
  }

  /** Process id of the sender, or of the child. */
  public int pid() {
    return (int) word0;
  }

  /** User id of the sender, or of the child. */
  public int uid() {
    return (int) (word0 >>> 32);
  }

  /** Nothing known but the number, as if sent by the kernel itself. */
  public SignalInfo kernel(int newSignal) {
    return set(newSignal, 0, SigInfo.SI_KERNEL, 0, 0, 0, 0);
  }

  /** Sent by process {@code pid} of user {@code uid}. */
  public SignalInfo from(int newSignal, int newCode, int pid, int uid) {
    return set(newSignal, 0, newCode, pair(pid, uid), 0, 0, 0);
  }

  /** Caused by an access or an instruction at {@code address}. */
  public SignalInfo fault(int newSignal, int newCode, long address) {
    return set(newSignal, 0, newCode, address, 0, 0, 0);
  }

  /** About child {@code pid}; times in clock ticks of 10 ms. */
  public SignalInfo child(
      int newSignal, int newCode, int pid, int uid, int status, long user, long system) {
    return set(newSignal, 0, newCode, pair(pid, uid), status & LOW, user, system);
  }

  /** All fields. */
  public SignalInfo set(
      int newSignal, int newErrno, int newCode, long w0, long w1, long w2, long w3) {
    signal = newSignal;
    errno = newErrno;
    code = newCode;
    word0 = w0;
    word1 = w1;
    word2 = w2;
    word3 = w3;
    return this;
  }

  /** The fields of {@code other}. */
  public SignalInfo set(SignalInfo other) {
    return set(
        other.signal, other.errno, other.code, other.word0, other.word1, other.word2, other.word3);
  }

  /** Changes the number of overruns that a timer's signal reports. */
  void overrun(int count) {
    word0 = pair((int) word0, count);
  }

  private static long pair(int low, int high) {
    return low & LOW | (long) high << 32;
  }
}
