package orrery.kernel.device;

import orrery.kernel.abi.Errno;
import orrery.kernel.hw.CpuBuffer;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.ownership.Owned;

/** A program's read or write of a character device, borrowed for one attempt of the call. */
@Owned
public final class Transfer {
  private static final int CHUNK = 512;

  private final byte[] chunk = new byte[CHUNK];
  private Caller caller;
  private IoBuffer program;
  private boolean mayWait;
  private boolean writing;

  Transfer() {}

  /** A new attempt begins. */
  void begin(Caller itsCaller, IoBuffer buffer, boolean waits, boolean writes) {
    caller = itsCaller;
    program = buffer;
    mayWait = waits;
    writing = writes;
  }

  /** Bytes of the program's buffer that are still to be moved. */
  public int remaining() {
    return (int) program.remaining();
  }

  /** Bytes moved so far: what the call returns if it ends now. */
  public long done() {
    return program.transferred();
  }

  /**
   * Moves bytes from a buffer to the program (read).
   *
   * @param count at most {@link #remaining}
   */
  public void put(CpuBuffer from, int offset, int count) {
    for (int moved = 0; moved < count; ) {
      int part = Math.min(count - moved, CHUNK);
      from.read(offset + moved, chunk, 0, part);
      program.put(chunk, 0, part);
      moved += part;
    }
  }

  /**
   * Moves bytes from the program to a buffer (write).
   *
   * @param count at most {@link #remaining}
   */
  public void get(CpuBuffer to, int offset, int count) {
    for (int moved = 0; moved < count; ) {
      int part = Math.min(count - moved, CHUNK);
      program.get(chunk, 0, part);
      to.write(offset + moved, chunk, 0, part);
      moved += part;
    }
  }

  /** Moves one number to the program, low byte first; for devices of a few registers. */
  public void putInt(int value) {
    for (int i = 0; i < Integer.BYTES; i++) {
      chunk[i] = (byte) (value >>> i * Byte.SIZE);
    }
    program.put(chunk, 0, Math.min(Integer.BYTES, remaining()));
  }

  /**
   * The call cannot go on: it sleeps and is made again when {@code waiters} wakes, unless something
   * was read already or the program does not want to wait.
   *
   * @return what the call returns
   */
  public long sleepOn(Waiters waiters) {
    long done = done();
    if (done > 0 && (!writing || !mayWait)) {
      return done;
    }
    if (!mayWait) {
      return -Errno.EAGAIN;
    }
    caller.progress(done);
    long answer = caller.sleepOn(waiters.queue());
    return answer < 0 && answer != Caller.BLOCKED && done > 0 ? done : answer;
  }
}
