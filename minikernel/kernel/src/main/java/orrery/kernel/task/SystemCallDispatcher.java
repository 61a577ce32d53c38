package orrery.kernel.task;

/** Where system calls go; the task layer's view of the table that stands above it. */
public interface SystemCallDispatcher {
  /**
   * What a call returns that has set the thread's registers itself ({@code execve}, {@code
   * rt_sigreturn}) or has ended the thread: x0 is left alone.
   */
  long NO_RESULT = Long.MIN_VALUE + 1;

  /**
   * Makes system call {@code number} for {@code task}.
   *
   * @return the result, a negated error number, {@link orrery.kernel.wait.Caller#BLOCKED} or {@link
   *     #NO_RESULT}; never throws for anything that a program can do
   */
  long call(Task task, int number, long a0, long a1, long a2, long a3, long a4, long a5);
}
