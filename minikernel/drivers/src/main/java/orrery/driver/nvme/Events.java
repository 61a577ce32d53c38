package orrery.driver.nvme;

import orrery.kernel.device.DeviceLog;
import orrery.kernel.hw.CpuBuffer;
import orrery.ownership.MaySleep;
import orrery.ownership.ProcessCtx;

/** What the driver does about asynchronous events (Base, section 5.2.1). */
final class Events {
  private static final int TYPE_MASK = 7;
  private static final int INFORMATION_SHIFT = 8;
  private static final int PAGE_SHIFT = 16;
  private static final int BYTE_MASK = 0xff;

  private static final int TYPE_ERROR = 0;
  private static final int TYPE_HEALTH = 1;
  private static final int TYPE_NOTICE = 2;
  private static final int NOTICE_NAMESPACE_CHANGED = 0;

  private static final int LOG_BYTES = 512;

  // Log pages (Base, sections 5.16.1.2 and 5.16.1.3).
  private static final int ERROR_QUEUE = 8;
  private static final int ERROR_COMMAND = 10;
  private static final int ERROR_STATUS = 12;
  private static final int HEALTH_WARNING = 0;
  private static final int HEALTH_TEMPERATURE = 1;
  private static final int WORD_MASK = 0xffff;
  private static final int ZERO_CELSIUS = 273;

  private Events() {}

  /**
   * Looks at an event. Its log page is read, for the controller tells of no other event of that
   * type before.
   *
   * @param event dword 0 of its completion
   * @return whether namespaces may have changed
   */
  @MaySleep
  static boolean handle(ProcessCtx ctx, AdminQueue admin, int event, DeviceLog log)
      throws NvmeException {
    int type = event & TYPE_MASK;
    int information = event >>> INFORMATION_SHIFT & BYTE_MASK;
    admin.logPage(ctx, event >>> PAGE_SHIFT & BYTE_MASK, LOG_BYTES);
    CpuBuffer page = admin.page();
    switch (type) {
      case TYPE_ERROR ->
          log.line(
              String.format(
                  "error event 0x%02x: queue %d, command %d, status 0x%x",
                  information,
                  page.readShort(ERROR_QUEUE) & WORD_MASK,
                  page.readShort(ERROR_COMMAND) & WORD_MASK,
                  (page.readShort(ERROR_STATUS) & WORD_MASK) >>> CompletionEntry.STATUS_SHIFT));
      case TYPE_HEALTH ->
          log.line(
              String.format(
                  "health event 0x%02x: critical warning 0x%02x, %d degrees Celsius",
                  information,
                  page.readByte(HEALTH_WARNING) & BYTE_MASK,
                  (page.readShort(HEALTH_TEMPERATURE) & WORD_MASK) - ZERO_CELSIUS));
      case TYPE_NOTICE -> {
        if (information == NOTICE_NAMESPACE_CHANGED) {
          return true;
        }
        log.line(String.format("notice 0x%02x", information));
      }
      default -> log.line(String.format("event 0x%08x", event));
    }
    return false;
  }
}
