package orrery.kernel.proc;

import orrery.kernel.wait.Caller;

/** Takes what is written to a file. */
@FunctionalInterface
public interface Setting {
  /** Sets it to {@code text}; throws EINVAL or EPERM if that cannot be. */
  void set(Caller writer, String text);
}
