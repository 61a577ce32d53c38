package orrery.kernel.syscall;

import orrery.kernel.aio.RingThreads;
import orrery.kernel.task.Cloning;
import orrery.kernel.task.Exit;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** Threads of the kernel for rings. As in Linux they bear their process's number in their name. */
final class ProcessRingThreads implements RingThreads {
  private final Cloning cloning;
  private final Exit exit;

  ProcessRingThreads(Cloning cloning, Exit exit) {
    this.cloning = cloning;
    this.exit = exit;
  }

  @Override
  public RingThread start(Caller creator, String name, Work work) {
    Task of = (Task) creator;
    Task thread =
        cloning.startKernelThread(
            of,
            name + "-" + of.process().pid(),
            t -> {
              if (!work.run(t, t.files())) {
                exit.thread(t, 0);
              }
            });
    return new Started(thread);
  }

  private record Started(Task thread) implements RingThread {
    @Override
    public boolean isAlive() {
      return thread.state() != Task.State.DEAD;
    }

    @Override
    public void urge() {
      if (thread.wake()) {
        thread.scheduler().yield();
      }
    }
  }
}
