package orrery.kernel.fs;

import orrery.kernel.wait.Caller;

/** Has what is in memory only written to where it lasts: sync(2). */
@FunctionalInterface
public interface Synchronizer {
  /** 0, or {@link Caller#BLOCKED}: the call is to be made again. */
  long sync(Caller c);
}
