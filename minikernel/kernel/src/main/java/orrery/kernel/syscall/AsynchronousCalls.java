package orrery.kernel.syscall;

import orrery.kernel.aio.AioCalls;
import orrery.kernel.fs.Vfs;
import orrery.kernel.task.Task;

/** io_setup(2) and its relatives. */
final class AsynchronousCalls {
  private final Vfs vfs;
  private AioCalls aio;

  AsynchronousCalls(Vfs vfs) {
    this.vfs = vfs;
  }

  /** Made when first asked for: few programs do. */
  private AioCalls aio() {
    if (aio == null) {
      aio = new AioCalls(vfs.frames());
    }
    return aio;
  }

  long setUp(Task t, int events, long name) {
    return aio().setUp(t, events, name);
  }

  long destroy(Task t, long name) {
    return aio().destroy(t, name);
  }

  long submit(Task t, long name, long count, long blocks) {
    return aio().submit(t, t.files(), name, count, blocks);
  }

  long cancel(Task t, long name) {
    return aio().cancel(t, name);
  }

  /** io_getevents(2), io_pgetevents(2); the latter's mask is a pointer and a size. */
  long getEvents(
      Task t, long name, long least, long most, long events, long timeout, long maskPair) {
    if (!t.restarted()) {
      PollCalls.setDeadline(t, timeout);
      if (maskPair != 0) {
        long mask = t.memory().readLong(maskPair);
        long bad = PollCalls.setMask(t, mask, t.memory().readLong(maskPair + Long.BYTES));
        if (bad != 0) {
          return bad;
        }
      }
    }
    return t.signals().endTemporaryMask(aio().getEvents(t, name, least, most, events));
  }
}
