package orrery.device.notice;

/** The host, as the host-notice device tells it things; on the vCPU's thread. */
public interface NoticeListener {
  /** The guest wants its input now. May come any number of times. */
  void ready();

  /**
   * The exit status of a guest that will power off by itself.
   *
   * @param status 0 to 255; the last one counts
   */
  void exitStatus(int status);
}
