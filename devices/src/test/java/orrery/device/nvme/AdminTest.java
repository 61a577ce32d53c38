package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.nvme.NvmeHost.DATA;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminTest {
  private final NvmeHost host = NvmeHost.ready();

  @AfterEach
  void close() {
    host.close();
  }

  private static int code(int status) {
    return status & Status.CODE_MASK;
  }

  private NvmeHost.Entry identify(int structure) {
    return host.entry(Opcode.IDENTIFY).pages(DATA, 0).dword(10, structure);
  }

  @Test
  @Clause(value = "Base 5.2.13.2.1", demands = "Identify Controller (CNS 01h) is consistent")
  void identifiesTheController() {
    assertEquals(0, host.identify(1, 0).status());
    assertEquals("TEST-1", host.text(DATA + 4, 20));
    assertEquals(IdentifyController.MODEL, host.text(DATA + 24, 40));
    assertEquals(host.read(RegisterMap.VS), host.intAt(DATA + 80));
    assertEquals(1, host.byteAt(DATA + 111), "I/O controller");
    assertEquals(2, host.intAt(DATA + 516), "NN");
    assertEquals(0x66, host.byteAt(DATA + 512));
    assertEquals(0x44, host.byteAt(DATA + 513));
    assertTrue(host.text(DATA + 768, 256).startsWith("nqn.2014-08.org.nvmexpress:uuid:"));
    assertEquals(Transfer.MAX_BYTES, 4096 << host.byteAt(DATA + 77));
  }

  @Test
  @Clause(
      value = "NVM: Identify Namespace data structure",
      demands = "Identify Namespace (CNS 00h) names size and formats")
  void identifiesNamespaces() {
    assertEquals(0, host.identify(0, 2).status());
    assertEquals(NvmeHost.DISK / 2 / 512, host.longAt(DATA));
    assertEquals(1, host.byteAt(DATA + 25), "NLBAF");
    assertEquals(9, host.byteAt(DATA + 128 + 2));
    assertEquals(12, host.byteAt(DATA + 132 + 2));
    assertEquals(0, host.identify(0, -1).status());
    assertEquals(0, host.longAt(DATA));
    assertEquals(code(Status.INVALID_NAMESPACE), host.identify(0, 0).code());
    assertEquals(code(Status.INVALID_NAMESPACE), host.identify(0, 3).code());
  }

  @Test
  @Clause(value = "Base 5.2.13.2.2", demands = "Active Namespace ID list (CNS 02h) ascends")
  void listsActiveNamespaces() {
    assertEquals(0, host.identify(2, 0).status());
    assertEquals(1, host.intAt(DATA));
    assertEquals(2, host.intAt(DATA + 4));
    assertEquals(0, host.intAt(DATA + 8));
    assertEquals(0, host.identify(2, 1).status());
    assertEquals(2, host.intAt(DATA));
    assertEquals(code(Status.INVALID_NAMESPACE), host.identify(2, -1).code());
    assertEquals(code(Status.INVALID_NAMESPACE), host.identify(2, -2).code());
  }

  @Test
  @Clause(value = "Base 5.2.13.2.3", demands = "Identification Descriptors (CNS 03h) are unique")
  void describesNamespaces() {
    assertEquals(0, host.identify(3, 1).status());
    assertEquals(0x0801, host.shortAt(DATA));
    long first = host.longAt(DATA + 4);
    assertEquals(0x1003, host.shortAt(DATA + 12));
    assertEquals(0x0104, host.shortAt(DATA + 32));
    assertEquals(0, host.byteAt(DATA + 36));
    assertEquals(0, host.identify(3, 2).status());
    assertNotEquals(first, host.longAt(DATA + 4));
  }

  @Test
  @Clause(value = "Base 5.2.13.2.5", demands = "CNS 05h, 06h answer for the NVM command set only")
  void identifiesForTheCommandSet() {
    assertEquals(0, host.admin.run(identify(5).namespace(1)).status());
    assertEquals(0, host.admin.run(identify(6)).status());
    assertEquals(RangeCommands.MAX_DISCARD, host.intAt(DATA + 4));
    assertEquals(0, host.admin.run(identify(7)).status());
    for (int structure = 5; structure <= 7; structure++) {
      int status = host.admin.run(identify(structure).namespace(1).dword(11, 2 << 24)).code();
      assertEquals(code(Status.INVALID_FIELD), status);
    }
  }

  @Test
  @Clause(value = "Base 5.2.13.2.8", demands = "CNS 08h says that a namespace is ready")
  void identifiesIndependently() {
    assertEquals(0, host.identify(8, 1).status());
    assertEquals(1, host.byteAt(DATA + 14));
    assertEquals(code(Status.INVALID_NAMESPACE), host.identify(8, 9).code());
  }

  @Test
  @Clause(value = "Base 5.2.13.2.19", demands = "CNS 1Ch lists the I/O command set combinations")
  void listsCommandSets() {
    assertEquals(0, host.admin.run(identify(0x1c | 0xffff << 16)).status());
    assertEquals(1, host.longAt(DATA));
    assertEquals(0, host.longAt(DATA + 8));
    assertEquals(code(Status.INVALID_FIELD), host.admin.run(identify(0x1c | 7 << 16)).code());
  }

  @Test
  @Clause(value = "Base 5.2.13", demands = "structures that are not there are Invalid Field")
  void unknownStructuresAreRefused() {
    for (int structure : new int[] {4, 9, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0xff}) {
      assertEquals(code(Status.INVALID_FIELD), host.identify(structure, 1).code());
    }
  }

  @Test
  @Clause(value = "Base 5.2.12.1.1", demands = "page 00h names the pages there are, and no others")
  void listsLogPages() {
    assertEquals(0, host.log(0, 1024).status());
    boolean[] supported = new boolean[256];
    for (int id = 0; id < 256; id++) {
      supported[id] = (host.intAt(DATA + 4 * id) & 1) != 0;
    }
    for (int id = 0; id < 256; id++) {
      int status = host.log(id, 64).code();
      assertEquals(supported[id] ? 0 : code(Status.LOG_PAGE_INVALID), status, "page " + id);
    }
    for (int id : new int[] {0, 1, 2, 3, 5, 0x12}) {
      assertTrue(supported[id], "mandatory page " + id);
    }
  }

  @Test
  @Clause(value = "Base 5.2.12.1.2", demands = "page 01h tells of failed commands, newest first")
  void logsErrors() {
    NvmeHost.Entry wrong = host.blocks(Opcode.READ, 1 << 20, 1);
    int status = host.io.run(wrong).status();
    assertTrue((status & Status.MORE) != 0);
    NvmeHost.Entry unknown = host.entry(0xff);
    host.admin.run(unknown);
    assertEquals(0, host.log(1, 128).status());
    assertEquals(2, host.longAt(DATA));
    assertEquals(0, host.shortAt(DATA + 8));
    assertEquals(unknown.id(), host.shortAt(DATA + 10));
    assertEquals(Status.INVALID_OPCODE, host.shortAt(DATA + 12) >>> 1);
    assertEquals(0, host.shortAt(DATA + 14), "opcode is byte 0");
    assertEquals(0xff, host.byteAt(DATA + 31));
    assertEquals(1, host.longAt(DATA + 64));
    assertEquals(1, host.shortAt(DATA + 72));
    assertEquals(wrong.id(), host.shortAt(DATA + 74));
    assertEquals(40, host.shortAt(DATA + 78));
    assertEquals(1 << 20, host.longAt(DATA + 80));
    assertEquals(1, host.intAt(DATA + 88));
    assertEquals(0, host.log(2, 512).status());
    assertEquals(2, host.longAt(DATA + 176), "counted in the health log");
  }

  @Test
  @Clause(value = "Base 5.2.12.1.3", demands = "page 02h counts commands and data units")
  void logsHealth() {
    for (int i = 0; i < 130; i++) {
      assertEquals(0, host.io.run(host.blocks(Opcode.WRITE, 0, 8)).status());
    }
    assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 8)).status());
    assertEquals(0, host.log(2, 512).status());
    assertEquals(303, host.shortAt(DATA + 1));
    assertEquals(1, host.longAt(DATA + 32));
    assertEquals(2, host.longAt(DATA + 48), "1040 blocks are two units");
    assertEquals(1, host.longAt(DATA + 64));
    assertEquals(130, host.longAt(DATA + 80));
    assertEquals(1, host.longAt(DATA + 112));
  }

  @Test
  @Clause(value = "Base 5.2.12.1.4", demands = "page 03h names the firmware that Identify names")
  void logsFirmware() {
    assertEquals(0, host.log(3, 512).status());
    assertEquals(1, host.byteAt(DATA));
    String firmware = host.text(DATA + 8, 8);
    host.identify(1, 0);
    assertEquals(host.text(DATA + 64, 8), firmware);
  }

  @Test
  @Clause(value = "Base 5.2.12.1.6", demands = "page 05h names the commands that are executed")
  void logsCommandEffects() {
    assertEquals(0, host.log(5, 4096).status());
    int[] admin = new int[256];
    int[] io = new int[256];
    for (int opcode = 0; opcode < 256; opcode++) {
      admin[opcode] = host.intAt(DATA + 4 * opcode);
      io[opcode] = host.intAt(DATA + 1024 + 4 * opcode);
    }
    for (int opcode = 0; opcode < 256; opcode++) {
      boolean refused =
          host.io.run(host.entry(opcode).namespace(99)).code() == code(Status.INVALID_OPCODE);
      assertEquals((io[opcode] & 1) == 0, refused, "I/O opcode " + opcode);
      if (opcode != Opcode.ASYNC_EVENT_REQUEST) {
        refused =
            host.admin.run(host.entry(opcode).namespace(99).dword(10, 0xffff)).code()
                == code(Status.INVALID_OPCODE);
        assertEquals((admin[opcode] & 1) == 0, refused, "admin opcode " + opcode);
      }
    }
    assertEquals(3, io[Opcode.WRITE]);
    assertEquals(1, io[Opcode.READ]);
  }

  @Test
  @Clause(
      value = "Base 5.2.12.1.6",
      demands = "a command set that there is not has no I/O commands",
      optional = true)
  void otherCommandSetsHaveNoCommands() {
    host.fill(DATA, 4096, 0xff);
    NvmeHost.Entry zoned =
        host.entry(Opcode.GET_LOG_PAGE)
            .namespace(-1)
            .pages(DATA, DATA + 4096)
            .dword(10, 5 | 1023 << 16)
            .dword(14, 2 << 24);
    assertEquals(0, host.admin.run(zoned).status());
    assertEquals(1, host.intAt(DATA + 4 * Opcode.IDENTIFY) & 1);
    for (int opcode = 0; opcode < 256; opcode++) {
      assertEquals(0, host.intAt(DATA + 1024 + 4 * opcode));
    }
  }

  @Test
  @Clause(value = "Base 5.2.12.1.18", demands = "page 12h names the features that can be got")
  void logsFeatures() {
    assertEquals(0, host.log(0x12, 1024).status());
    int[] effects = new int[256];
    for (int id = 0; id < 256; id++) {
      effects[id] = host.intAt(DATA + 4 * id);
    }
    for (int id = 0; id < 256; id++) {
      int status =
          host.admin
              .run(host.entry(Opcode.GET_FEATURES).namespace(1).pages(DATA, 0).dword(10, id))
              .code();
      assertEquals((effects[id] & 1) != 0 ? 0 : code(Status.INVALID_FIELD), status, "id " + id);
    }
    for (int id : new int[] {1, 2, 4, 5, 7, 8, 9, 0xa, 0xb}) {
      assertTrue((effects[id] & 1) != 0, "mandatory feature " + id);
    }
  }

  @Test
  @Clause(value = "Base 5.2.12", demands = "offsets reach into a page and not beyond it")
  void readsPartsOfPages() {
    host.fill(DATA, 64, 0xee);
    NvmeHost.Entry part = host.entry(Opcode.GET_LOG_PAGE).namespace(-1).pages(DATA, 0);
    part.dword(10, 3 | 1 << 16).dword(12, 8);
    assertEquals(0, host.admin.run(part).status());
    assertEquals(IdentifyController.FIRMWARE, host.text(DATA, 8));
    assertEquals(0xee, host.byteAt(DATA + 8));
    for (int offset : new int[] {2, 513, 516, -4}) {
      part = host.entry(Opcode.GET_LOG_PAGE).namespace(-1).pages(DATA, 0);
      part.dword(10, 3 | 1 << 16).dword(12, offset);
      assertEquals(code(Status.INVALID_FIELD), host.admin.run(part).code());
    }
  }

  @Test
  @Clause(value = "Base 5.2.12", demands = "no page is a namespace's where LPA does not say so")
  void pagesAreTheControllers() {
    NvmeHost.Entry entry = host.entry(Opcode.GET_LOG_PAGE).namespace(1).pages(DATA, 0);
    assertEquals(code(Status.INVALID_FIELD), host.admin.run(entry.dword(10, 2)).code());
  }

  @Test
  @Clause(value = "Base 5.2.26", demands = "features keep what is set until a reset")
  void featuresKeepTheirValues() {
    int[][] values = {
      {Features.ARBITRATION, 3},
      {Features.POWER_MANAGEMENT, 4},
      {Features.WRITE_CACHE, 0},
      {Features.INTERRUPT_COALESCING, 0x0203},
      {Features.WRITE_ATOMICITY, 1},
      {Features.ASYNC_EVENTS, 0x1f},
      {Features.TEMPERATURE_THRESHOLD, 400}
    };
    for (int[] pair : values) {
      int before = host.getFeature(pair[0], 0).result();
      assertNotEquals(before, pair[1]);
      assertEquals(0, host.setFeature(pair[0], pair[1]).status());
      assertEquals(pair[1], host.getFeature(pair[0], 0).result());
      assertEquals(before, host.getFeature(pair[0] | 1 << 8, 0).result(), "default");
      assertEquals(before, host.getFeature(pair[0] | 2 << 8, 0).result(), "saved");
      assertEquals(4, host.getFeature(pair[0] | 3 << 8, 0).result(), "changeable");
    }
    host.write(RegisterMap.CC, NvmeHost.CC_STANDARD);
    host.enable();
    for (int[] pair : values) {
      assertNotEquals(pair[1], host.getFeature(pair[0], 0).result());
    }
  }

  @Test
  @Clause(value = "Base 5.2.26", demands = "what cannot be set, saved or scoped is refused so")
  void featuresRefuseNonsense() {
    assertEquals(code(Status.INVALID_FIELD), host.setFeature(0x0d, 0).code());
    assertEquals(code(Status.NOT_SAVEABLE), host.setFeature(1 | 1 << 31, 0).code());
    assertEquals(code(Status.INVALID_FIELD), host.setFeature(2, 5).code());
    assertEquals(code(Status.INVALID_FIELD), host.setFeature(9, 65).code());
    assertEquals(code(Status.INVALID_FIELD), host.setFeature(0xb, 1 << 9).code());
    assertEquals(code(Status.INVALID_FIELD), host.setFeature(4, 1 << 16).code());
    assertEquals(code(Status.COMMAND_SET_REJECTED), host.setFeature(0x19, 1).code());
    NvmeHost.Entry scoped = host.entry(Opcode.SET_FEATURES).namespace(1).dword(10, 6);
    assertEquals(code(Status.NOT_NAMESPACE_SPECIFIC), host.admin.run(scoped).code());
    assertEquals(code(Status.INVALID_FIELD), host.getFeature(1 | 4 << 8, 0).code());
  }

  @Test
  @Clause(value = "NVM: Error Recovery feature", demands = "Error Recovery is each namespace's own")
  void errorRecoveryIsPerNamespace() {
    NvmeHost.Entry set = host.entry(Opcode.SET_FEATURES).namespace(2).dword(10, 5).dword(11, 70);
    assertEquals(0, host.admin.run(set).status());
    NvmeHost.Entry get = host.entry(Opcode.GET_FEATURES).namespace(2).dword(10, 5);
    assertEquals(70, host.admin.run(get).result());
    get = host.entry(Opcode.GET_FEATURES).namespace(1).dword(10, 5);
    assertEquals(0, host.admin.run(get).result());
    get = host.entry(Opcode.GET_FEATURES).namespace(-1).dword(10, 5);
    assertEquals(code(Status.INVALID_NAMESPACE), host.admin.run(get).code());
    set = host.entry(Opcode.SET_FEATURES).namespace(1).dword(10, 5).dword(11, 1 << 16);
    assertEquals(code(Status.INVALID_FIELD), host.admin.run(set).code());
  }

  @Test
  @Clause(value = "Base 5.2.26.2.1", demands = "Number of Queues is granted once, before queues")
  void queuesAreNegotiated() {
    assertEquals(code(Status.COMMAND_SEQUENCE), host.setFeature(7, 0x3_0003).code());
    host.write(RegisterMap.CC, NvmeHost.CC_STANDARD);
    host.enable();
    assertEquals(0x3f_003f, host.setFeature(7, 0xfffe_fffe).result());
    assertEquals(0x3_0001, host.setFeature(7, 0x3_0001).result());
    assertEquals(0x3_0001, host.getFeature(7, 0).result());
    assertEquals(code(Status.INVALID_FIELD), host.setFeature(7, 0xffff).code());
    host.createQueue(2, 8, 2);
  }

  @Test
  @Clause(value = "Base 5.2.26.1.7", demands = "Timestamp runs on", optional = true)
  void timestampRuns() {
    host.set64(DATA, 1_700_000_000_000L);
    assertEquals(0, host.setFeature(0xe, 0).status());
    host.now += 5_000_000_000L;
    assertEquals(0, host.getFeature(0xe, 0).status());
    assertEquals(1_700_000_005_000L, host.longAt(DATA) & 0xffff_ffff_ffffL);
    assertEquals(2, host.byteAt(DATA + 6), "set by the host");
  }

  @Test
  @Clause(
      value = "Base 5.2.26.1.6",
      demands = "APST targets non-operational states",
      optional = true)
  void autonomousPowerStates() {
    host.fill(DATA, 256, 0);
    host.set32(DATA, 3 << 3 | 100 << 8);
    assertEquals(0, host.setFeature(0xc, 1).status());
    host.fill(DATA, 256, 0);
    assertEquals(1, host.getFeature(0xc, 0).result());
    assertEquals(3 << 3 | 100 << 8, host.intAt(DATA));
    host.set32(DATA, 1 << 3 | 100 << 8);
    assertEquals(code(Status.INVALID_FIELD), host.setFeature(0xc, 1).code());
  }

  @Test
  @Clause(
      value = "Base 5.2.26.1.32",
      demands = "Host Identifier of 64 and 128 bits",
      optional = true)
  void hostIdentifier() {
    host.set64(DATA, 0x1122334455667788L);
    host.set64(DATA + 8, 0x99aabbccddeeff00L);
    assertEquals(0, host.setFeature(0x81, 1).status());
    host.fill(DATA, 16, 0);
    assertEquals(0, host.getFeature(0x81, 1).status());
    assertEquals(0x1122334455667788L, host.longAt(DATA));
    assertEquals(0x99aabbccddeeff00L, host.longAt(DATA + 8));
  }

  @Test
  @Clause(value = "Base 5.2.26.1.14", demands = "Host Behavior Support is kept", optional = true)
  void hostBehavior() {
    host.fill(DATA, 512, 0);
    host.fill(DATA, 1, 1);
    assertEquals(0, host.setFeature(0x16, 0).status());
    host.fill(DATA, 512, 0);
    assertEquals(0, host.getFeature(0x16, 0).status());
    assertEquals(1, host.byteAt(DATA));
    host.fill(DATA, 1, 2);
    assertEquals(code(Status.INVALID_FIELD), host.setFeature(0x16, 0).code());
  }

  @Test
  @Clause(value = "Base 5.2.2", demands = "an event completes a request, once until it is read")
  void reportsEvents() {
    host.admin.put(host.entry(Opcode.ASYNC_EVENT_REQUEST).id(500));
    host.admin.put(host.entry(Opcode.ASYNC_EVENT_REQUEST).id(501));
    host.admin.ring();
    assertFalse(host.admin.hasCompletion());
    host.write(RegisterMap.DOORBELLS + 8 * 9, 0);
    NvmeHost.Completion event = host.admin.take();
    assertEquals(500, event.command());
    assertEquals(1 << 16, event.result(), "error, invalid doorbell, page 01h");
    host.write(RegisterMap.DOORBELLS + 8 * 9, 0);
    assertFalse(host.admin.hasCompletion(), "masked until the page is read");
    assertEquals(0, host.log(1 | 1 << 15, 64).status());
    host.write(RegisterMap.DOORBELLS + 8, 9999);
    assertFalse(host.admin.hasCompletion(), "the event was retained");
    assertEquals(0, host.log(1, 64).status());
    host.write(RegisterMap.DOORBELLS + 8, 9999);
    event = host.admin.take();
    assertEquals(501, event.command());
    assertEquals(1 << 16 | 1 << 8, event.result(), "invalid doorbell value");
  }

  @Test
  @Clause(value = "Base 5.2.2", demands = "more requests than AERL + 1 are refused")
  void limitsEventRequests() {
    for (int i = 0; i <= AsyncEvents.REQUESTS; i++) {
      host.admin.put(host.entry(Opcode.ASYNC_EVENT_REQUEST));
    }
    host.admin.ring();
    assertEquals(code(Status.EVENT_LIMIT), host.admin.take().code());
    assertFalse(host.admin.hasCompletion());
  }

  @Test
  @Clause(value = "Base 5.2.26.1.3", demands = "a crossed temperature threshold is an event")
  void reportsTemperature() {
    host.admin.put(host.entry(Opcode.ASYNC_EVENT_REQUEST));
    host.admin.ring();
    assertEquals(0, host.setFeature(0xb, 2).status());
    host.admin.put(host.entry(Opcode.SET_FEATURES).dword(10, 4).dword(11, 300));
    host.admin.ring();
    NvmeHost.Completion first = host.admin.take();
    NvmeHost.Completion second = host.admin.take();
    int event = first.result() != 0 ? first.result() : second.result();
    assertEquals(1 | 1 << 8 | 2 << 16, event);
    assertEquals(0, host.log(2, 512).status());
    assertEquals(2, host.byteAt(DATA) & 2);
  }

  @Test
  @Clause(value = "Base 5.2.1", demands = "Abort says whether it aborted")
  void abortsEventRequests() {
    host.admin.put(host.entry(Opcode.ASYNC_EVENT_REQUEST).id(77));
    host.admin.ring();
    host.admin.put(host.entry(Opcode.ABORT).dword(10, 77 << 16));
    host.admin.ring();
    NvmeHost.Completion aborted = host.admin.take();
    assertEquals(77, aborted.command());
    assertEquals(code(Status.ABORT_REQUESTED), aborted.code());
    assertEquals(0, host.admin.take().result());
    NvmeHost.Completion none = host.admin.run(host.entry(Opcode.ABORT).dword(10, 1 | 5 << 16));
    assertEquals(0, none.status());
    assertEquals(1, none.result());
  }

  @Test
  @Clause(value = "Base 5.2.10", demands = "Format changes the blocks and erases", optional = true)
  void formats() {
    host.fill(DATA, 512, 0x55);
    assertEquals(0, host.io.run(host.blocks(Opcode.WRITE, 0, 1)).status());
    NvmeHost.Entry format = host.entry(Opcode.FORMAT).namespace(1).dword(10, 1 | 1 << 9);
    assertEquals(0, host.admin.run(format).status());
    host.identify(0, 1);
    assertEquals(NvmeHost.DISK / 4096, host.longAt(DATA));
    assertEquals(1, host.byteAt(DATA + 26));
    assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 1)).status());
    assertEquals(0, host.byteAt(DATA));
    host.fill(DATA, 4096, 0x66);
    assertEquals(0, host.io.run(host.blocks(Opcode.WRITE, 3, 1)).status());
    assertEquals(0, host.io.run(host.blocks(Opcode.COMPARE, 3, 1)).status());
    long blocks = NvmeHost.DISK / 4096;
    assertEquals(
        code(Status.LBA_OUT_OF_RANGE), host.io.run(host.blocks(Opcode.READ, blocks, 1)).code());
    format = host.entry(Opcode.FORMAT).namespace(1).dword(10, 0);
    assertEquals(0, host.admin.run(format).status());
  }

  @Test
  @Clause(value = "Base 5.2.10", demands = "impossible formats are refused", optional = true)
  void formatRefusesNonsense() {
    int[][] wrong = {
      {2, Status.FORMAT_INVALID},
      {1 << 5, Status.FORMAT_INVALID},
      {2 << 9, Status.INVALID_FIELD}
    };
    for (int[] one : wrong) {
      NvmeHost.Entry format = host.entry(Opcode.FORMAT).namespace(1).dword(10, one[0]);
      assertEquals(code(one[1]), host.admin.run(format).code());
    }
    NvmeHost.Entry format = host.entry(Opcode.FORMAT).namespace(7);
    assertEquals(code(Status.INVALID_NAMESPACE), host.admin.run(format).code());
  }

  @Test
  @Clause(value = "Base 4.1.1", demands = "admin commands have PRPs only")
  void adminCommandsRefuseSgls() {
    assertEquals(code(Status.INVALID_FIELD), host.admin.run(identify(1).flags(1 << 6)).code());
  }
}
