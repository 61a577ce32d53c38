package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.device.storage.Medium;
import orrery.device.storage.SparseMemory;
import orrery.machine.fault.FaultPlan;

class ReadWriteTest {
  private final NvmeHost host = NvmeHost.ready();

  @AfterEach
  void close() {
    host.close();
  }

  private int run(NvmeHost.Entry entry) {
    return host.io.run(entry).code();
  }

  private static int code(int status) {
    return status & Status.CODE_MASK;
  }

  @Test
  @Clause(value = "NVM: Write command", demands = "Write stores what Read then gives")
  void readsWhatWasWritten() {
    host.fill(NvmeHost.DATA, 4096, 0x5a);
    assertEquals(0, run(host.blocks(Opcode.WRITE, 8, 8)));
    host.fill(NvmeHost.DATA, 8192, 0);
    assertEquals(0, run(host.blocks(Opcode.READ, 7, 10)));
    assertEquals(0, host.byteAt(NvmeHost.DATA + 511));
    assertEquals(0x5a, host.byteAt(NvmeHost.DATA + 512));
    assertEquals(0x5a, host.byteAt(NvmeHost.DATA + 512 + 4095));
    assertEquals(0, host.byteAt(NvmeHost.DATA + 512 + 4096));
  }

  @Test
  @Clause(
      value = "NVM: LBA Out of Range status",
      demands = "a range beyond the namespace is LBA Out of Range")
  void rangesBeyondTheEndAreRefused() {
    long blocks = NvmeHost.DISK / 512;
    int[] opcodes = {Opcode.READ, Opcode.WRITE, Opcode.COMPARE, Opcode.VERIFY, Opcode.WRITE_ZEROES};
    for (int opcode : opcodes) {
      assertEquals(0, run(host.blocks(opcode, blocks - 8, 8)));
      for (long first : new long[] {blocks - 7, blocks, Long.MAX_VALUE, -1}) {
        assertEquals(code(Status.LBA_OUT_OF_RANGE), run(host.blocks(opcode, first, 8)));
      }
    }
  }

  @Test
  @Clause(value = "Base 3.2.1.2", demands = "namespaces there are not are refused")
  void unknownNamespacesAreRefused() {
    for (int id : new int[] {0, 3, -1, -2}) {
      assertEquals(
          code(Status.INVALID_NAMESPACE), run(host.blocks(Opcode.READ, 0, 1).namespace(id)));
    }
    assertEquals(0, run(host.blocks(Opcode.READ, 0, 1).namespace(2)));
  }

  @Test
  @Clause(value = "Base 3.2.1", demands = "namespaces do not share blocks")
  void namespacesAreApart() {
    host.fill(NvmeHost.DATA, 512, 1);
    assertEquals(0, run(host.blocks(Opcode.WRITE, 0, 1)));
    assertEquals(0, run(host.blocks(Opcode.READ, 0, 1).namespace(2)));
    assertEquals(0, host.byteAt(NvmeHost.DATA));
  }

  @Test
  @Clause(value = "Base 5.2.13.2.1", demands = "transfers beyond MDTS are Invalid Field")
  void transfersBeyondTheLimitAreRefused() {
    assertEquals(code(Status.INVALID_FIELD), run(host.blocks(Opcode.READ, 0, 4097)));
  }

  @Test
  @Clause(
      value = "NVM: Compare command",
      demands = "Compare tells whether data differ",
      optional = true)
  void comparesData() {
    host.fill(NvmeHost.DATA, 8192, 0x11);
    assertEquals(0, run(host.blocks(Opcode.WRITE, 0, 16)));
    assertEquals(0, run(host.blocks(Opcode.COMPARE, 0, 16)));
    host.fill(NvmeHost.DATA + 8191, 1, 0x12);
    assertEquals(code(Status.COMPARE_FAILURE), run(host.blocks(Opcode.COMPARE, 0, 16)));
  }

