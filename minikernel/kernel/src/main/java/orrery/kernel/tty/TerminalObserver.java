package orrery.kernel.tty;

/** Learns what becomes of a terminal; the master of a pair does, for packet mode. */
interface TerminalObserver {
  /** Nobody observes. */
  TerminalObserver NOBODY =
      new TerminalObserver() {
        @Override
        public void flushed(boolean input, boolean output) {}

        @Override
        public void flowChanged(boolean stopped) {}

        @Override
        public void settingsChanged(Termios old, Termios now) {}

        @Override
        public void openChanged(int files) {}
      };

  /** Input or output was thrown away. */
  void flushed(boolean input, boolean output);

  /** Output was stopped or started. */
  void flowChanged(boolean stopped);

  /** The settings are others. */
  void settingsChanged(Termios old, Termios now);

  /** {@code files} programs have the terminal open now. */
  void openChanged(int files);
}
