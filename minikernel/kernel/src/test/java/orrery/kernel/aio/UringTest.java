package orrery.kernel.aio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.MapFlag;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.disk.VolumeFixture;
import orrery.kernel.fs.FileTable;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.wait.Caller;

/** io_uring(7) on a block device, as a program uses it: through its mappings. */
class UringTest {
  private static final long VA = VolumeFixture.MEMORY;
  private static final long PARAMETERS = VA + 0x8_0000;
  private static final int NOP = 0;
  private static final int FSYNC = 3;
  private static final int READ_FIXED = 4;
  private static final int SYNC_FILE_RANGE = 8;
  private static final int READ = 22;
  private static final int WRITE = 23;
  private static final int DRAIN = 2;
  private static final int LINK = 4;
  private static final int REGISTER_BUFFERS = 0;
  private static final int REGISTER_FILES = 2;
  private static final int REGISTER_PROBE = 8;

  private static RingThreads.RingThread noThread(Caller c, String name, RingThreads.Work work) {
    throw ErrnoException.of(Errno.EAGAIN);
  }

  /** A program with a ring. */
  private static final class Program implements AutoCloseable {
    final VolumeFixture f = VolumeFixture.ofRandomBytes(1 << 20);
    final FileTable files = f.vfs().newFileTable();
    final int fd = files.install(f.open("nvme0n1", OpenFlag.O_RDWR | OpenFlag.O_DIRECT), false);
    final Uring ring;
    final long rings;
    final long completions;
    final long entries;
    final int size;

    /** What the kernel told: a read may go over it in memory. */
    private final int[] parameters = new int[30];

    private int tail;
    private int head;

