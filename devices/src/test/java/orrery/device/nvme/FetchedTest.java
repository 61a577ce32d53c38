package orrery.device.nvme;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import orrery.device.storage.MappedFile;
import orrery.machine.fault.FaultPlan;

/** Several commands at one doorbell: fetched together, executed as if one by one. */
class FetchedTest {
  private static final int BLOCK = 512;
  private static final int BLOCKS = NvmeHost.DISK / BLOCK;

  @TempDir Path folder;

  /** A machine whose drive is a file in which each block begins with its number. */
  private NvmeHost mapped() throws IOException {
    byte[] disk = new byte[NvmeHost.DISK];
    for (int i = 0; i < BLOCKS; i++) {
      disk[i * BLOCK] = (byte) i;
      disk[i * BLOCK + 1] = (byte) (i >>> Byte.SIZE);
    }
    Path image = folder.resolve("disk.img");
    Files.write(image, disk);
    NvmeHost host = new NvmeHost(FaultPlan.NONE, new MappedFile(image, false));
    host.start();
    return host;
  }

  private static NvmeHost.Entry read(NvmeHost host, long block, int page) {
    return host.blocks(Opcode.READ, block, 1).pages(NvmeHost.DATA + page * 4096L, 0);
  }

  private static int seen(NvmeHost host, int page) {
    long at = NvmeHost.DATA - NvmeHost.MEMORY + page * 4096L;
    return host.ram.segment().get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffff;
  }

  @Test
  void everyCommandReadsItsOwnBlockAlsoAroundTheEndOfTheQueue() throws IOException {
    try (NvmeHost host = mapped()) {
      int burst = NvmeHost.ENTRIES - 1;
      for (int round = 0; round < 5; round++) {
        for (int i = 0; i < burst; i++) {
          host.io.put(read(host, place(round, i), i));
        }
        host.io.ring();
        for (int i = 0; i < burst; i++) {
          assertEquals(0, host.io.take().status());
          assertEquals(place(round, i), seen(host, i));
        }
        assertFalse(host.io.hasCompletion());
      }
    }
  }

  private static int place(int round, int i) {
    return (round * 31 + i) * 7919 % BLOCKS;
  }

  @Test
  void commandsThatMakeNoSenseSpoilNoneBeforeThem() throws IOException {
    try (NvmeHost host = mapped()) {
      host.io.put(read(host, 1, 0));
      host.io.put(read(host, BLOCKS - 1, 1)); // its first lines reach the disk's end
      host.io.put(read(host, BLOCKS, 2));
      host.io.put(read(host, Long.MAX_VALUE, 3));
      host.io.put(read(host, -1, 4));
      host.io.put(read(host, 0, 5).namespace(2));
      host.io.put(read(host, 0, 6).namespace(Request.BROADCAST));
      host.io.put(read(host, 2, 7));
      host.io.ring();
      assertEquals(0, host.io.take().status());
      assertEquals(0, host.io.take().status());
      for (int i = 0; i < 5; i++) {
        assertNotEquals(0, host.io.take().status());
      }
      assertEquals(0, host.io.take().status());
      assertEquals(1, seen(host, 0));
      assertEquals(BLOCKS - 1, seen(host, 1));
      assertEquals(2, seen(host, 7));
    }
  }

  @Test
  void writeComesBetweenTheReadsBeforeAndAfterIt() throws IOException {
    try (NvmeHost host = mapped()) {
      long from = NvmeHost.DATA + 9 * 4096L;
      host.ram.segment().set(ValueLayout.JAVA_SHORT_UNALIGNED, from - NvmeHost.MEMORY, (short) 777);
      host.io.put(read(host, 4, 0));
      host.io.put(read(host, 5, 1));
      host.io.put(host.blocks(Opcode.WRITE, 5, 1).pages(from, 0));
      host.io.put(read(host, 5, 2));
      host.io.put(read(host, 6, 3));
      host.io.ring();
      for (int i = 0; i < 5; i++) {
        assertEquals(0, host.io.take().status());
      }
      assertEquals(
          List.of(4, 5, 777, 6), List.of(0, 1, 2, 3).stream().map(p -> seen(host, p)).toList());
    }
  }

