package orrery.kernel.aio;

import orrery.kernel.fs.FileTable;
import orrery.kernel.wait.Caller;

/** Where a ring gets a thread that works for it while its program is elsewhere. */
public interface RingThreads {
  /** What such a thread does each time that it has a turn. */
  interface Work {
    /**
     * One turn.
     *
     * @param c the thread, with the memory of the process that it works for
     * @param files that process's
     * @return whether there is to be another turn; if not, the thread ends
     */
    boolean run(Caller c, FileTable files);
  }

  /** Such a thread; it ends with its process at the latest. */
  interface RingThread {
    /** Whether it has not ended. */
    boolean isAlive();

    /** Gives it a turn soon, before the program that runs now goes on. */
    void urge();
  }

  /**
   * Starts a thread in the process of {@code creator}.
   *
   * @throws orrery.kernel.abi.ErrnoException EAGAIN if there are too many
   */
  RingThread start(Caller creator, String name, Work work);
}
