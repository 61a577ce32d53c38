package orrery.kernel.task;

/** execve(2), as the task layer and the call table see it. */
public interface ProgramExecution {
  /**
   * Replaces the program of the running thread's process.
   *
   * @param directory descriptor that a relative path starts from, AT_FDCWD for the current folder
   * @param path user pointer to the path
   * @param argv user pointer to the null-terminated argument pointers
   * @param envp user pointer to the null-terminated environment pointers
   * @param flags AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW
   * @return {@link SystemCallDispatcher#NO_RESULT} with the new program's registers loaded, or a
   *     negated error number with the old program untouched
   */
  long execute(Task t, int directory, long path, long argv, long envp, int flags);
}
