package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.nvme.NvmeHost.DATA;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import orrery.device.storage.Medium;
import orrery.device.storage.SparseMemory;
import orrery.device.storage.VolatileCache;
import orrery.machine.dma.DmaGuard;
import orrery.machine.dma.DmaWindows;
import orrery.machine.dma.GuardMode;
import orrery.machine.fault.Fault;
import orrery.machine.fault.FaultPlan;
import orrery.machine.fault.FaultRule;

class FaultsTest {
  private static final int PAGE = 4096;

  private final List<String> violations = new ArrayList<>();

  private static FaultRule on(int opcode, Fault fault) {
    return FaultRule.always(fault).operation(Engine.IO, opcode);
  }

  private static int code(int status) {
    return status & Status.CODE_MASK;
  }

  @Test
  void aStatusMeetsItsRangeAndItsNamespaceOnly() {
    FaultRule rule = on(Opcode.READ, new Fault.Status(Status.READ_ERROR)).unit(1).range(100, 109);
    try (NvmeHost host = NvmeHost.ready(rule)) {
      assertEquals(0, host.io.run(host.blocks(Opcode.READ, 92, 8)).code());
      assertEquals(code(Status.READ_ERROR), host.io.run(host.blocks(Opcode.READ, 93, 8)).code());
      assertEquals(code(Status.READ_ERROR), host.io.run(host.blocks(Opcode.READ, 109, 1)).code());
      assertEquals(0, host.io.run(host.blocks(Opcode.READ, 110, 1)).code());
      assertEquals(0, host.io.run(host.blocks(Opcode.READ, 100, 1).namespace(2)).code());
      assertEquals(0, host.io.run(host.blocks(Opcode.WRITE, 100, 1)).code());
      host.log(2, 512);
      assertEquals(2, host.longAt(DATA + 160), "media errors");
    }
  }

  @Test
  void occurrencesAreCounted() {
    FaultRule rule = on(Opcode.READ, new Fault.Status(Status.INTERNAL_ERROR)).occurrence(2, 1);
    try (NvmeHost host = NvmeHost.ready(rule)) {
      StringBuilder seen = new StringBuilder();
      for (int i = 0; i < 5; i++) {
        seen.append(host.io.run(host.blocks(Opcode.READ, 0, 1)).code()).append(' ');
      }
      assertEquals("0 0 6 0 0 ", seen.toString());
    }
  }

  @Test
  void aDelayedCompletionComesWhenItsTimeHasCome() {
    FaultRule rule = on(Opcode.READ, new Fault.Delay(Duration.ofMillis(3))).occurrence(0, 1);
    try (NvmeHost host = NvmeHost.ready(rule)) {
      NvmeHost.Entry late = host.blocks(Opcode.READ, 0, 1);
      host.io.put(late);
      host.io.put(host.blocks(Opcode.READ, 0, 1));
      host.io.ring();
      assertTrue(host.io.take().command() != late.id());
      assertFalse(host.io.hasCompletion());
      host.messages.clear();
      host.advance(2_000_000);
      assertFalse(host.io.hasCompletion());
      host.advance(1_000_000);
      assertEquals(late.id(), host.io.take().command());
      assertEquals(List.of(1), host.messages);
    }
  }

  @Test
  @Clause(value = "Base 5.2.1", demands = "Abort completes a command that hangs")
  void aDroppedCompletionCanBeAborted() {
    FaultRule rule = on(Opcode.READ, new Fault.DropCompletion()).occurrence(0, 1);
    try (NvmeHost host = NvmeHost.ready(rule)) {
      NvmeHost.Entry lost = host.blocks(Opcode.READ, 0, 1);
      host.io.put(lost);
      host.io.ring();
      host.advance(3_600_000_000_000L);
      assertFalse(host.io.hasCompletion());
      NvmeHost.Completion abort =
          host.admin.run(host.entry(Opcode.ABORT).dword(10, 1 | lost.id() << 16));
      assertEquals(0, abort.result());
      NvmeHost.Completion aborted = host.io.take();
      assertEquals(lost.id(), aborted.command());
      assertEquals(code(Status.ABORT_REQUESTED), aborted.code());
    }
  }

  @Test
  @Clause(value = "Base 5.3.4", demands = "deleting a queue ends its commands")
  void deletingAQueueEndsItsCommands() {
    FaultRule rule = on(Opcode.READ, new Fault.DropCompletion());
    try (NvmeHost host = NvmeHost.ready(rule)) {
      host.io.put(host.blocks(Opcode.READ, 0, 1));
      host.io.ring();
      NvmeHost.Entry delete = host.entry(Opcode.DELETE_SUBMISSION_QUEUE).dword(10, 1);
      assertEquals(0, host.admin.run(delete).code());
      assertEquals(code(Status.ABORTED_QUEUE_DELETED), host.io.peek().code());
    }
  }

