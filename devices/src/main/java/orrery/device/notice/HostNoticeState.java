package orrery.device.notice;

/** All that the host-notice device remembers. */
final class HostNoticeState {
  /** 0 to 255. */
  int exitStatus;
}
