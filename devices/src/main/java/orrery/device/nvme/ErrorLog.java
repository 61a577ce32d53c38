package orrery.device.nvme;

import java.util.Arrays;

/** The latest commands that failed (Base, section 5.2.12.1.2), newest first for the host. */
final class ErrorLog {
  /** Entries kept: ELPE + 1. */
  static final int ENTRIES = 64;

  static final int ENTRY_SIZE = 64;
  private static final int NO_COMMAND = 0xffff;
  private static final int BIT_NONE = 0xffff;
  private static final int LATEST_VERSION = 1;
  private static final int TRANSPORT_PCIE = 0;

  private final Health health;
  private final Page[] entries = new Page[ENTRIES];
  private int next;

  ErrorLog(Health health) {
    this.health = health;
  }

  /** A command failed with this status. */
  void failed(Request request, int status) {
    add(
        new Page(ENTRY_SIZE)
            .put16(8, request.queue.id)
            .put16(10, request.id())
            .put16(12, status << 1)
            .put16(14, request.wrongField < 0 ? BIT_NONE : request.wrongField)
            .put64(16, request.wrongBlock)
            .put32(24, request.namespaceId())
            .put8(28, 0)
            .put8(29, TRANSPORT_PCIE)
            .put8(31, request.opcode()));
  }

  /** Something failed that is no command, such as a doorbell of queue {@code queue}. */
  void failed(int queue, int status) {
    add(
        new Page(ENTRY_SIZE)
            .put16(8, queue)
            .put16(10, NO_COMMAND)
            .put16(12, status << 1)
            .put16(14, BIT_NONE));
  }

  private void add(Page entry) {
    health.errorEntries++;
    entries[next] = entry.put64(0, health.errorEntries).put8(63, LATEST_VERSION);
    next = (next + 1) % ENTRIES;
  }

  /** Entries do not survive a power cycle; their count does. */
  void clear() {
    Arrays.fill(entries, null);
    next = 0;
  }

  byte[] page() {
    Page page = new Page(ENTRIES * ENTRY_SIZE);
    for (int i = 0; i < ENTRIES; i++) {
      Page entry = entries[Math.floorMod(next - 1 - i, ENTRIES)];
      if (entry != null) {
        page.putBytes(i * ENTRY_SIZE, entry.bytes());
      }
    }
    return page.bytes();
  }
}
