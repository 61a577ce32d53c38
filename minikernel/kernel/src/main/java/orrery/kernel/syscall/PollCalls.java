package orrery.kernel.syscall;

import java.util.Arrays;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** ppoll(2) and pselect6(2). */
public final class PollCalls {
  /** struct pollfd: fd, events, revents. */
  private static final int POLLFD_SIZE = 8;

  private static final int POLLFD_RESULT = 6;

  /** Bytes of a signal set. */
  static final int SIGNAL_SET_SIZE = 8;

  // Which events make a descriptor ready in which of select's sets.
  private static final int SELECT_IN =
      PollEvent.READABLE | PollEvent.POLLRDBAND | PollEvent.POLLHUP | PollEvent.POLLERR;
  private static final int SELECT_OUT =
      PollEvent.WRITABLE | PollEvent.POLLWRBAND | PollEvent.POLLERR;
  private static final int SELECT_EXCEPT = PollEvent.POLLPRI;

  private long[] in = new long[16];
  private long[] out = new long[16];
  private long[] except = new long[16];

  /** Calls for all threads. */
  public PollCalls() {}

  /** ppoll(2). */
  public long ppoll(Task t, long fds, int count, long timeout, long mask, long maskSize) {
    if (!t.restarted()) {
      setDeadline(t, timeout);
      long bad = setMask(t, mask, maskSize);
      if (bad != 0) {
        return bad;
      }
    }
    if (count < 0 || count > t.files().limit()) {
      return finish(t, -Errno.EINVAL, timeout);
    }
    int ready = scan(t, fds, count);
    if (ready == 0 && !t.timedOut()) {
      return finish(t, t.sleep(Errno.ERESTARTNOHAND), timeout);
    }
    t.forgetQueues();
    return finish(t, ready, timeout);
  }

  static void setDeadline(Task t, long timeout) {
    if (timeout != 0) {
      long nanos = TimeSpec.read(t.memory(), timeout);
      t.deadlineOnce(nanos == Caller.NEVER ? nanos : TimeSpec.after(t.now(), nanos));
    }
  }

  /** Sets a call's temporary signal mask, if it has one: 0 or {@code -errno}. */
  static long setMask(Task t, long mask, long size) {
    if (mask == 0) {
      return 0;
    }
    if (size != SIGNAL_SET_SIZE) {
      return -Errno.EINVAL;
    }
    t.signals().saveMask(t.memory().readLong(mask));
    return 0;
  }

  /** The end of a call: the old mask comes back, and the program learns how much time was left. */
  private static long finish(Task t, long result, long timeout) {
    if (result == Caller.BLOCKED) {
      return result;
    }
    if (timeout != 0 && t.deadline() != Caller.NEVER) {
      TimeSpec.write(t.memory(), timeout, Math.max(0, t.deadline() - t.now()));
    }
    return t.signals().endTemporaryMask(result);
  }

  private static int scan(Task t, long fds, int count) {
    AddressSpace m = t.memory();
    int ready = 0;
    for (int i = 0; i < count; i++) {
      long at = fds + (long) i * POLLFD_SIZE;
      long entry = m.readLong(at);
      int fd = (int) entry;
      int wanted = (int) (entry >>> Integer.SIZE) & 0xffff;
      int events = 0;
      if (fd >= 0) {
        OpenFile f = t.files().peek(fd);
        if (f == null || f.isPathOnly()) {
          events = PollEvent.POLLNVAL;
        } else {
          // Once something is ready nobody will sleep: no need to join more queues.
          events = f.poll(ready == 0 ? t : null) & (wanted | PollEvent.ALWAYS);
        }
      }
      if (events != 0) {
        ready++;
      }
      if ((short) (entry >>> 48) != (short) events) {
        m.writeShort(at + POLLFD_RESULT, (short) events);
      }
    }
    return ready;
  }

  /** pselect6(2); {@code maskPair} points to a set's address and size. */
  public long pselect6(
      Task t, int n, long inSet, long outSet, long exceptSet, long timeout, long maskPair) {
    if (!t.restarted()) {
      setDeadline(t, timeout);
      if (maskPair != 0) {
        long set = t.memory().readLong(maskPair);
        long bad = setMask(t, set, t.memory().readLong(maskPair + Long.BYTES));
        if (bad != 0) {
          return bad;
        }
      }
    }
    if (n < 0) {
      return finish(t, -Errno.EINVAL, timeout);
    }
    int count = Math.min(n, t.files().bound());
    int words = (count + 63) / 64;
    if (words > in.length) {
      in = new long[words];
      out = new long[words];
      except = new long[words];
    }
    load(t.memory(), inSet, in, words);
    load(t.memory(), outSet, out, words);
    load(t.memory(), exceptSet, except, words);
    int ready = scan(t, count);
    if (ready < 0) {
      t.forgetQueues();
      return finish(t, ready, timeout);
    }
    if (ready == 0 && !t.timedOut()) {
      return finish(t, t.sleep(Errno.ERESTARTNOHAND), timeout);
    }
    t.forgetQueues();
    store(t.memory(), inSet, in, words);
    store(t.memory(), outSet, out, words);
    store(t.memory(), exceptSet, except, words);
    return finish(t, ready, timeout);
  }

  private static void load(AddressSpace m, long set, long[] to, int words) {
    if (set == 0) {
      Arrays.fill(to, 0, words, 0);
      return;
    }
    for (int i = 0; i < words; i++) {
      to[i] = m.readLong(set + (long) i * Long.BYTES);
    }
  }

  private static void store(AddressSpace m, long set, long[] from, int words) {
    for (int i = 0; set != 0 && i < words; i++) {
      m.writeLong(set + (long) i * Long.BYTES, from[i]);
    }
  }

  /** Replaces the sets by what is ready of them; how much that is, or {@code -EBADF}. */
  private int scan(Task t, int count) {
    int ready = 0;
    for (int word = 0; word * 64 < count; word++) {
      long rest = in[word] | out[word] | except[word];
      if (count - word * 64 < 64) {
        rest &= (1L << count - word * 64) - 1;
      }
      long readyIn = 0;
      long readyOut = 0;
      long readyExcept = 0;
      for (; rest != 0; rest &= rest - 1) {
        int bit = Long.numberOfTrailingZeros(rest);
        OpenFile f = t.files().peek(word * 64 + bit);
        if (f == null || f.isPathOnly()) {
          return -Errno.EBADF;
        }
        int events = f.poll(ready == 0 ? t : null);
        if ((events & SELECT_IN) != 0) {
          readyIn |= in[word] & 1L << bit;
        }
        if ((events & SELECT_OUT) != 0) {
          readyOut |= out[word] & 1L << bit;
        }
        if ((events & SELECT_EXCEPT) != 0) {
          readyExcept |= except[word] & 1L << bit;
        }
      }
      in[word] = readyIn;
      out[word] = readyOut;
      except[word] = readyExcept;
      ready += Long.bitCount(readyIn) + Long.bitCount(readyOut) + Long.bitCount(readyExcept);
    }
    return ready;
  }
}
