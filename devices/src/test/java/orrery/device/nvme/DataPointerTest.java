package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static orrery.device.nvme.NvmeHost.DATA;
import static orrery.device.nvme.NvmeHost.LISTS;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DataPointerTest {
  private static final int BLOCK = 0;
  private static final int BUCKET = 1;
  private static final int SEGMENT = 2;
  private static final int LAST = 3;

  private final NvmeHost host = NvmeHost.ready();

  /** Every byte of blocks 0 to 63 is its block's number + 1. */
  @BeforeEach
  void fillBlocks() {
    for (int i = 0; i < 64; i++) {
      host.fill(DATA + 512 * i, 512, i + 1);
    }
    assertEquals(0, read(64).code(), "empty disk");
    for (int i = 0; i < 64; i++) {
      host.fill(DATA + 512 * i, 512, i + 1);
    }
    for (int i = 0; i < 64; i += 16) {
      NvmeHost.Entry write = host.entry(Opcode.WRITE).namespace(1).word64(10, i).dword(12, 15);
      write.pages(DATA + 512 * i, DATA + 512 * i + 4096);
      assertEquals(0, host.io.run(write).status());
    }
    host.fill(DATA, 64 * 512, 0xee);
  }

  @AfterEach
  void close() {
    host.close();
  }

  /** Reads by a PRP list at {@link NvmeHost#LISTS}. */
  private NvmeHost.Completion read(int blocks) {
    host.fill(LISTS, 8192, 0);
    for (int i = 0; i < 16; i++) {
      host.set64(LISTS + 8 * i, DATA + 4096 * (i + 1));
    }
    return host.io.run(prp(blocks, DATA, LISTS));
  }

  private NvmeHost.Entry prp(int blocks, long first, long second) {
    return host.blocks(Opcode.READ, 0, blocks).pages(first, second);
  }

  private int code(NvmeHost.Entry entry) {
    return host.io.run(entry).code();
  }

  private static int code(int status) {
    return status & Status.CODE_MASK;
  }

  /** Writes an SGL descriptor. */
  private void descriptor(long at, int type, long address, int length) {
    host.set64(at, address);
    host.set32(at + 8, length);
    host.set32(at + 12, type << 28);
  }

  private NvmeHost.Entry sgl(int blocks, int type, long address, int length) {
    return host.blocks(Opcode.READ, 0, blocks).sgl(address, length, type);
  }

  private void check(long address, int block) {
    assertEquals(block + 1, host.byteAt(address), "block " + block);
    assertEquals(block + 1, host.byteAt(address + 511), "block " + block);
  }

  @Test
  @Clause(value = "Base 4.3.1", demands = "PRP lists name pages in any order")
  void listsOfPages() {
    assertEquals(0, read(64).code());
    for (int i = 0; i < 64; i++) {
      check(DATA + 512 * i, i);
    }
    host.set64(LISTS, DATA + 0x9000);
    host.set64(LISTS + 8, DATA + 0x5000);
    assertEquals(0, code(prp(24, DATA, LISTS)));
    check(DATA + 0x9000, 8);
    check(DATA + 0x5000, 16);
  }

  @Test
  @Clause(value = "Base 4.3.1", demands = "the first PRP may start inside a page")
  void firstPageWithOffset() {
    host.set64(LISTS + 8, DATA + 0x3000);
    host.set64(LISTS + 16, DATA + 0x6000);
    assertEquals(0, code(prp(16, DATA + 0xe00, LISTS + 8)));
    check(DATA + 0xe00, 0);
    check(DATA + 0x3000, 1);
    check(DATA + 0x6000, 9);
    assertEquals(0xee, host.byteAt(DATA + 0x6000 + 7 * 512));
    assertEquals(0, code(prp(8, DATA + 0xe00, DATA + 0x8000)));
    check(DATA + 0x8000 + 6 * 512, 7);
  }

  @Test
  @Clause(value = "Base 4.3.1", demands = "a list goes on in another page")
  void chainsOfLists() {
    host.fill(LISTS, 8192, 0);
    host.set64(LISTS + 4080, DATA + 0x1000);
    host.set64(LISTS + 4088, LISTS + 4096);
    host.set64(LISTS + 4096, DATA + 0x2000);
    host.set64(LISTS + 4104, DATA + 0x3000);
    assertEquals(0, code(prp(32, DATA, LISTS + 4080)));
    for (int i = 0; i < 32; i++) {
      check(DATA + 512 * i, i);
    }
    host.set64(LISTS + 4088, DATA + 0x7000);
    assertEquals(0, code(prp(24, DATA, LISTS + 4080)), "the last entry is no pointer then");
    check(DATA + 0x7000, 16);
  }

  @Test
  @Clause(value = "Base 4.3.1", demands = "a list that points to itself ends with the data")
  void loopsOfListsEnd() {
    host.fill(LISTS, 4096, 0);
    for (int i = 0; i < 511; i++) {
      host.set64(LISTS + 8 * i, DATA);
    }
    host.set64(LISTS + 4088, LISTS);
    NvmeHost.Entry entry = prp(4096, DATA, LISTS);
    assertEquals(code(Status.PRP_OFFSET_INVALID), code(prp(4096, DATA, LISTS + 4)));
    assertEquals(0, code(entry));
  }

  @Test
  @Clause(value = "Base 4.3.1", demands = "offsets where none may be are PRP Offset Invalid")
  void wrongOffsets() {
    int wrong = code(Status.PRP_OFFSET_INVALID);
    assertEquals(wrong, code(prp(1, DATA + 2, 0)));
    assertEquals(wrong, code(prp(16, DATA, DATA + 4096 + 8)));
    assertEquals(wrong, code(prp(32, DATA, LISTS + 4)));
    host.set64(LISTS, DATA + 512);
    assertEquals(wrong, code(prp(32, DATA, LISTS)));
  }

  @Test
  @Clause(value = "Base 4.2.3.1", demands = "data out of reach is a Data Transfer Error")
  void unreachableData() {
    int wrong = code(Status.DATA_TRANSFER_ERROR);
    assertEquals(wrong, code(prp(1, 0, 0)));
    assertEquals(wrong, code(prp(1, -4096, 0)));
    assertEquals(wrong, code(prp(32, DATA, 0x1000)));
    assertEquals(wrong, code(prp(8, NvmeHost.MEMORY_END - 512, NvmeHost.MEMORY_END)));
    assertEquals(wrong, code(sgl(1, BLOCK, 0, 512)));
    assertEquals(wrong, code(sgl(1, BLOCK, -1, 512)));
    assertEquals(wrong, code(sgl(1, LAST, 0x1000, 16)));
    assertEquals(wrong, code(sgl(1, LAST, Long.MAX_VALUE - 7, 16)));
  }

  @Test
  @Clause(value = "Base 4.3.2", demands = "one data block descriptor", optional = true)
  void oneDescriptor() {
    assertEquals(0, code(sgl(4, BLOCK, DATA + 3, 2048)));
    for (int i = 0; i < 4; i++) {
      check(DATA + 3 + 512 * i, i);
    }
  }

  @Test
  @Clause(value = "Base 4.3.2", demands = "segments, last segments, bit buckets", optional = true)
  void segments() {
    descriptor(LISTS, BLOCK, DATA + 1, 700);
    descriptor(LISTS + 16, BLOCK, DATA + 0x5000, 0);
    descriptor(LISTS + 32, SEGMENT, LISTS + 0x100, 32);
    descriptor(LISTS + 0x100, BUCKET, 0, 324);
    descriptor(LISTS + 0x110, LAST, LISTS + 0x200, 32);
    descriptor(LISTS + 0x200, BLOCK, DATA + 0x2000, 1000);
    descriptor(LISTS + 0x210, BLOCK, DATA + 0x3000, 24);
    assertEquals(0, code(sgl(4, SEGMENT, LISTS, 48)));
    check(DATA + 1, 0);
    check(DATA + 0x2000, 2);
    assertEquals(4, host.byteAt(DATA + 0x3000 + 23));
    assertEquals(0xee, host.byteAt(DATA + 0x3000 + 24));
  }

  @Test
  @Clause(value = "Base 4.3.2", demands = "a bit bucket is no source of data", optional = true)
  void bucketsOfWrites() {
    host.fill(DATA, 1024, 0x44);
    descriptor(LISTS, BUCKET, 0, 512);
    descriptor(LISTS + 16, BLOCK, DATA, 512);
    NvmeHost.Entry write = host.blocks(Opcode.WRITE, 0, 1).sgl(LISTS, 32, LAST);
    assertEquals(0, code(write));
    assertEquals(0, code(host.blocks(Opcode.COMPARE, 0, 1).sgl(DATA, 512, BLOCK)));
  }

  @Test
  @Clause(value = "Base 4.3.2", demands = "descriptor types there are not", optional = true)
  void wrongTypes() {
    int wrong = code(Status.SGL_TYPE_INVALID);
    for (int type : new int[] {4, 5, 6, 15}) {
      assertEquals(wrong, code(sgl(1, type, DATA, 512)));
      descriptor(LISTS, type, DATA, 512);
      assertEquals(wrong, code(sgl(1, LAST, LISTS, 16)));
    }
    NvmeHost.Entry subtype = sgl(1, BLOCK, DATA, 512).dword(9, 1 << 24);
    assertEquals(wrong, code(subtype));
    NvmeHost.Entry reserved = host.blocks(Opcode.READ, 0, 1).flags(3 << 6);
    assertEquals(code(Status.INVALID_FIELD), code(reserved));
  }

  @Test
  @Clause(value = "Base 4.3.2", demands = "misplaced or misshapen segments", optional = true)
  void wrongSegments() {
    int wrong = code(Status.SGL_SEGMENT_INVALID);
    for (int length : new int[] {0, 8, 17}) {
      assertEquals(wrong, code(sgl(1, SEGMENT, LISTS, length)));
      assertEquals(wrong, code(sgl(1, LAST, LISTS, length)));
    }
    descriptor(LISTS, SEGMENT, LISTS + 0x100, 16);
    descriptor(LISTS + 16, BLOCK, DATA, 512);
    assertEquals(wrong, code(sgl(1, SEGMENT, LISTS, 32)), "not at the end");
    assertEquals(wrong, code(sgl(1, LAST, LISTS, 16)), "in the last segment");
    descriptor(LISTS, BLOCK, DATA, 512);
    assertEquals(wrong, code(sgl(1, SEGMENT, LISTS, 16)), "no way on");
  }

  @Test
  @Clause(value = "Base 4.3.2", demands = "SGLs shorter than the data", optional = true)
  void wrongLengths() {
    int wrong = code(Status.SGL_LENGTH_INVALID);
    assertEquals(wrong, code(sgl(2, BLOCK, DATA, 1023)));
    assertEquals(wrong, code(sgl(2, BLOCK, DATA, 0)));
    assertEquals(0, code(sgl(2, BLOCK, DATA, 2000)), "longer ones are allowed (SGLS)");
    assertEquals(0xee, host.byteAt(DATA + 1024));
  }

  @Test
  @Clause(value = "Base 4.3.2", demands = "endless SGLs are refused", optional = true)
  void loopsOfSegmentsEnd() {
    int wrong = code(Status.SGL_COUNT_INVALID);
    descriptor(LISTS, SEGMENT, LISTS, 16);
    assertEquals(wrong, code(sgl(1, SEGMENT, LISTS, 16)));
    assertEquals(wrong, code(sgl(1, LAST, LISTS, 0x7fff_fff0)));
  }
}
