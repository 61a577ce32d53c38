package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.nvme.NvmeHost.DATA;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The controller against a model of a disk, and against nonsense. */
class NvmeProperties {
  private static final int BLOCKS = 256;
  private static final int LARGEST = 16;
  private static final int STEPS = 60;

  /** Writes, zeroes, copies and deallocations are as an array of bytes has them. */
  @Property(tries = 60)
  void keepsData(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] model = new byte[BLOCKS * 512];
    try (NvmeHost host = NvmeHost.ready()) {
      for (int step = 0; step < STEPS; step++) {
        step(host, random, model);
      }
      for (int block = 0; block < BLOCKS; block += LARGEST) {
        read(host, model, block, LARGEST);
      }
    }
  }

  private static void step(NvmeHost host, Random random, byte[] model) {
    int count = 1 + random.nextInt(LARGEST);
    int first = random.nextInt(BLOCKS - LARGEST);
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        byte value = (byte) random.nextInt();
        host.fill(DATA, count * 512L, value);
        assertEquals(0, host.io.run(host.blocks(Opcode.WRITE, first, count)).status());
        Arrays.fill(model, first * 512, (first + count) * 512, value);
      }
      case 2 -> {
        assertEquals(0, host.io.run(host.blocks(Opcode.WRITE_ZEROES, first, count)).status());
        Arrays.fill(model, first * 512, (first + count) * 512, (byte) 0);
      }
      case 3 -> {
        host.set64(NvmeHost.LISTS, 0);
        host.set32(NvmeHost.LISTS + 4, count);
        host.set64(NvmeHost.LISTS + 8, first);
        NvmeHost.Entry entry = host.entry(Opcode.DATASET_MANAGEMENT).namespace(1);
        assertEquals(0, host.io.run(entry.pages(NvmeHost.LISTS, 0).dword(11, 4)).status());
        Arrays.fill(model, first * 512, (first + count) * 512, (byte) 0);
      }
      case 4 -> {
        int to = random.nextInt(BLOCKS - LARGEST);
        host.fill(NvmeHost.LISTS, 32, 0);
        host.set64(NvmeHost.LISTS + 8, first);
        host.set32(NvmeHost.LISTS + 16, count - 1);
        NvmeHost.Entry entry = host.entry(Opcode.COPY).namespace(1).word64(10, to);
        assertEquals(0, host.io.run(entry.pages(NvmeHost.LISTS, 0)).status());
        System.arraycopy(model, first * 512, model, to * 512, count * 512);
      }
      default -> read(host, model, first, count);
    }
  }

  private static void read(NvmeHost host, byte[] model, int first, int count) {
    host.fill(DATA, count * 512L, 0xa5);
    assertEquals(0, host.io.run(host.blocks(Opcode.READ, first, count)).status());
    for (int i = 0; i < count * 512; i++) {
      assertEquals(model[first * 512 + i] & 0xff, host.byteAt(DATA + i));
    }
  }

  /** Any command whatever is completed, once, and the controller goes on. */
  @Property(tries = 150)
  void answersEveryCommand(@ForAll long seed) {
    fuzz(seed, 40);
  }

  @Tag("slow")
  @Property(tries = 20_000)
  void answersVeryManyCommands(@ForAll long seed) {
    fuzz(seed, 100);
  }

  private static void fuzz(long seed, int commands) {
    Random random = new Random(seed);
    try (NvmeHost host = NvmeHost.ready()) {
      for (int i = 0; i < commands; i++) {
        scribble(host, random);
        boolean admin = random.nextInt(3) == 0;
        NvmeHost.Queue queue = admin ? host.admin : host.io;
        int opcode = opcode(random, admin);
        NvmeHost.Entry entry = random(host, random, opcode);
        if (admin && opcode <= Opcode.CREATE_COMPLETION_QUEUE && opcode != Opcode.GET_LOG_PAGE) {
          entry.dword(10, 2 + random.nextInt(200) | random.nextInt() << 16); // not the queue in use
        }
        queue.put(entry);
        queue.ring();
        assertTrue(queue.hasCompletion(), "opcode " + opcode);
        assertEquals(entry.id(), queue.take().command());
        assertTrue(!queue.hasCompletion());
      }
      assertEquals(0, host.read(RegisterMap.CSTS) & RegisterMap.CSTS_FATAL);
      assertEquals(0, host.identify(1, 0).status());
    }
  }

  private static int opcode(Random random, boolean admin) {
    int[] known =
        admin
            ? new int[] {0, 1, 2, 4, 5, 6, 8, 9, 0xa, 0x7c, 0x80}
            : new int[] {0, 1, 2, 5, 8, 9, 0xc, 0x19};
    int opcode = random.nextInt(8) == 0 ? random.nextInt(256) : known[random.nextInt(known.length)];
    // Requests for events wait, and doorbells in random memory would move queues.
    boolean waits =
        admin && (opcode == Opcode.ASYNC_EVENT_REQUEST || opcode == Opcode.DOORBELL_BUFFER_CONFIG);
    return waits ? Opcode.IDENTIFY : opcode;
  }

  private static NvmeHost.Entry random(NvmeHost host, Random random, int opcode) {
    NvmeHost.Entry entry = host.entry(opcode);
    entry.flags(random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(2) << 6);
    entry.namespace(random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(4));
    entry.pages(address(random), address(random));
    if (random.nextBoolean()) {
      entry.dword(8, random.nextInt(40) * 16).dword(9, random.nextInt(8) << 28);
    }
    for (int i = 10; i < 16; i++) {
      entry.dword(
          i,
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt();
            case 1 -> 0;
            default -> random.nextInt(300);
          });
    }
    return entry;
  }

  /** Mostly in the part of memory that holds no queue. */
  private static long address(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextLong();
      case 1 -> DATA + random.nextInt(1 << 20);
      case 2 -> NvmeHost.LISTS + random.nextInt(512) * 8L;
      default -> DATA + random.nextInt(256) * 4096L;
    };
  }

  /** PRP lists and SGLs that are nearly right. */
  private static void scribble(NvmeHost host, Random random) {
    for (int i = 0; i < 64; i++) {
      long at = NvmeHost.LISTS + random.nextInt(256) * 16L;
      host.set64(at, address(random));
      host.set32(at + 8, random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(64) * 16);
      host.set32(at + 12, random.nextInt(6) << 28);
    }
  }

  /** Any access to the registers is survived. */
  @Property(tries = 100)
  void survivesEveryRegisterAccess(@ForAll long seed) {
    Random random = new Random(seed);
    try (NvmeHost host = NvmeHost.ready()) {
      for (int i = 0; i < 300; i++) {
        int width = 1 << random.nextInt(4);
        long offset = register(random) & -width;
        if (random.nextBoolean()) {
          host.window.read(NvmeHost.BAR + offset, width);
        } else {
          host.window.write(NvmeHost.BAR + offset, width, value(random));
        }
      }
      host.write(RegisterMap.CC, NvmeHost.CC_STANDARD);
      host.functionReset();
      host.config.write((1 << 15) + 0x10, 8, NvmeHost.BAR);
      host.mastering(true);
      host.start();
    }
  }

  private static long register(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(RegisterMap.BAR_SIZE - 8);
      case 1 -> RegisterMap.DOORBELLS + random.nextInt(8) * 4L;
      default -> random.nextInt(0x70);
    };
  }

  private static long value(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextInt(40);
      case 2 -> NvmeHost.CC_STANDARD | random.nextInt(2);
      default -> DATA + random.nextInt(256) * 4096L;
    };
  }
}
