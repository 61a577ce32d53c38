package orrery.kernel.task;

/**
 * What a thread of the kernel does in a process's name, with its memory and files: as Linux's
 * PF_IO_WORKER threads it is one of the process's threads, but it never returns to the program.
 */
@FunctionalInterface
public interface KernelWork {
  /**
   * One turn, each time that the thread is woken. Unless the thread was ended in it, it sleeps
   * afterwards.
   */
  void run(Task t);
}
