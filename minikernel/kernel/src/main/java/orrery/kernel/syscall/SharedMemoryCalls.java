package orrery.kernel.syscall;

import orrery.kernel.fs.FileClock;
import orrery.kernel.ipc.SharedSegments;
import orrery.kernel.memory.KernelMemory;
import orrery.kernel.task.Task;

/** shmget(2) and its relatives. */
final class SharedMemoryCalls {
  /** In {@code command}, an older program's wish for 64-bit structures: there are no others. */
  private static final int IPC_64 = 0x100;

  private final KernelMemory memory;
  private final FileClock clock;
  private SharedSegments segments;

  SharedMemoryCalls(KernelMemory memory, FileClock clock) {
    this.memory = memory;
    this.clock = clock;
  }

  /** Made when first asked for: few programs do. */
  private SharedSegments segments() {
    if (segments == null) {
      segments = new SharedSegments(memory);
    }
    return segments;
  }

  long get(Task t, int key, long size, int flags) {
    return segments().get(t, t.process().pid(), clock.realtimeNanos(), key, size, flags);
  }

  long control(Task t, int id, int command, long buffer) {
    return segments().control(t, clock.realtimeNanos(), id, command & ~IPC_64, buffer);
  }

  long attach(Task t, int id, long address, int flags) {
    return segments().attach(t, t.process().pid(), clock.realtimeNanos(), id, address, flags);
  }

  long detach(Task t, long address) {
    return segments().detach(t, t.process().pid(), clock.realtimeNanos(), address);
  }
}
