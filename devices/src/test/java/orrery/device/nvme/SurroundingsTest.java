package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static orrery.device.nvme.NvmeHost.DATA;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import orrery.device.storage.MappedFile;
import orrery.machine.fault.Fault;
import orrery.machine.fault.FaultPlan;
import orrery.machine.fault.FaultRule;

class SurroundingsTest {
  private static final int NOTICE = 2 | 4 << 16;
  private static final int SHRUNK = 1 << 20;

  /** Verify commands of these first blocks make things happen. */
  private static final int WARM = 1;

  private static final int COOL = 2;
  private static final int SHRINK = 3;
  private static final int GROW = 4;
  private static final int DETACH = 5;
  private static final int ATTACH = 6;

  private final NvmeHost host =
      NvmeHost.ready(
          on(WARM, Surroundings.TEMPERATURE, 0, 350),
          on(COOL, Surroundings.TEMPERATURE, 0, 300),
          on(SHRINK, Surroundings.CAPACITY, 2, SHRUNK),
          on(GROW, Surroundings.CAPACITY, 2, Long.MAX_VALUE),
          on(DETACH, Surroundings.DETACH, 2, 0),
          on(ATTACH, Surroundings.ATTACH, 2, 0));

  @AfterEach
  void close() {
    host.close();
  }

  private static FaultRule on(int block, int code, int unit, long value) {
    return FaultRule.always(new Fault.Event(code, unit, value))
        .operation(Engine.IO, Opcode.VERIFY)
        .range(block, block);
  }

  private void happens(int block) {
    assertEquals(0, host.io.run(host.blocks(Opcode.VERIFY, block, 1)).status());
  }

  private void request(int id) {
    host.admin.put(host.entry(Opcode.ASYNC_EVENT_REQUEST).id(id));
    host.admin.ring();
  }

  private static int code(int status) {
    return status & Status.CODE_MASK;
  }

  private NvmeHost.Completion changes() {
    host.fill(DATA, 4096, 0xff);
    NvmeHost.Completion read = host.log(4, 4096);
    assertEquals(0, read.status());
    return read;
  }

  @Test
  @Clause(value = "Base 5.2.2", demands = "changed namespaces are a notice that OAES names")
  void changesOfNamespacesAreNotices() {
    host.identify(1, 0);
    assertEquals(1 << 8, host.intAt(DATA + 92), "OAES");
    assertEquals(0, host.setFeature(0xb, 1 << 8).status());
    request(700);
    host.messages.clear();
    happens(SHRINK);
    assertEquals(List.of(0, 1), host.messages, "an interrupt of the admin queue, too");
    NvmeHost.Completion event = host.admin.take();
    assertEquals(700, event.command());
    assertEquals(NOTICE, event.result());
    request(701);
    happens(GROW);
    assertFalse(host.admin.hasCompletion(), "masked until the list is read");
    changes();
    happens(SHRINK);
    assertEquals(701, host.admin.take().command());
  }

  @Test
  void hostsThatDoNotWantNoticesGetNone() {
    request(700);
    happens(SHRINK);
    happens(DETACH);
    assertFalse(host.admin.hasCompletion());
    changes();
    assertEquals(2, host.intAt(DATA), "the list is kept all the same");
  }

  @Test
  @Clause(value = "Base 5.2.12.1.5", demands = "page 04h lists changed namespaces until it is read")
  void listsChangedNamespaces() {
    changes();
    assertEquals(0, host.intAt(DATA));
    happens(SHRINK);
    happens(DETACH);
    assertEquals(0, host.log(4 | 1 << 15, 4096).status());
    assertEquals(2, host.intAt(DATA), "retained");
    changes();
    assertEquals(2, host.intAt(DATA));
    assertEquals(0, host.intAt(DATA + 4), "once");
    changes();
    assertEquals(0, host.intAt(DATA));
    happens(DETACH);
    happens(SHRINK);
    changes();
    assertEquals(0, host.intAt(DATA), "nothing has changed");
  }

  @Test
  void anotherCapacityIsIdentifiedAndKept() {
    happens(SHRINK);
    assertEquals(0, host.identify(0, 2).status());
    assertEquals(SHRUNK / 512, host.longAt(DATA));
    NvmeHost.Entry behind = host.blocks(Opcode.READ, SHRUNK / 512, 1).namespace(2);
    assertEquals(code(Status.LBA_OUT_OF_RANGE), host.io.run(behind).code());
    assertEquals(0, host.io.run(host.blocks(Opcode.READ, SHRUNK / 512 - 1, 1).namespace(2)).code());
    happens(GROW);
    host.identify(0, 2);
    assertEquals(NvmeHost.DISK / 2 / 512, host.longAt(DATA), "not more than the medium");
  }

