package orrery.kernel.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.block.DiskGeometry;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;

/** Reads and writes by every way at once, against an array. */
class VolumeModelTest {
  private static final int SIZE = 100 * 4096 + 1536;

  @Property(tries = 60)
  void everyWayShowsTheSameBytes(@ForAll long seed) {
    Random random = new Random(seed);
    int blockSize = 512;
    DiskGeometry geometry =
        DiskGeometry.of(blockSize, SIZE / blockSize)
            .withQueue(8192 << random.nextInt(4), 1 + random.nextInt(8))
            .withVolatileCache(random.nextBoolean())
            .withDiscard(64, 4096)
            .withWriteZeroes(random.nextBoolean() ? 0 : 40);
    byte[] model = new byte[SIZE];
    random.nextBytes(model);
    try (VolumeFixture f = new VolumeFixture(geometry, model)) {
      f.disk.slow = random.nextBoolean();
      OpenFile cached = f.open("nvme0n1", OpenFlag.O_RDWR);
      OpenFile direct = f.open("nvme0n1", OpenFlag.O_RDWR | OpenFlag.O_DIRECT);
      OpenFile safe = f.open("nvme0n1", OpenFlag.O_RDWR | OpenFlag.O_DSYNC);
      for (int i = 0; i < 60; i++) {
        step(f, random, model, cached, direct, safe);
      }
      assertEquals(0, f.sync(cached));
      assertArrayEquals(model, f.disk.bytes);
      cached.drop();
      direct.drop();
      safe.drop();
    }
  }

  private void step(
      VolumeFixture f,
      Random random,
      byte[] model,
      OpenFile cached,
      OpenFile direct,
      OpenFile safe) {
    boolean isDirect = random.nextInt(3) == 0;
    int unit = isDirect ? 512 : 1;
    int at = random.nextInt(SIZE / unit + 2) * unit;
    int length = random.nextInt((random.nextBoolean() ? 20_000 : 200_000) / unit) * unit;
    long va = VolumeFixture.MEMORY + random.nextInt(5000) / (isDirect ? 4 : 1) * (isDirect ? 4 : 1);
    int there = Math.max(0, Math.min(length, SIZE - at));
    OpenFile file = isDirect ? direct : random.nextInt(4) == 0 ? safe : cached;
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        byte[] data = new byte[length];
        random.nextBytes(data);
        f.put(va, data);
        long expected = length == 0 ? 0 : there == 0 ? -28 : there;
        assertEquals(expected, f.write(file, va, length, at));
        System.arraycopy(data, 0, model, Math.min(at, SIZE), there);
      }
      case 3, 4, 5 -> {
        assertEquals(there, f.read(file, va, length, at));
        byte[] wanted = Arrays.copyOfRange(model, Math.min(at, SIZE), Math.min(at, SIZE) + there);
        assertArrayEquals(wanted, f.bytes(va, there));
      }
      case 6 -> {
        if (isDirect && there > 0) {
          asynchronous(f, random, model, (AsynchronousFile) direct, va, at, there);
        }
      }
      default -> {
        int from = at / 512 * 512;
        int bytes = Math.min(there / 512 * 512, SIZE - from);
        if (bytes > 0) {
          VolumeRequests requests = new VolumeRequests(f.volumes.all().getFirst(), cached);
          long start = from;
          assertEquals(0, f.call(() -> requests.clear(f.caller, start, bytes, true)));
          Arrays.fill(model, from, from + bytes, (byte) 0);
        }
      }
    }
  }

  /** Several at once, each with a part of the range. */
  private void asynchronous(
      VolumeFixture f,
      Random random,
      byte[] model,
      AsynchronousFile file,
      long va,
      int at,
      int length) {
    boolean writing = random.nextBoolean();
    byte[] data = new byte[length];
    random.nextBytes(data);
    f.put(va, data);
    int[] left = new int[1];
    f.caller.beginCall();
    for (int done = 0; done < length; ) {
      int part = Math.min(length - done, 512 * (1 + random.nextInt(40)));
      left[0]++;
      long wanted = part;
      long begun =
          file.begin(
              f.caller,
              new IoBuffer().user(f.space, va + done, part),
              at + done,
              writing,
              false,
              result -> {
                assertEquals(wanted, result);
                left[0]--;
              });
      assertEquals(AsynchronousFile.BEGUN, begun);
      done += part;
    }
    while (left[0] > 0) {
      f.disk.finish(1 + random.nextInt(3));
    }
    if (writing) {
      System.arraycopy(data, 0, model, at, length);
    } else {
      assertArrayEquals(Arrays.copyOfRange(model, at, at + length), f.bytes(va, length));
    }
  }
}