  @Test
  void completionsComeInTheOrderOfCommandsHoweverTheirDataLie() throws IOException {
    try (NvmeHost host = mapped()) {
      List<Integer> given = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        // Every third one goes to two places, every fifth one does not exist.
        int count = i % 3 == 0 ? 16 : 1;
        NvmeHost.Entry entry =
            host.blocks(Opcode.READ, i % 5 == 0 ? BLOCKS : i, count)
                .pages(NvmeHost.DATA + i * 4096L, NvmeHost.DATA + (40 + i) * 4096L);
        given.add(entry.id());
        host.io.put(entry);
      }
      host.io.ring();
      List<Integer> ended = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        NvmeHost.Completion completion = host.io.take();
        assertEquals(
            i % 5 == 0 ? Status.LBA_OUT_OF_RANGE & Status.CODE_MASK : 0, completion.code());
        ended.add(completion.command());
        if (i % 5 != 0) {
          assertEquals(i, seen(host, i));
        }
      }
      assertEquals(given, ended);
    }
  }

  @Test
  void noMoreReadsAreCompletedThanThereIsRoomFor() throws IOException {
    try (NvmeHost host = mapped()) {
      NvmeHost.Queue small = host.createQueue(2, 4, 2);
      for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 3; i++) {
          small.put(read(host, i, i));
        }
        small.ring();
        for (int i = 0; i < 3; i++) {
          assertEquals(0, small.peek().status());
        }
        for (int i = 0; i < 3; i++) {
          small.put(read(host, 10 + i, i));
        }
        small.ring();
        assertFalse(small.hasCompletion(), "no room until the host tells what it saw");
        host.write(RegisterMap.DOORBELLS + 8 * 2 + 4, small.head);
        for (int i = 0; i < 3; i++) {
          assertEquals(0, small.take().status());
          assertEquals(10 + i, seen(host, i));
        }
      }
    }
  }

  @Test
  void readsThatTheHostCannotDoFailAmongOthersThatItCan() throws IOException {
    try (NvmeHost host = mapped()) {
      try (FileChannel image = FileChannel.open(folder.resolve("disk.img"), WRITE)) {
        image.truncate(NvmeHost.DISK / 2);
      }
      for (int i = 0; i < 6; i++) {
        host.io.put(read(host, i % 3 == 1 ? BLOCKS - 1 - i : i, i));
      }
      host.io.ring();
      for (int i = 0; i < 6; i++) {
        int code = i % 3 == 1 ? Status.READ_ERROR & Status.CODE_MASK : 0;
        assertEquals(code, host.io.take().code(), "read " + i);
        if (code == 0) {
          assertEquals(i, seen(host, i));
        }
      }
    }
  }

  @Test
  void commandsInReachAreExecutedBeforeOneThatIsNot() {
    try (NvmeHost host = NvmeHost.ready()) {
      // A queue whose second half is behind the end of memory.
      long base = NvmeHost.MEMORY_END - 4096;
      int entries = 2 * 4096 / RegisterMap.SUBMISSION_SIZE;
      int inReach = entries / 2;
      NvmeHost.Entry create =
          host.entry(Opcode.CREATE_SUBMISSION_QUEUE)
              .pages(base, 0)
              .dword(10, 2 | entries - 1 << 16)
              .dword(11, 1 | 1 << 16);
      assertEquals(0, host.admin.run(create).status());
      for (int i = 0; i < inReach; i++) {
        read(host, i, 0).write(base + (long) i * RegisterMap.SUBMISSION_SIZE);
      }
      int done = 0;
      for (int tail : new int[] {5, 25, 45, inReach + 1}) {
        host.write(RegisterMap.DOORBELLS + 8 * 2, tail);
        while (host.io.hasCompletion()) {
          assertEquals(0, host.io.take().status());
          done++;
        }
      }
      assertEquals(inReach, done);
      assertEquals(
          RegisterMap.CSTS_FATAL, host.read(RegisterMap.CSTS) & RegisterMap.CSTS_FATAL, "fatal");
    }
  }
}