  /** A rescan asks for the list of namespaces: that is when the controller looks at its files. */
  @Test
  void imageThatHasGrownIsNoticedWhenTheHostAsks(@TempDir Path folder) throws IOException {
    Path image = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
    try (NvmeHost grown = new NvmeHost(FaultPlan.NONE, new MappedFile(image, false))) {
      grown.start();
      grown.identify(0, 1);
      assertEquals((1 << 20) / 512, grown.longAt(DATA));
      assertEquals(0, grown.setFeature(0xb, 1 << 8).status());
      grown.admin.put(grown.entry(Opcode.ASYNC_EVENT_REQUEST).id(700));
      grown.admin.ring();
      Files.write(image, new byte[3 << 20]);
      assertFalse(grown.admin.hasCompletion());
      grown.admin.put(grown.entry(Opcode.IDENTIFY).pages(DATA, 0).dword(10, 2));
      grown.admin.ring();
      NvmeHost.Completion event = grown.admin.take();
      assertEquals(700, event.command());
      assertEquals(NOTICE, event.result());
      assertEquals(0, grown.admin.take().status(), "the list itself");
      grown.identify(0, 1);
      assertEquals((3 << 20) / 512, grown.longAt(DATA));
      assertEquals(0, grown.io.run(grown.blocks(Opcode.READ, (3 << 20) / 512 - 1, 1)).status());
      grown.log(4, 4096);
      assertEquals(1, grown.intAt(DATA), "the list of those that have changed");
    }
  }

  @Test
  @Clause(value = "Base 3.2.1.4", demands = "an inactive NSID names no namespace but zeros")
  void detachedNamespacesAreInactive() {
    happens(DETACH);
    host.fill(DATA, 4096, 0xff);
    assertEquals(0, host.identify(2, 0).status());
    assertEquals(1, host.intAt(DATA));
    assertEquals(0, host.intAt(DATA + 4));
    for (int structure : new int[] {0, 8}) {
      host.fill(DATA, 4096, 0xff);
      assertEquals(0, host.identify(structure, 2).status());
      for (int i = 0; i < 4096; i += 8) {
        assertEquals(0, host.longAt(DATA + i));
      }
    }
    assertEquals(code(Status.INVALID_FIELD), host.identify(3, 2).code());
    assertEquals(
        code(Status.INVALID_FIELD),
        host.io.run(host.blocks(Opcode.READ, 0, 1).namespace(2)).code());
    assertEquals(
        code(Status.INVALID_FIELD), host.admin.run(host.entry(Opcode.FORMAT).namespace(2)).code());
    happens(ATTACH);
    assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 1).namespace(2)).code());
    host.identify(2, 1);
    assertEquals(2, host.intAt(DATA));
  }

  @Test
  void formattingEverythingSparesDetachedNamespaces() {
    host.fill(DATA, 512, 0x77);
    assertEquals(0, host.io.run(host.blocks(Opcode.WRITE, 0, 1).namespace(2)).code());
    happens(DETACH);
    assertEquals(0, host.admin.run(host.entry(Opcode.FORMAT).namespace(-1)).code());
    happens(ATTACH);
    host.fill(DATA, 512, 0);
    assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 1).namespace(2)).code());
    assertEquals(0x77, host.byteAt(DATA));
  }

  @Test
  @Clause(value = "Base 5.2.26.1.3", demands = "a drive that warms up crosses its threshold")
  void warmingUpIsAnEvent() {
    assertEquals(0, host.setFeature(0xb, 2).status());
    request(700);
    happens(COOL);
    assertFalse(host.admin.hasCompletion());
    happens(WARM);
    assertEquals(1 | 1 << 8 | 2 << 16, host.admin.take().result());
    assertEquals(0, host.log(2, 512).status());
    assertEquals(2, host.byteAt(DATA) & 2, "a critical warning");
    assertEquals(350, host.shortAt(DATA + 1));
    happens(COOL);
    assertEquals(0, host.log(2, 512).status());
    assertEquals(0, host.byteAt(DATA));
    assertEquals(300, host.shortAt(DATA + 1));
  }

  @Test
  void aControllerResetForgetsTheListAndNotTheChange() {
    happens(SHRINK);
    host.write(RegisterMap.CC, NvmeHost.CC_STANDARD);
    host.start();
    changes();
    assertEquals(0, host.intAt(DATA));
    host.identify(0, 2);
    assertEquals(SHRUNK / 512, host.longAt(DATA));
  }
}