  @Test
  @Clause(value = "NVM 3.2.8", demands = "Write Zeroes zeros exactly its range", optional = true)
  void zeroesARange() {
    host.fill(NvmeHost.DATA, 8192, 0x77);
    assertEquals(0, run(host.blocks(Opcode.WRITE, 0, 16)));
    assertEquals(0, run(host.blocks(Opcode.WRITE_ZEROES, 3, 5)));
    assertEquals(0, run(host.blocks(Opcode.READ, 0, 16)));
    for (int i = 0; i < 16; i++) {
      int wanted = i >= 3 && i < 8 ? 0 : 0x77;
      assertEquals(wanted, host.byteAt(NvmeHost.DATA + 512 * i), "block " + i);
      assertEquals(wanted, host.byteAt(NvmeHost.DATA + 512 * i + 511), "block " + i);
    }
  }

  /** Remembers what is discarded. */
  private static final class Discarding implements Medium {
    private final SparseMemory memory = new SparseMemory(NvmeHost.DISK);
    private final List<Long> discarded = new ArrayList<>();

    @Override
    public long size() {
      return memory.size();
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public void read(long offset, MemorySegment to, long at, long length) throws IOException {
      memory.read(offset, to, at, length);
    }

    @Override
    public void write(long offset, MemorySegment from, long at, long length) throws IOException {
      memory.write(offset, from, at, length);
    }

    @Override
    public void discard(long offset, long length) throws IOException {
      discarded.add(offset);
      discarded.add(length);
      memory.discard(offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  @Clause(
      value = "NVM 3.2.8",
      demands = "Write Zeroes deallocates if DEAC says so",
      optional = true)
  void zeroesDeallocateOnRequest() {
    Discarding medium = new Discarding();
    try (NvmeHost one = new NvmeHost(FaultPlan.NONE, medium)) {
      one.start();
      for (int deallocate = 0; deallocate <= 1; deallocate++) {
        one.fill(NvmeHost.DATA, 4096, 0x77);
        assertEquals(0, one.io.run(one.blocks(Opcode.WRITE, 8, 8)).code());
        NvmeHost.Entry zeroes = one.blocks(Opcode.WRITE_ZEROES, 8, 8);
        assertEquals(0, one.io.run(zeroes.dword(12, 7 | deallocate << 25)).code());
        List<Long> wanted = deallocate == 0 ? List.of() : List.of(4096L, 4096L);
        assertEquals(wanted, medium.discarded);
        assertEquals(0, one.io.run(one.blocks(Opcode.READ, 8, 8)).code());
        assertEquals(0, one.longAt(NvmeHost.DATA));
        assertEquals(0, one.longAt(NvmeHost.DATA + 4088));
      }
    }
  }

  @Test
  @Clause(
      value = "NVM: Dataset Management command",
      demands = "deallocated blocks read as DLFEAT says",
      optional = true)
  void deallocatesRanges() {
    host.fill(NvmeHost.DATA, 8192, 0x77);
    assertEquals(0, run(host.blocks(Opcode.WRITE, 0, 16)));
    host.fill(NvmeHost.LISTS, 32, 0);
    host.set32(NvmeHost.LISTS + 4, 2);
    host.set64(NvmeHost.LISTS + 8, 1);
    host.set32(NvmeHost.LISTS + 20, 1);
    host.set64(NvmeHost.LISTS + 24, 15);
    assertEquals(0, run(manage(2, 4)));
    assertEquals(0, run(host.blocks(Opcode.READ, 0, 16)));
    for (int i = 0; i < 16; i++) {
      int wanted = i == 1 || i == 2 || i == 15 ? 0 : 0x77;
      assertEquals(wanted, host.byteAt(NvmeHost.DATA + 512 * i), "block " + i);
    }
  }

  @Test
  @Clause(
      value = "NVM: Dataset Management command",
      demands = "ranges beyond the end and over DMRSL are refused")
  void deallocationChecksRanges() {
    host.fill(NvmeHost.LISTS, 32, 0);
    host.set32(NvmeHost.LISTS + 4, 1);
    host.set64(NvmeHost.LISTS + 8, NvmeHost.DISK / 512);
    assertEquals(code(Status.LBA_OUT_OF_RANGE), run(manage(1, 4)));
    assertEquals(code(Status.LBA_OUT_OF_RANGE), run(manage(1, 0)));
  }

  private NvmeHost.Entry manage(int ranges, int attributes) {
    return host.entry(Opcode.DATASET_MANAGEMENT)
        .namespace(1)
        .pages(NvmeHost.LISTS, 0)
        .dword(10, ranges - 1)
        .dword(11, attributes);
  }

  private NvmeHost.Entry copy(long to, int... ranges) {
    host.fill(NvmeHost.LISTS, 4096, 0);
    for (int i = 0; i < ranges.length; i += 2) {
      host.set64(NvmeHost.LISTS + 16 * i + 8, ranges[i]);
      host.set32(NvmeHost.LISTS + 16 * i + 16, ranges[i + 1] - 1);
    }
    return host.entry(Opcode.COPY)
        .namespace(1)
        .pages(NvmeHost.LISTS, 0)
        .word64(10, to)
        .dword(12, ranges.length / 2 - 1);
  }

  @Test
  @Clause(value = "NVM 3.2.2", demands = "Copy gathers its sources", optional = true)
  void copiesRanges() {
    for (int i = 0; i < 16; i++) {
      host.fill(NvmeHost.DATA + 512 * i, 512, i + 1);
    }
    assertEquals(0, run(host.blocks(Opcode.WRITE, 0, 16)));
    assertEquals(0, run(copy(1, 4, 2, 0, 2)));
    assertEquals(0, run(host.blocks(Opcode.READ, 0, 16)));
    int[] blocks = new int[6];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = host.byteAt(NvmeHost.DATA + 512 * i);
    }
    assertArrayEquals(new int[] {1, 5, 6, 1, 2, 6}, blocks);
  }

  @Test
  @Clause(value = "NVM 3.2.2", demands = "Copy keeps to MSSRL, MCL, MSRC", optional = true)
  void copyKeepsToItsLimits() {
    assertEquals(code(Status.SIZE_LIMIT_EXCEEDED), run(copy(0, 0, 2049)));
    assertEquals(code(Status.SIZE_LIMIT_EXCEEDED), run(copy(0, 0, 2000, 4000, 49)));
    assertEquals(code(Status.SIZE_LIMIT_EXCEEDED), run(copy(0, 0, 1).dword(12, 128)));
    assertEquals(code(Status.LBA_OUT_OF_RANGE), run(copy(16380, 0, 5)));
    assertEquals(code(Status.LBA_OUT_OF_RANGE), run(copy(0, 16380, 5)));
    assertEquals(code(Status.INVALID_FIELD), run(copy(0, 0, 1).dword(12, 1 << 8)));
  }

  @Test
  @Clause(value = "Base 7.2", demands = "Flush takes one namespace or all")
  void flushes() {
    assertEquals(0, run(host.entry(Opcode.FLUSH).namespace(1)));
    assertEquals(0, run(host.entry(Opcode.FLUSH).namespace(-1)));
    assertEquals(code(Status.INVALID_NAMESPACE), run(host.entry(Opcode.FLUSH).namespace(0)));
  }

  @Test
  @Clause(value = "Base 4.2.3.1", demands = "unknown opcodes are Invalid Command Opcode")
  void unknownOpcodesAreRefused() {
    for (int opcode : new int[] {0x04, 0x0d, 0x0e, 0x11, 0x15, 0x79, 0x7d, 0x80, 0xff}) {
      assertEquals(code(Status.INVALID_OPCODE), run(host.blocks(opcode, 0, 1)));
    }
    for (int opcode : new int[] {0x03, 0x0d, 0x10, 0x11, 0x14, 0x15, 0x18, 0x81, 0x84, 0xff}) {
      assertEquals(code(Status.INVALID_OPCODE), host.admin.run(host.entry(opcode)).code());
    }
  }

  @Test
  @Clause(value = "Base 3.4.2", demands = "fused operations are refused where FUSES is 0")
  void fusedCommandsAreRefused() {
    assertEquals(code(Status.INVALID_FIELD), run(host.blocks(Opcode.COMPARE, 0, 1).flags(1)));
  }
}
