package orrery.kernel.aio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.disk.VolumeFixture;
import orrery.kernel.fs.FileTable;
import orrery.kernel.fs.event.EventFile;
import orrery.kernel.wait.Caller;

/** io_submit(2) and io_uring(7) on a block device. */
class AioCallsTest {
  private static final long VA = VolumeFixture.MEMORY;

  /** Where control blocks, entries and so on are. */
  private static final long BLOCKS = VA + 0x8_0000;

  private static final long EVENTS = VA + 0x9_0000;
  private static final int NAME = 0xf000;

  private final VolumeFixture f = VolumeFixture.ofRandomBytes(1 << 20);
  private final AioCalls aio = new AioCalls(f.vfs().frames());
  private final FileTable files = f.vfs().newFileTable();
  private final int direct =
      files.install(f.open("nvme0n1", OpenFlag.O_RDWR | OpenFlag.O_DIRECT), false);
  private final int cached = files.install(f.open("nvme0n1", OpenFlag.O_RDWR), false);

  @AfterEach
  void end() {
    files.close(direct);
    files.close(cached);
    f.close();
  }

  private long setUp(int events) {
    f.space().writeLong(VA + NAME, 0);
    assertEquals(0, aio.setUp(f.caller(), events, VA + NAME));
    return f.space().readLong(VA + NAME);
  }

  private void block(int i, int opcode, int fd, long buffer, long length, long offset) {
    long at = BLOCKS + 0x1000 + i * 64L;
    f.space().clear(at, 64);
    f.space().writeLong(at, 1000 + i);
    f.space().writeShort(at + 16, (short) opcode);
    f.space().writeInt(at + 20, fd);
    f.space().writeLong(at + 24, buffer);
    f.space().writeLong(at + 32, length);
    f.space().writeLong(at + 40, offset);
    f.space().writeLong(BLOCKS + i * 8L, at);
  }

