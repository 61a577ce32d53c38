package orrery.kernel.dev;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.abi.SeekWhence;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.log.KernelLog;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;

/**
 * /dev/kmsg: one record of the kernel's log per read, a line into the log per write. Source: Linux
 * {@code Documentation/ABI/testing/dev-kmsg}.
 */
final class MessageFile extends OpenFile {
  private static final int MAX_LINE = 1024;
  private static final int INFORMATIONAL = 6;
  private static final long NANOS_PER_MICRO = 1000;

  private final KernelLog log;
  private final long bootNanos;
  private long next;

  /**
   * @param bootNanos when the machine was switched on, as the log counts time
   */
  MessageFile(Inode node, int flags, KernelLog log, long bootNanos) {
    super(node, flags);
    this.log = log;
    this.bootNanos = bootNanos;
    next = log.oldest();
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    if (next < log.oldest()) {
      next = log.oldest();
      return -Errno.EPIPE;
    }
    if (next == log.count()) {
      return -Errno.EAGAIN; // nobody wakes a reader; the log is for looking back
    }
    long micros = Math.max(0, log.time(next) - bootNanos) / NANOS_PER_MICRO;
    String record = INFORMATIONAL + "," + next + "," + micros + ",-;" + log.text(next) + "\n";
    byte[] bytes = record.getBytes(ISO_8859_1);
    if (bytes.length > to.remaining()) {
      return -Errno.EINVAL;
    }
    to.put(bytes, 0, bytes.length);
    next++;
    return bytes.length;
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    long n = from.remaining();
    if (n > MAX_LINE) {
      return -Errno.EINVAL;
    }
    byte[] bytes = new byte[(int) n];
    from.get(bytes, 0, bytes.length);
    log.line(new String(bytes, ISO_8859_1).stripTrailing());
    return n;
  }

  @Override
  public int poll(PollTable table) {
    return PollEvent.WRITABLE | (next < log.count() ? PollEvent.READABLE : 0);
  }

  @Override
  public long seek(Caller c, long offset, int whence) {
    if (offset != 0) {
      return -Errno.ESPIPE;
    }
    switch (whence) {
      case SeekWhence.SEEK_SET, SeekWhence.SEEK_DATA -> next = log.oldest();
      case SeekWhence.SEEK_END -> next = log.count();
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }
}
