package orrery.kernel.syscall;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import orrery.kernel.abi.Errno;
import orrery.kernel.log.KernelLog;
import orrery.kernel.task.Task;

/** The kernel's log for programs. See syslog(2), {@code include/linux/syslog.h}. */
final class LogCalls {
  private static final int SYSLOG_ACTION_CLOSE = 0;
  private static final int SYSLOG_ACTION_OPEN = 1;
  private static final int SYSLOG_ACTION_READ = 2;
  private static final int SYSLOG_ACTION_READ_ALL = 3;
  private static final int SYSLOG_ACTION_READ_CLEAR = 4;
  private static final int SYSLOG_ACTION_CLEAR = 5;
  private static final int SYSLOG_ACTION_CONSOLE_OFF = 6;
  private static final int SYSLOG_ACTION_CONSOLE_ON = 7;
  private static final int SYSLOG_ACTION_CONSOLE_LEVEL = 8;
  private static final int SYSLOG_ACTION_SIZE_UNREAD = 9;
  private static final int SYSLOG_ACTION_SIZE_BUFFER = 10;

  private static final int MAX_LEVEL = 8;
  private static final int BUFFER_SIZE = 1 << 17;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long NANOS_PER_MICRO = 1000;

  private final KernelLog log;
  private final long bootNanos;
  private long cleared;
  private long read;

  /**
   * @param bootNanos when the machine was switched on, as the log counts time
   */
  LogCalls(KernelLog log, long bootNanos) {
    this.log = log;
    this.bootNanos = bootNanos;
  }

  long syslog(Task t, int action, long to, int length) {
    if (t.uid() != 0 && action != SYSLOG_ACTION_READ_ALL && action != SYSLOG_ACTION_SIZE_BUFFER) {
      return -Errno.EPERM;
    }
    return switch (action) {
      case SYSLOG_ACTION_CLOSE,
          SYSLOG_ACTION_OPEN,
          SYSLOG_ACTION_CONSOLE_OFF,
          SYSLOG_ACTION_CONSOLE_ON ->
          0;
      case SYSLOG_ACTION_READ -> {
        long n = copy(t, to, length, read);
        read = n < 0 ? read : log.count();
        yield n;
      }
      case SYSLOG_ACTION_READ_ALL -> copy(t, to, length, cleared);
      case SYSLOG_ACTION_READ_CLEAR -> {
        long n = copy(t, to, length, cleared);
        cleared = log.count();
        yield n;
      }
      case SYSLOG_ACTION_CLEAR -> {
        cleared = log.count();
        yield 0;
      }
      case SYSLOG_ACTION_CONSOLE_LEVEL -> length < 1 || length > MAX_LEVEL ? -Errno.EINVAL : 0;
      case SYSLOG_ACTION_SIZE_UNREAD -> text(read).length();
      case SYSLOG_ACTION_SIZE_BUFFER -> BUFFER_SIZE;
      default -> -Errno.EINVAL;
    };
  }

  /** Copies the newest lines from number {@code from} on that fit. */
  private long copy(Task t, long to, int length, long from) {
    if (to == 0 || length < 0) {
      return -Errno.EINVAL;
    }
    String text = text(from);
    while (text.length() > length) {
      int end = text.indexOf('\n');
      text = text.substring(end + 1);
    }
    byte[] bytes = text.getBytes(ISO_8859_1);
    t.memory().copyOut(bytes, 0, to, bytes.length);
    return bytes.length;
  }

  private String text(long from) {
    StringBuilder out = new StringBuilder();
    for (long i = Math.max(from, log.oldest()); i < log.count(); i++) {
      long nanos = Math.max(0, log.time(i) - bootNanos);
      String seconds = Long.toString(nanos / NANOS_PER_SECOND);
      String micros = Long.toString(nanos % NANOS_PER_SECOND / NANOS_PER_MICRO);
      out.append("<6>[").repeat(' ', Math.max(0, 5 - seconds.length())).append(seconds);
      out.append('.').repeat('0', 6 - micros.length()).append(micros).append("] ");
      out.append(log.text(i)).append('\n');
    }
    return out.toString();
  }
}