  private long errno(LongSupplier call) {
    try {
      return call.getAsLong();
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  private long submit(long context, int count) {
    f.caller().beginCall();
    return errno(() -> aio.submit(f.caller(), files, context, count, BLOCKS));
  }

  private long getEvents(long context, int least, int most) {
    return f.call(() -> aio.getEvents(f.caller(), context, least, most, EVENTS));
  }

  @Test
  void severalAreUnderWayAtOnceAndTellTheirEnds() {
    f.disk().slow = true;
    long context = setUp(8);
    for (int i = 0; i < 4; i++) {
      block(i, 0, direct, VA + i * 0x2000L, 4096, i * 0x10000L);
    }
    assertEquals(4, submit(context, 4));
    assertEquals(4, f.disk().pending());
    assertEquals(3, getEvents(context, 3, 3));
    assertEquals(1, getEvents(context, 1, 8));
    for (int i = 0; i < 4; i++) {
      byte[] wanted = Arrays.copyOfRange(f.disk().bytes, i * 0x10000, i * 0x10000 + 4096);
      assertArrayEquals(wanted, f.bytes(VA + i * 0x2000L, 4096));
    }
    assertEquals(4096, f.space().readLong(EVENTS + 16));
    assertEquals(0, f.call(() -> aio.destroy(f.caller(), context)));
    assertEquals(-Errno.EINVAL, submit(context, 1));
  }

  @Test
  void nothingThatIsUnderWayIsTakenBack() {
    f.disk().slow = true;
    long context = setUp(8);
    block(0, 0, direct, VA, 4096, 0);
    assertEquals(1, submit(context, 1));
    long at = BLOCKS + 0x1000;
    assertEquals(-Errno.EINVAL, errno(() -> aio.cancel(f.caller(), context, at)));
    assertEquals(-Errno.EFAULT, errno(() -> aio.cancel(f.caller(), context, 8)));
    f.space().writeInt(at + 8, 1);
    assertEquals(-Errno.EINVAL, errno(() -> aio.cancel(f.caller(), context, at)));
    assertEquals(1, getEvents(context, 1, 1));
    assertEquals(4096, f.space().readLong(EVENTS + 16));
  }

  @Test
  void adjoiningBlocksAreOneRequest() {
    long context = setUp(8);
    for (int i = 0; i < 4; i++) {
      block(i, 1, direct, VA + i * 0x1000L, 4096, i * 4096L);
    }
    f.disk().log.clear();
    assertEquals(4, submit(context, 4));
    assertEquals(List.of("WRITE 0+32"), f.disk().log);
  }

  @Test
  void cachedFilesAndFsyncAreDoneAtOnce() {
    f.disk().slow = true;
    long context = setUp(8);
    block(0, 1, cached, VA, 5000, 100);
    block(1, 2, cached, 0, 0, 0);
    block(2, 0, cached, VA + 0x4000, 5000, 100);
    assertEquals(3, submit(context, 3));
    assertEquals(3, getEvents(context, 3, 3));
    assertEquals(5000, f.space().readLong(EVENTS + 16));
    assertEquals(0, f.space().readLong(EVENTS + 48));
    assertArrayEquals(f.bytes(VA, 5000), f.bytes(VA + 0x4000, 5000));
    assertArrayEquals(f.bytes(VA, 5000), Arrays.copyOfRange(f.disk().bytes, 100, 5100));
  }

  @Test
  void contextTakesNoMoreThanItWasMadeFor() {
    f.disk().slow = true;
    long context = setUp(2);
    for (int i = 0; i < 3; i++) {
      block(i, 0, direct, VA, 512, 0);
    }
    assertEquals(2, submit(context, 3));
    assertEquals(-Errno.EAGAIN, submit(context, 1));
    assertEquals(2, getEvents(context, 2, 2));
    assertEquals(1, submit(context, 1));
    assertEquals(1, getEvents(context, 1, 1));
  }

  @Test
  void eventDescriptorCountsTheEnds() {
    EventFile event = new EventFile(f.vfs(), 0, 0);
    int fd = files.install(event, false);
    long context = setUp(4);
    block(0, 0, direct, VA, 512, 0);
    f.space().writeInt(BLOCKS + 0x1000 + 56, 1);
    f.space().writeInt(BLOCKS + 0x1000 + 60, fd);
    assertEquals(1, submit(context, 1));
    assertTrue((event.poll(null) & 1) != 0);
    files.close(fd);
  }

  @Test
  void refusedBlocksEndTheSubmission() {
    long context = setUp(4);
    block(0, 0, direct, VA, 512, 0);
    block(1, 99, direct, VA, 512, 0);
    assertEquals(1, submit(context, 2));
    f.space().writeLong(BLOCKS, 0x10);
    assertEquals(-Errno.EFAULT, submit(context, 1));
    block(0, 0, 77, VA, 512, 0);
    assertEquals(-Errno.EBADF, submit(context, 1));
    block(0, 0, direct, VA, 100, 0);
    assertEquals(1, submit(context, 1)); // told by its event, as in Linux
    assertEquals(2, getEvents(context, 2, 4));
    assertEquals(-Errno.EINVAL, f.space().readLong(EVENTS + 32 + 16));
  }

  @Property(tries = 150)
  void wildBlocksAndRingsAreErrorsAtMost(@ForAll long seed) {
    Random random = new Random(seed);
    try (VolumeFixture fresh = VolumeFixture.ofRandomBytes(1 << 20)) {
      AioCalls calls = new AioCalls(fresh.vfs().frames());
      FileTable table = fresh.vfs().newFileTable();
      int fd = table.install(fresh.open("nvme0n1", OpenFlag.O_RDWR | OpenFlag.O_DIRECT), false);
      fresh.space().writeLong(VA, 0);
      calls.setUp(fresh.caller(), 4, VA);
      long context = fresh.space().readLong(VA);
      for (int i = 0; i < 20; i++) {
        for (int at = 0; at < 64; at += 4) {
          fresh.space().writeInt(BLOCKS + 64 + at, random.nextInt() >> random.nextInt(32));
        }
        if (random.nextBoolean()) {
          fresh.space().writeInt(BLOCKS + 64 + 20, fd);
          fresh.space().writeLong(BLOCKS + 64 + 48, 0);
          fresh.space().writeInt(BLOCKS + 64 + 56, 0);
          fresh.space().writeShort(BLOCKS + 64 + 16, (short) random.nextInt(9));
          fresh.space().writeLong(BLOCKS + 64 + 24, VA + random.nextInt(0x1000) * 4);
        }
        fresh.space().writeLong(BLOCKS, random.nextInt(8) == 0 ? random.nextLong() : BLOCKS + 64);
        fresh.space().writeInt(context + random.nextInt(8) * 4, random.nextInt()); // the ring too
        fresh.caller().beginCall();
        errno(() -> calls.submit(fresh.caller(), table, context, 1, BLOCKS));
        fresh.caller().beginCall();
        long to = random.nextInt(4) == 0 ? random.nextLong() : EVENTS;
        long n = errno(() -> calls.getEvents(fresh.caller(), context, 0, 4, to));
        assertTrue(n >= -4095 && n <= 4 || n == Caller.BLOCKED, "answer " + n);
      }
      table.close(fd);
    }
  }
}
