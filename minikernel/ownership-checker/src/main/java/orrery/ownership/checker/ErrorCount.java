package orrery.ownership.checker;

import com.sun.tools.javac.util.Log;

/** Tells the checker's errors from those of javac and other plugins. */
final class ErrorCount {
  private final Log log;
  private int ours;

  ErrorCount(Log log) {
    this.log = log;
  }

  /** Runs what reports an error of the checker. */
  void count(Runnable report) {
    int before = log.nerrors;
    report.run();
    ours += log.nerrors - before;
  }

  /** True if anyone else has found errors. */
  boolean hasOthers() {
    return log.nerrors > ours;
  }
}