    Program(int wanted) {
      f.space().clear(PARAMETERS, 120);
      ring = UringSetup.make(f.vfs(), UringTest::noThread, f.caller(), wanted, PARAMETERS);
      size = f.space().readInt(PARAMETERS);
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] = f.space().readInt(PARAMETERS + i * 4L);
      }
      rings = map(0, 1 << 16);
      completions = map(0x800_0000, 1 << 16);
      entries = map(0x1000_0000, size * 64L);
    }

    private long map(long offset, long length) {
      return f.space()
          .layout()
          .map(
              0,
              length,
              MapFlag.PROT_READ | MapFlag.PROT_WRITE,
              MapFlag.MAP_SHARED,
              ring.mapping(),
              offset,
              true,
              null);
    }

    private int offset(int of) {
      return parameters[of / 4];
    }

    void entry(int opcode, int file, long address, int length, long offset, long data) {
      long at = entries + (tail % size) * 64L;
      f.space().clear(at, 64);
      f.space().writeByte(at, (byte) opcode);
      f.space().writeInt(at + 4, file);
      f.space().writeLong(at + 8, offset);
      f.space().writeLong(at + 16, address);
      f.space().writeInt(at + 24, length);
      f.space().writeLong(at + 32, data);
      f.space().writeInt(rings + offset(64) + tail % size * 4L, tail % size);
      tail++;
      f.space().writeInt(rings + offset(44), tail);
    }

    /** The entry that was written last gets flags. */
    void flags(int flags) {
      f.space().writeByte(entries + ((tail - 1) % size) * 64L + 1, (byte) flags);
    }

    long enter(int submits, int least) {
      return f.call(() -> ring.enter(f.caller(), files, submits, least, 1));
    }

    /** The next completion's result; fails if it is not of that entry. */
    int result(long data) {
      assertTrue(f.space().readInt(completions + offset(84)) > head, "nothing has ended");
      long at = completions + offset(100) + (head & offset(4) - 1) * 16L;
      assertEquals(data, f.space().readLong(at));
      head++;
      f.space().writeInt(completions + offset(80), head);
      return f.space().readInt(at + 8);
    }

    @Override
    public void close() {
      ring.drop();
      files.close(fd);
      f.close();
    }
  }

  @Test
  void readsAndWritesGoOnBesideTheProgram() {
    try (Program p = new Program(4)) {
      p.f.disk().slow = true;
      p.entry(READ, p.fd, VA, 4096, 8192, 1);
      p.entry(WRITE, p.fd, VA + 8192, 4096, 16384, 2);
      p.entry(NOP, -1, 0, 0, 0, 3);
      assertEquals(3, p.enter(3, 0));
      assertEquals(0, p.result(3));
      assertEquals(2, p.f.disk().pending());
      assertEquals(0, p.enter(0, 2));
      assertEquals(4096, p.result(1));
      assertEquals(4096, p.result(2));
      assertArrayEquals(Arrays.copyOfRange(p.f.disk().bytes, 8192, 12288), p.f.bytes(VA, 4096));
      p.entry(FSYNC, p.fd, 0, 0, 0, 4);
      assertEquals(1, p.enter(1, 1));
      assertEquals(0, p.result(4));
      assertEquals("FLUSH 0+0", p.f.disk().log.getLast());
    }
  }

  @Test
  void chainOnADeviceGoesOnWhenItsFirstPartHasEnded() {
    try (Program p = new Program(4)) {
      p.f.disk().slow = true;
      p.entry(WRITE, p.fd, VA, 4096, 16384, 1);
      p.flags(LINK);
      p.entry(READ, p.fd, VA + 8192, 4096, 16384, 2);
      assertEquals(2, p.enter(2, 0));
      assertEquals(1, p.f.disk().pending());
      assertEquals(0, p.enter(0, 2));
      assertEquals(4096, p.result(1));
      assertEquals(4096, p.result(2));
      assertArrayEquals(p.f.bytes(VA, 4096), p.f.bytes(VA + 8192, 4096));
    }
  }

  @Test
  void whatDrainsWaitsForTheDevice() {
    try (Program p = new Program(4)) {
      p.f.disk().slow = true;
      p.entry(READ, p.fd, VA, 4096, 0, 1);
      p.entry(NOP, -1, 0, 0, 0, 2);
      p.flags(DRAIN);
      p.entry(READ, p.fd, VA + 8192, 4096, 8192, 3);
      assertEquals(3, p.enter(3, 0));
      assertEquals(1, p.f.disk().pending());
      assertEquals(0, p.enter(0, 3));
      assertEquals(4096, p.result(1));
      assertEquals(0, p.result(2));
      assertEquals(4096, p.result(3));
    }
  }

  @Test
  void registeredBuffersAndFilesAreUsedByNumber() {
    try (Program p = new Program(4)) {
      p.f.space().writeLong(PARAMETERS + 512, VA);
      p.f.space().writeLong(PARAMETERS + 520, 8192);
      p.f.space().writeInt(PARAMETERS + 600, p.fd);
      UringResources r = p.ring.resources();
      assertEquals(0, r.register(p.f.caller(), p.files, REGISTER_BUFFERS, PARAMETERS + 512, 1));
      assertEquals(0, r.register(p.f.caller(), p.files, REGISTER_FILES, PARAMETERS + 600, 1));
      p.entry(READ_FIXED, 0, VA, 4096, 0, 1);
      p.f.space().writeByte(p.entries + 1, (byte) 1);
      p.entry(READ_FIXED, 0, VA + 8192, 512, 0, 2);
      p.f.space().writeByte(p.entries + 65, (byte) 1);
      p.entry(READ_FIXED, 7, VA, 512, 0, 3);
      p.f.space().writeByte(p.entries + 129, (byte) 1);
      assertEquals(3, p.enter(3, 3));
      assertEquals(-Errno.EFAULT, p.result(2));
      assertEquals(-Errno.EBADF, p.result(3));
      assertEquals(4096, p.result(1));
    }
  }

  @Test
  void completionsWithoutRoomComeLater() {
    try (Program p = new Program(2)) {
      for (int i = 0; i < 6; i++) {
        p.entry(NOP, -1, 0, 0, 0, i);
        assertEquals(1, p.enter(1, 0));
      }
      for (int i = 0; i < 4; i++) {
        assertEquals(0, p.result(i));
      }
      p.enter(0, 0);
      assertEquals(0, p.result(4));
      assertEquals(0, p.result(5));
    }
  }

  @Test
  void probeTellsWhatIsKnown() {
    try (Program p = new Program(2)) {
      long at = PARAMETERS + 512;
      p.f.space().clear(at, 16 + 64 * 8);
      assertEquals(0, p.ring.resources().register(p.f.caller(), p.files, REGISTER_PROBE, at, 64));
      assertEquals(1, p.f.space().readShort(at + 16 + READ * 8 + 2));
      assertEquals(0, p.f.space().readShort(at + 16 + SYNC_FILE_RANGE * 8 + 2));
    }
  }

  @Property(tries = 100)
  void nonsenseInTheRingsIsAnErrorAtMost(@ForAll long seed) {
    Random random = new Random(seed);
    try (Program p = new Program(1 << random.nextInt(4))) {
      for (int i = 0; i < 20; i++) {
        p.entry(
            random.nextBoolean() ? random.nextInt(30) : READ + random.nextInt(2),
            random.nextInt(4) == 0 ? random.nextInt() : p.fd,
            random.nextInt(4) == 0 ? random.nextLong() : VA + random.nextInt(1000) * 4L,
            random.nextInt() >>> random.nextInt(32),
            random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(100) * 512L,
            i);
        long at = p.entries + random.nextInt(p.size) * 64L + random.nextInt(16) * 4L;
        p.f.space().writeInt(at, random.nextInt() >> random.nextInt(32));
        long word = p.rings + random.nextInt(40) * 4L;
        p.f.space().writeInt(word, random.nextInt() >> random.nextInt(32));
        try {
          long n = p.enter(random.nextInt(5), 0);
          assertTrue(n >= -4095 && n <= p.size, "answer " + n);
        } catch (ErrnoException e) {
          assertTrue(e.errno() > 0);
        }
      }
      OpenFile file = p.files.get(p.fd);
      assertTrue(file.isReadable());
    }
  }
}