  @Test
  void corruptedDataDifferInOneByte() {
    Fault flip = new Fault.CorruptData(513, 0x80);
    try (NvmeHost host =
        NvmeHost.ready(
            on(Opcode.WRITE, flip).occurrence(0, 1), on(Opcode.READ, flip).occurrence(1, 1))) {
      host.fill(DATA, 1024, 0x11);
      assertEquals(0, host.io.run(host.blocks(Opcode.WRITE, 0, 2)).code());
      assertEquals(0x11, host.byteAt(DATA + 513), "the host's own data stay");
      assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 2)).code());
      assertEquals(0x91, host.byteAt(DATA + 513), "on the medium");
      assertEquals(0x11, host.byteAt(DATA + 514));
      assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 2)).code());
      assertEquals(0x11, host.byteAt(DATA + 513), "flipped twice");
      assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 2)).code());
      assertEquals(0x91, host.byteAt(DATA + 513));
    }
  }

  /** The host's data were lent for one direction only. */
  @Test
  void corruptionTouchesNothingThatWasNotLent() {
    Fault flip = new Fault.CorruptData(4099, 0xff);
    List<FaultRule> rules =
        List.of(
            on(Opcode.WRITE, flip),
            on(Opcode.READ, flip),
            FaultRule.always(flip).operation(Engine.ADMIN, Opcode.IDENTIFY));
    DmaGuard guard = new DmaGuard(GuardMode.STRICT, violations::add);
    DmaWindows lent = guard.windows(1 << 3);
    lent.define(NvmeHost.MEMORY, DATA - NvmeHost.MEMORY, true, true, "queues").open();
    lent.define(DATA, 2 * PAGE, true, false, "to write").open();
    lent.define(DATA + 2 * PAGE, 2 * PAGE, false, true, "to read").open();
    try (NvmeHost host =
        new NvmeHost(guard, new FaultPlan(rules), new SparseMemory(NvmeHost.DISK))) {
      host.start();
      host.fill(DATA, 2 * PAGE, 0x11);
      assertEquals(0, host.io.run(host.blocks(Opcode.WRITE, 0, 16)).code());
      long to = DATA + 2 * PAGE;
      NvmeHost.Entry read = host.blocks(Opcode.READ, 0, 16).pages(to, to + PAGE);
      assertEquals(0, host.io.run(read).code());
      assertEquals(0x11, host.byteAt(to + 4099), "flipped twice");
      NvmeHost.Entry identify = host.entry(Opcode.IDENTIFY).pages(to, 0).dword(10, 1);
      assertEquals(0, host.admin.run(identify).code());
      assertEquals(0x34, host.byteAt(to));
      assertEquals(0xff ^ 0x12, host.byteAt(to + 3), "offset 4099 of 4096 bytes");
    }
    assertEquals(List.of(), violations);
  }

  @Test
  void aLostInterruptLeavesTheCompletion() {
    FaultRule rule = on(Opcode.READ, new Fault.LoseInterrupt()).occurrence(0, 1);
    try (NvmeHost host = NvmeHost.ready(rule)) {
      host.messages.clear();
      assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 1)).code());
      assertEquals(List.of(), host.messages);
      assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 1)).code());
      assertEquals(List.of(1), host.messages);
    }
  }

  @Test
  @Clause(value = "Base 9.5", demands = "CSTS.CFS stays until the controller is reset")
  void aFatalStatusEndsWithAReset() {
    FaultRule rule = on(Opcode.READ, new Fault.Fatal()).occurrence(0, 1);
    try (NvmeHost host = NvmeHost.ready(rule)) {
      host.io.put(host.blocks(Opcode.READ, 0, 1));
      host.io.ring();
      assertFalse(host.io.hasCompletion());
      assertEquals(3, host.read(RegisterMap.CSTS));
      host.write(RegisterMap.CC, NvmeHost.CC_STANDARD);
      host.start();
      assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 1)).code());
    }
  }

  @Test
  void nobodyAnswersWhereAControllerWasUnplugged() {
    FaultRule rule = on(Opcode.READ, new Fault.Unplug()).occurrence(0, 1);
    try (NvmeHost host = NvmeHost.ready(rule)) {
      host.io.put(host.blocks(Opcode.READ, 0, 1));
      host.io.ring();
      assertFalse(host.io.hasCompletion());
      assertEquals(-1, host.read(RegisterMap.CSTS));
      host.write(RegisterMap.CC, NvmeHost.CC_STANDARD);
      assertEquals(-1, host.read(RegisterMap.CC));
    }
  }

  @Test
  @Clause(value = "Base 5.2.26.1.4", demands = "what was flushed or forced survives a power cut")
  void aPowerCutKeepsWhatWasFlushed() {
    SparseMemory medium = new SparseMemory(NvmeHost.DISK);
    FaultPlan plan =
        new FaultPlan(List.of(on(Opcode.VERIFY, new Fault.PowerCut()).occurrence(0, 1)));
    try (NvmeHost host = new NvmeHost(plan, new VolatileCache(medium, 42))) {
      host.start();
      for (int block = 0; block < 64; block++) {
        host.fill(DATA, 512, 1);
        assertEquals(0, host.io.run(host.blocks(Opcode.WRITE, block, 1)).code());
      }
      assertEquals(0, host.io.run(host.entry(Opcode.FLUSH).namespace(1)).code());
      host.fill(DATA, 512, 2);
      for (int block = 32; block < 64; block++) {
        assertEquals(0, host.io.run(host.blocks(Opcode.WRITE, block, 1)).code());
      }
      host.fill(DATA, 512, 3);
      assertEquals(
          0, host.io.run(host.blocks(Opcode.WRITE, 0, 1).dword(12, 1 << 30)).code(), "FUA");
      host.io.put(host.blocks(Opcode.VERIFY, 0, 1));
      host.io.ring();
      assertEquals(-1, host.read(RegisterMap.CSTS), "nobody answers");
    }
    byte[] found = new byte[64 * 512];
    read(medium, found);
    assertEquals(3, found[0]);
    int lost = 0;
    for (int block = 0; block < 64; block++) {
      int wanted = block == 0 ? 3 : 1;
      byte first = found[block * 512];
      assertTrue(first == wanted || block >= 32 && first == 2, "block " + block);
      assertEquals(first, found[block * 512 + 511], "blocks are whole");
      lost += block >= 32 && first == 1 ? 1 : 0;
    }
    assertTrue(lost > 0 && lost < 32, lost + " lost");
  }

  /** A host whose disk fails. */
  private record FailingMedium(boolean isReadOnly) implements Medium {
    @Override
    public long size() {
      return NvmeHost.DISK;
    }

    @Override
    public void read(long offset, MemorySegment to, long at, long length) throws IOException {
      throw new IOException("broken");
    }

    @Override
    public void write(long offset, MemorySegment from, long at, long length) throws IOException {
      throw new IOException("broken");
    }

    @Override
    public void discard(long offset, long length) throws IOException {
      throw new IOException("broken");
    }

    @Override
    public void flush() throws IOException {
      throw new IOException("broken");
    }

    @Override
    public void close() {}
  }

  @Test
  @Clause(value = "Base 4.2.3.3", demands = "a failing medium is a media error, not the end")
  void failuresOfTheHostAreMediaErrors() {
    try (NvmeHost host = new NvmeHost(FaultPlan.NONE, new FailingMedium(false))) {
      host.start();
      int[] reads = {Opcode.READ, Opcode.COMPARE, Opcode.VERIFY};
      for (int opcode : reads) {
        assertEquals(code(Status.READ_ERROR), host.io.run(host.blocks(opcode, 0, 1)).code());
      }
      int[] writes = {Opcode.WRITE, Opcode.WRITE_ZEROES, Opcode.FLUSH};
      for (int opcode : writes) {
        assertEquals(code(Status.WRITE_FAULT), host.io.run(host.blocks(opcode, 0, 1)).code());
      }
      assertEquals(0, host.identify(1, 0).code());
    }
  }

  @Test
  @Clause(value = "Base 4.2.3.1", demands = "a write protected namespace takes no writes")
  void protectedNamespacesRefuseWrites() {
    try (NvmeHost host = new NvmeHost(FaultPlan.NONE, new FailingMedium(true))) {
      host.start();
      host.identify(0, 1);
      assertEquals(1, host.byteAt(DATA + 99), "NSATTR");
      for (int opcode : new int[] {Opcode.WRITE, Opcode.WRITE_ZEROES, Opcode.COPY}) {
        assertEquals(code(Status.WRITE_PROTECTED), host.io.run(host.blocks(opcode, 0, 1)).code());
      }
      NvmeHost.Entry format = host.entry(Opcode.FORMAT).namespace(1);
      assertEquals(code(Status.WRITE_PROTECTED), host.admin.run(format).code());
    }
  }

  private static void read(SparseMemory medium, byte[] to) {
    try {
      medium.read(0, MemorySegment.ofArray(to), 0, to.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
