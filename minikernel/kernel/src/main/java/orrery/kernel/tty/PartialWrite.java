package orrery.kernel.tty;

import orrery.kernel.abi.Errno;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.WaitQueue;

/** A write that found no room: it goes on later or ends with what it has done. */
final class PartialWrite {
  private PartialWrite() {}

  /**
   * Sleeps until {@code room} wakes, remembering what was written; or ends the call.
   *
   * @param mayWait false for O_NONBLOCK
   * @return what the call returns
   */
  static long wait(Caller c, IoBuffer from, WaitQueue room, boolean mayWait) {
    long done = from.transferred();
    if (!mayWait) {
      return done > 0 ? done : -Errno.EAGAIN;
    }
    c.progress(done);
    long answer = c.sleepOn(room);
    return answer < 0 && answer != Caller.BLOCKED && done > 0 ? done : answer;
  }
}
