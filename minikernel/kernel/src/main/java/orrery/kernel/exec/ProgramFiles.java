package orrery.kernel.exec;

import orrery.kernel.wait.Caller;

/** Finds interpreters. */
@FunctionalInterface
public interface ProgramFiles {
  /**
   * Opens a file to execute it.
   *
   * @throws orrery.kernel.abi.ErrnoException ENOENT and the like; EACCES if it is no regular file
   *     or the caller may not execute it; ETXTBSY if it is open for writing
   */
  ProgramFile open(Caller c, String path);
}
