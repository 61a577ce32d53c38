package orrery.cli.console;

import orrery.unicorn.host.NativeFunction;

/** The process's standard streams. */
final class StandardStreams {
  static final int INPUT = 0;
  static final int OUTPUT = 1;
  static final int ERRORS = 2;

  private static final NativeFunction ISATTY = NativeFunction.standard("isatty");

  private StandardStreams() {}

  /** Whether a descriptor is a terminal; see isatty(3). */
  static boolean isTerminal(int descriptor) {
    return ISATTY.callInt(descriptor) == 1;
  }
}
