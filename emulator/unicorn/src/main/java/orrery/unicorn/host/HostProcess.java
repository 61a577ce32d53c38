package orrery.unicorn.host;

/** This process, as the host sees it. */
public final class HostProcess {
  private static final NativeFunction EXIT = NativeFunction.standard("_exit");

  private HostProcess() {}

  /** Finds what {@link #exit} needs. */
  static void prepare() {
    // done by the initialisation of this class
  }

  /**
   * Ends the process at once ({@code _exit}, POSIX.1-2017): no hook of the JVM runs and it waits
   * for no thread. Its own {@link Runtime#halt} waits 300 ms for a thread that reads from the host,
   * and in steps of 10 ms for one that compiles.
   *
   * @param status 0 to 255
   */
  public static void exit(int status) {
    EXIT.call(status);
  }
}
