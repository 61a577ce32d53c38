package orrery.kernel.proc;

import orrery.kernel.wait.Caller;

/** Makes a file's text. */
@FunctionalInterface
public interface Content {
  /** Appends the text as it is now; ESRCH if what it is about has ended. */
  void write(Caller reader, StringBuilder to);
}
