package orrery.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static orrery.kernel.memory.MemoryFixture.PAGE;
import static orrery.kernel.memory.MemoryFixture.PRIVATE;
import static orrery.kernel.memory.MemoryFixture.READ_WRITE;
import static orrery.kernel.memory.MemoryFixture.errno;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.MapFlag;

class IoBufferTest {
  private static final long VA = 0x1000_0000;
  private static final int AREA = 8 * 4096;

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void scatteredRangesAreOneStream(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 0, max = 3000) Integer> lengths,
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 9000) Integer> pieces,
      @ForAll long seed) {
    try (MemoryFixture f = new MemoryFixture(16)) {
      AddressSpace s = f.kernel.newAddressSpace();
      MemoryFixture.map(s, VA, 40, READ_WRITE, PRIVATE);
      long vector = VA + 30 * PAGE + 4090; // crosses a page
      long at = VA;
      int total = 0;
      for (int i = 0; i < lengths.size(); i++) {
        s.writeLong(vector + 16L * i, at);
        s.writeLong(vector + 16L * i + 8, lengths.get(i));
        at += lengths.get(i) + 7;
        total += lengths.get(i);
      }
      byte[] data = new byte[total];
      new Random(seed).nextBytes(data);
      IoBuffer b = new IoBuffer().vector(s, vector, lengths.size());
      assertEquals(total, b.remaining());
      move(f, b, data, pieces, true);

      byte[] seen = new byte[total];
      int offset = 0;
      at = VA;
      for (int length : lengths) {
        s.copyIn(at, seen, offset, length);
        offset += length;
        at += length + 7;
      }
      assertArrayEquals(data, seen);

      byte[] back = new byte[total];
      move(f, b.vector(s, vector, lengths.size()), back, pieces, false);
      assertArrayEquals(data, back);
    }
  }

  /** Moves everything in pieces, by all the ways that there are. */
  private static void move(
      MemoryFixture f, IoBuffer b, byte[] data, List<Integer> pieces, boolean in) {
    long frame = f.frames.allocate();
    for (int i = 1; i < (AREA >> 12); i++) {
      f.frames.allocate(); // never used frames are neighbours
    }
    int done = 0;
    for (int i = 0; b.remaining() > 0; i++) {
      int n = (int) Math.min(b.remaining(), pieces.get(i % pieces.size()));
      if (n == 1) {
        if (in) {
          b.putByte(data[done]);
        } else {
          data[done] = b.getByte();
        }
      } else if (i % 2 == 0 && in) {
        b.put(data, done, n);
      } else if (i % 2 == 0) {
        b.get(data, done, n);
      } else if (in) {
        f.physical.copyIn(data, done, frame, n);
        b.put(frame, n);
      } else {
        b.get(frame, n);
        f.physical.copyOut(frame, data, done, n);
      }
      done += n;
      assertEquals(done, b.transferred());
    }
  }

  @Test
  void faultTellsHowFarItGot() {
    try (MemoryFixture f = new MemoryFixture(4)) {
      AddressSpace s = f.kernel.newAddressSpace();
      MemoryFixture.map(s, VA, 2, READ_WRITE, PRIVATE);
      MemoryFixture.map(s, VA + PAGE, 1, MapFlag.PROT_READ, PRIVATE);
      IoBuffer b = new IoBuffer().user(s, VA + PAGE - 100, 200);
      assertEquals(Errno.EFAULT, errno(() -> b.put(new byte[200], 0, 200)));
      assertEquals(100, b.transferred());
      assertEquals(100, b.remaining());
    }
  }

  @Test
  void refusesWhatLinuxRefuses() {
    try (MemoryFixture f = new MemoryFixture(4)) {
      AddressSpace s = f.kernel.newAddressSpace();
      MemoryFixture.map(s, VA, 2, READ_WRITE, PRIVATE);
      IoBuffer b = new IoBuffer();
      assertEquals(Errno.EFAULT, errno(() -> b.user(s, -8, 4)));
      assertEquals(Errno.EFAULT, errno(() -> b.user(s, VA, -1)));
      assertEquals(Errno.EFAULT, errno(() -> b.user(s, AddressSpace.END - 8, 16)));
      assertEquals(Errno.EINVAL, errno(() -> b.vector(s, VA, -1)));
      assertEquals(Errno.EINVAL, errno(() -> b.vector(s, VA, IoBuffer.MAX_VECTOR + 1)));
      assertEquals(Errno.EFAULT, errno(() -> b.vector(s, 0, 1)));
      s.writeLong(VA, VA);
      s.writeLong(VA + 8, -5);
      assertEquals(Errno.EINVAL, errno(() -> b.vector(s, VA, 1)));
      assertEquals(0, b.vector(s, 0, 0).remaining());
      assertEquals(IoBuffer.MAX_LENGTH, b.user(s, VA, 1L << 33).remaining());
    }
  }

  @Test
  void skipsAndZeroes() {
    try (MemoryFixture f = new MemoryFixture(4)) {
      AddressSpace s = f.kernel.newAddressSpace();
      MemoryFixture.map(s, VA, 2, READ_WRITE, PRIVATE);
      s.copyOut(new byte[] {1, 2, 3, 4, 5}, 0, VA + PAGE - 2, 5);
      IoBuffer b = new IoBuffer().user(s, VA + PAGE - 2, 5);
      b.skip(1);
      b.putZeros(3);
      byte[] seen = new byte[5];
      s.copyIn(VA + PAGE - 2, seen, 0, 5);
      assertArrayEquals(new byte[] {1, 0, 0, 0, 5}, seen);
    }
  }
}
