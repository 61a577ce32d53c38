package orrery.device.notice;

import orrery.machine.bus.MmioDevice;

/**
 * The host-notice device: two registers of 32 bits. {@link #EXIT_STATUS} keeps the low eight bits
 * of what was written last, 0 at reset; any write to {@link #READY}, which reads as zero, asks for
 * the input. All else reads as zero and ignores writes.
 *
 * <p>Used by the vCPU's thread.
 */
final class HostNotice implements MmioDevice {
  static final int EXIT_STATUS = 0x00;
  static final int READY = 0x04;
  static final int REGISTERS_SIZE = 0x1000;

  private static final int STATUS_MASK = 0xff;

  private final HostNoticeState state = new HostNoticeState();
  private final NoticeListener listener;

  /** The device in reset. */
  HostNotice(NoticeListener listener) {
    this.listener = listener;
  }

  @Override
  public long read(long offset, int width) {
    return offset == EXIT_STATUS ? state.exitStatus : 0;
  }

  @Override
  public void write(long offset, int width, long value) {
    if (offset == EXIT_STATUS) {
      state.exitStatus = (int) value & STATUS_MASK;
      listener.exitStatus(state.exitStatus);
    } else if (offset == READY) {
      listener.ready();
    }
  }
}
