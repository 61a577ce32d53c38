package orrery.cli;

/** Exit statuses that are not the guest's own; those of env(1) and timeout(1). */
final class ExitStatus {
  /** All is well. */
  static final int OK = 0;

  /** Wrong usage. */
  static final int USAGE = 2;

  /** The guest ran longer than {@code --timeout} allows. */
  static final int TIMEOUT = 124;

  /** Orrery itself failed, not the guest. */
  static final int FAILED = 125;

  /** Added to a signal's number when that signal ended the guest's program. */
  static final int SIGNAL_BASE = 128;

  private ExitStatus() {}
}
