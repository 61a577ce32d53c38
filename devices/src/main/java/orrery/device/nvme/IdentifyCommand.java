package orrery.device.nvme;

/** Identify (Base, section 5.2.13; NVM, Identify data structures). */
final class IdentifyCommand {
  // Controller or Namespace Structure values.
  private static final int NAMESPACE = 0x00;
  private static final int CONTROLLER = 0x01;
  private static final int ACTIVE_LIST = 0x02;
  private static final int DESCRIPTORS = 0x03;
  private static final int SET_NAMESPACE = 0x05;
  private static final int SET_CONTROLLER = 0x06;
  private static final int SET_ACTIVE_LIST = 0x07;
  private static final int INDEPENDENT_NAMESPACE = 0x08;
  private static final int COMMAND_SETS = 0x1c;

  private static final int STRUCTURE_MASK = 0xff;
  private static final int SET_SHIFT = 24;
  private static final int SET_NVM = 0;
  private static final int SIZE = 4096;
  private static final int MAX_LIST = SIZE / Integer.BYTES;

  /** An active list starts after an NSID below this. */
  private static final int LAST_START = 0xffff_fffd;

  private static final int NOT_THIS_CONTROLLER = 0xffff;

  // Identify Namespace.
  private static final int DEALLOCATED_READ_ZERO = 1;
  private static final int ZEROES_MAY_DEALLOCATE = 1 << 3;
  private static final int WRITE_PROTECTED = 1;
  private static final int FORMATS = 128;
  private static final int FORMAT_SHIFT_AT = 16;

  // Namespace identification descriptors.
  private static final int TYPE_EUI64 = 1;
  private static final int TYPE_UUID = 3;
  private static final int TYPE_SET = 4;

  private final String serial;
  private final Namespace[] namespaces;
  private final Reply reply;
  private final Surroundings surroundings;
  private final byte[] nothing = new byte[SIZE];

  IdentifyCommand(String serial, Namespace[] namespaces, Reply reply, Surroundings surroundings) {
    this.surroundings = surroundings;
    this.serial = serial;
    this.namespaces = namespaces;
    this.reply = reply;
  }

  void addTo(CommandTable table) {
    table.add(Opcode.IDENTIFY, 0, CommandTable.Scope.OWN, this::identify);
  }

  private int identify(Request request) {
    int structure = request.dword(Request.AT_10) & STRUCTURE_MASK;
    if (structure == NAMESPACE || structure == ACTIVE_LIST || structure == SET_ACTIVE_LIST) {
      surroundings.lookForGrowth(); // a host that asks is about to believe the answer
    }
    boolean nvm = request.dword(Request.AT_11) >>> SET_SHIFT == SET_NVM;
    return switch (structure) {
      case NAMESPACE -> namespace(request, true);
      case CONTROLLER -> reply.send(request, IdentifyController.page(serial, namespaces));
      case ACTIVE_LIST -> activeList(request);
      case DESCRIPTORS -> namespace(request, false);
      case SET_NAMESPACE -> nvm ? setNamespace(request) : request.invalid(Request.AT_11);
      case SET_CONTROLLER -> nvm ? setController(request) : request.invalid(Request.AT_11);
      case SET_ACTIVE_LIST -> nvm ? activeList(request) : request.invalid(Request.AT_11);
      case INDEPENDENT_NAMESPACE -> independent(request);
      case COMMAND_SETS -> commandSets(request);
      default -> request.invalid(Request.AT_10);
    };
  }

  private Namespace find(Request request) {
    int id = request.namespaceId();
    return id > 0 && id <= namespaces.length ? namespaces[id - 1] : null;
  }

  private int namespace(Request request, boolean structure) {
    Namespace namespace = find(request);
    if (namespace == null) {
      boolean common = structure && request.namespaceId() == Request.BROADCAST;
      return common
          ? reply.send(request, commonCapabilities())
          : request.wrong(Status.INVALID_NAMESPACE, Request.AT_NAMESPACE);
    }
    if (structure) {
      return reply.send(request, namespace.attached ? page(namespace) : nothing);
    }
    return namespace.attached
        ? reply.send(request, descriptors(namespace))
        : request.invalid(Request.AT_NAMESPACE);
  }

