package orrery.device.nvme;

import java.util.function.LongSupplier;

/** Get Log Page (Base, section 5.2.12) and the pages themselves. */
final class LogPages {
  static final int SUPPORTED_PAGES = 0x00;
  static final int ERRORS = 0x01;
  static final int HEALTH = 0x02;
  static final int FIRMWARE_SLOTS = 0x03;
  static final int CHANGED_NAMESPACES = 0x04;
  static final int COMMAND_EFFECTS = 0x05;
  static final int FEATURE_EFFECTS = 0x12;

  private static final int[] ALL = {
    SUPPORTED_PAGES,
    ERRORS,
    HEALTH,
    FIRMWARE_SLOTS,
    CHANGED_NAMESPACES,
    COMMAND_EFFECTS,
    FEATURE_EFFECTS
  };

  // Command dwords.
  private static final int ID_MASK = 0xff;
  private static final int RETAIN_EVENT = 1 << 15;
  private static final int SPECIFIC_SHIFT = 8;
  private static final int SPECIFIC_MASK = 0x7f;
  private static final int OFFSET_IS_INDEX = 1 << 23;
  private static final int SET_SHIFT = 24;
  private static final int WORD_MASK = 0xffff;

  private static final int PAGE_SUPPORTED = 1;
  private static final int SHORT_PAGE = 512;
  private static final int LIST_PAGE = 1024;
  private static final int EFFECTS_PAGE = 4096;
  private static final int IO_EFFECTS = 1024;
  private static final int NVM_SET = 0;
  private static final int CHANGED_PAGE = 4096;

  // SMART (Base, section 5.2.12.1.3).
  private static final int SPARE = 100;
  private static final int SPARE_THRESHOLD = 10;

  private final NvmeState state;
  private final Health health;
  private final ErrorLog errors;
  private final AsyncEvents events;
  private final Features features;
  private final CommandTable admin;
  private final CommandTable nvm;
  private final Reply reply;
  private final LongSupplier poweredNanos;

  /** Where the pages come from. */
  record Sources(
      NvmeState state,
      Health health,
      ErrorLog errors,
      AsyncEvents events,
      Features features,
      CommandTable admin,
      CommandTable nvm,
      Reply reply,
      LongSupplier poweredNanos) {}

  LogPages(Sources sources) {
    state = sources.state;
    health = sources.health;
    errors = sources.errors;
    events = sources.events;
    features = sources.features;
    admin = sources.admin;
    nvm = sources.nvm;
    reply = sources.reply;
    poweredNanos = sources.poweredNanos;
  }

  void addTo(CommandTable table) {
    table.add(Opcode.GET_LOG_PAGE, 0, CommandTable.Scope.OWN, this::get);
  }

  private int get(Request request) {
    int control = request.dword(Request.AT_10);
    int page = control & ID_MASK;
    byte[] bytes = page(page, request.dword(Request.AT_14) >>> SET_SHIFT);
    if (bytes == null) {
      return request.wrong(Status.LOG_PAGE_INVALID, Request.AT_10);
    }
    int namespace = request.namespaceId();
    if (namespace != 0 && namespace != Request.BROADCAST) {
      return request.invalid(Request.AT_NAMESPACE); // no page is one namespace's
    }
    if ((control >>> SPECIFIC_SHIFT & SPECIFIC_MASK) != 0) {
      return request.invalid(Request.AT_10);
    }
    if ((request.dword(Request.AT_14) & OFFSET_IS_INDEX) != 0) {
      return request.invalid(Request.AT_14);
    }
    long dwords =
        (control >>> Short.SIZE | (long) (request.dword(Request.AT_11) & WORD_MASK) << Short.SIZE)
            + 1;
    long offset = request.quadword(Request.AT_12);
    if ((offset & Integer.BYTES - 1) != 0 || offset < 0 || offset > bytes.length) {
      return request.invalid(Request.AT_12);
    }
    int length = (int) Math.min(dwords * Integer.BYTES, bytes.length - offset);
    int status = reply.send(request, bytes, (int) offset, length);
    if (status == Status.SUCCESS && (control & RETAIN_EVENT) == 0) {
      acknowledge(page);
    }
    return status;
  }

  private void acknowledge(int page) {
    if (page == ERRORS) {
      events.acknowledge(AsyncEvents.TYPE_ERROR);
    } else if (page == HEALTH) {
      events.acknowledge(AsyncEvents.TYPE_HEALTH);
    } else if (page == CHANGED_NAMESPACES) {
      state.changedCount = 0;
      events.acknowledge(AsyncEvents.TYPE_NOTICE);
    }
    events.deliver();
  }

  /** Null for a page that there is not. */
  private byte[] page(int id, int commandSet) {
    return switch (id) {
      case SUPPORTED_PAGES -> supportedPages();
      case ERRORS -> errors.page();
      case HEALTH -> health();
      case FIRMWARE_SLOTS ->
          new Page(SHORT_PAGE).put8(0, 1).putText(8, 8, IdentifyController.FIRMWARE).bytes();
      case CHANGED_NAMESPACES -> changedNamespaces();
      case COMMAND_EFFECTS -> commandEffects(commandSet);
      case FEATURE_EFFECTS -> features.effects(new Page(LIST_PAGE)).bytes();
      default -> null;
    };
  }

  private static byte[] supportedPages() {
    Page page = new Page(LIST_PAGE);
    for (int id : ALL) {
      page.put32(id * Integer.BYTES, PAGE_SUPPORTED);
    }
    return page.bytes();
  }

  /** Changed Attached Namespace List (Base, section 5.2.12.1.5). */
  private byte[] changedNamespaces() {
    Page page = new Page(CHANGED_PAGE);
    if (state.changedCount > CHANGED_PAGE / Integer.BYTES) {
      return page.put32(0, Request.BROADCAST).bytes();
    }
    for (int i = 0; i < state.changedCount; i++) {
      page.put32(i * Integer.BYTES, state.changed[i]);
    }
    return page.bytes();
  }

  /**
   * Commands Supported and Effects (Base, section 5.2.12.1.6). Of command sets that there are not
   * it has the admin commands alone: that is what programs expect who ask for each set they know.
   */
  private byte[] commandEffects(int commandSet) {
    Page page = new Page(EFFECTS_PAGE);
    for (int opcode = 0; opcode < 256; opcode++) {
      page.put32(opcode * Integer.BYTES, admin.effects(opcode));
      page.put32(
          IO_EFFECTS + opcode * Integer.BYTES, commandSet == NVM_SET ? nvm.effects(opcode) : 0);
    }
    return page.bytes();
  }

  private byte[] health() {
    return new Page(SHORT_PAGE)
        .put8(0, health.warnings(state.features))
        .put16(1, health.temperature)
        .put8(3, SPARE)
        .put8(4, SPARE_THRESHOLD)
        .put64(32, health.dataUnitsRead())
        .put64(48, health.dataUnitsWritten())
        .put64(64, health.readCommands)
        .put64(80, health.writeCommands)
        .put64(96, health.busyMinutes())
        .put64(112, health.powerCycles)
        .put64(128, health.poweredHours(poweredNanos.getAsLong()))
        .put64(144, health.unsafeShutdowns)
        .put64(160, health.mediaErrors)
        .put64(176, health.errorEntries)
        .bytes();
  }
}