  private static Page formats() {
    Page page = new Page(SIZE);
    page.put8(25, Namespace.FORMATS.length - 1);
    for (int i = 0; i < Namespace.FORMATS.length; i++) {
      Namespace.LbaFormat format = Namespace.FORMATS[i];
      page.put32(
          FORMATS + i * Integer.BYTES, format.shift() << FORMAT_SHIFT_AT | format.metadata());
    }
    return page;
  }

  private static byte[] commonCapabilities() {
    return formats().bytes();
  }

  private byte[] page(Namespace namespace) {
    long blocks = namespace.blocks();
    int copyBlocks = RangeCommands.COPY_BYTES >>> namespace.blockShift();
    return formats()
        .put64(0, blocks)
        .put64(8, blocks)
        .put64(16, blocks)
        .put8(26, namespace.format())
        .put8(33, DEALLOCATED_READ_ZERO | ZEROES_MAY_DEALLOCATE)
        .put64(48, blocks << namespace.blockShift())
        .put16(74, copyBlocks)
        .put32(76, copyBlocks)
        .put8(80, RangeCommands.COPY_RANGES - 1)
        .put8(99, namespace.medium.isReadOnly() ? WRITE_PROTECTED : 0)
        .putBytes(120, Names.eui64(serial, namespace.id))
        .bytes();
  }

  private byte[] descriptors(Namespace namespace) {
    Page page = new Page(SIZE);
    int at = descriptor(page, 0, TYPE_EUI64, Names.eui64(serial, namespace.id));
    at = descriptor(page, at, TYPE_UUID, Names.uuidBytes(serial, namespace.id));
    descriptor(page, at, TYPE_SET, new byte[] {SET_NVM});
    return page.bytes();
  }

  private static int descriptor(Page page, int at, int type, byte[] value) {
    page.put8(at, type).put8(at + 1, value.length).putBytes(at + 4, value);
    return at + 4 + value.length;
  }

  private int activeList(Request request) {
    int after = request.namespaceId();
    if (Integer.compareUnsigned(after, LAST_START) > 0) {
      return request.wrong(Status.INVALID_NAMESPACE, Request.AT_NAMESPACE);
    }
    Page page = new Page(SIZE);
    int count = 0;
    for (Namespace namespace : namespaces) {
      if (namespace.attached
          && Integer.compareUnsigned(namespace.id, after) > 0
          && count < MAX_LIST) {
        page.put32(count * Integer.BYTES, namespace.id);
        count++;
      }
    }
    return reply.send(request, page.bytes());
  }

  /** No protection information, so nothing to say about it. */
  private int setNamespace(Request request) {
    return find(request) == null
        ? request.wrong(Status.INVALID_NAMESPACE, Request.AT_NAMESPACE)
        : reply.send(request, nothing);
  }

  private int setController(Request request) {
    return reply.send(request, new Page(SIZE).put32(4, RangeCommands.MAX_DISCARD).bytes());
  }

  private int independent(Request request) {
    Namespace namespace = find(request);
    if (namespace == null) {
      return request.wrong(Status.INVALID_NAMESPACE, Request.AT_NAMESPACE);
    }
    if (!namespace.attached) {
      return reply.send(request, nothing);
    }
    return reply.send(
        request,
        new Page(SIZE)
            .put8(8, namespace.medium.isReadOnly() ? WRITE_PROTECTED : 0)
            .put8(14, 1) // NSTAT: ready
            .bytes());
  }

  /** One combination: the NVM command set. */
  private int commandSets(Request request) {
    int controller = request.dword(Request.AT_10) >>> Short.SIZE;
    if (controller != 0 && controller != NOT_THIS_CONTROLLER) {
      return request.invalid(Request.AT_10);
    }
    return reply.send(request, new Page(SIZE).put64(0, 1).bytes());
  }
}
