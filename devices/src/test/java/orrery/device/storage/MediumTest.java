package orrery.device.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import orrery.machine.MachineException;

class MediumTest {
  private static final int SIZE = 300_000;

  @TempDir Path folder;

  private Path image(int fill) throws IOException {
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, (byte) fill);
    return Files.write(folder.resolve("disk.img"), bytes);
  }

  /** Random writes, discards and reads are as an array of bytes has them. */
  private static void exercise(Medium medium, byte[] model, Random random) throws IOException {
    for (int step = 0; step < 200; step++) {
      int offset = random.nextInt(model.length);
      int length = 1 + random.nextInt(Math.min(100_000, model.length - offset));
      switch (random.nextInt(5)) {
        case 0 -> {
          byte[] bytes = new byte[length];
          random.nextBytes(bytes);
          medium.write(offset, MemorySegment.ofArray(bytes), 0, length);
          System.arraycopy(bytes, 0, model, offset, length);
        }
        case 1 -> {
          medium.discard(offset, length);
          Arrays.fill(model, offset, offset + length, (byte) 0);
        }
        case 2 -> {
          medium.zero(offset, length);
          Arrays.fill(model, offset, offset + length, (byte) 0);
        }
        case 3 -> medium.flush(offset, length);
        default -> {
          byte[] bytes = new byte[length];
          medium.read(offset, MemorySegment.ofArray(bytes), 0, length);
          assertArrayEquals(Arrays.copyOfRange(model, offset, offset + length), bytes);
        }
      }
    }
    medium.flush();
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void aMappedFileKeepsData() throws IOException {
    Path image = image(7);
    byte[] model = filled(7);
    try (Medium medium = new MappedFile(image, false)) {
      exercise(medium, model, new Random(1));
    }
    assertArrayEquals(model, Files.readAllBytes(image));
  }

  @Test
  void aDirectFileKeepsData() throws IOException {
    Path image = image(7);
    byte[] model = filled(7);
    try (Medium medium = new DirectFile(image, false)) {
      exercise(medium, model, new Random(2));
    }
    assertArrayEquals(model, Files.readAllBytes(image));
  }

  @Test
  void anOverlayKeepsDataAndLeavesTheImageAlone() throws IOException {
    Path image = image(7);
    try (Medium medium = new SparseMemory(new MappedFile(image, true))) {
      exercise(medium, filled(7), new Random(3));
    }
    assertArrayEquals(filled(7), Files.readAllBytes(image));
  }

  @Property(tries = 20)
  void memoryKeepsData(@ForAll long seed) throws IOException {
    try (Medium medium = new SparseMemory(SIZE)) {
      exercise(medium, new byte[SIZE], new Random(seed));
    }
  }

  @Property(tries = 20)
  void aVolatileCacheKeepsDataWhileThePowerIsOn(@ForAll long seed) throws IOException {
    try (Medium medium = new VolatileCache(new SparseMemory(SIZE), seed)) {
      exercise(medium, new byte[SIZE], new Random(seed));
    }
  }

  @Test
  void anImageHasOneWriter() throws IOException {
    Path image = image(0);
    try (Medium medium = new MappedFile(image, false)) {
      assertEquals(SIZE, medium.size());
      MachineException refused =
          assertThrows(MachineException.class, () -> new DirectFile(image, false));
      assertTrue(refused.getMessage().contains("in use"), refused.getMessage());
    }
    new MappedFile(image, false).close();
  }

  @Test
  void whatIsNoImageIsRefused() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty"));
    for (Path wrong : new Path[] {empty, folder, folder.resolve("none")}) {
      assertThrows(MachineException.class, () -> new MappedFile(wrong, false));
      assertThrows(MachineException.class, () -> new DirectFile(wrong, false));
    }
  }

  /** What was there stays, what was added is the file's, and both can be written. */
  private void grows(Medium medium, Path image, int fill) throws IOException {
    byte[] bytes = {1, 2, 3};
    medium.write(SIZE - 3, MemorySegment.ofArray(bytes), 0, 3);
    assertFalse(medium.grow(), "nothing has changed");
    byte[] longer = new byte[SIZE + 200_000];
    System.arraycopy(Files.readAllBytes(image), 0, longer, 0, SIZE);
    Arrays.fill(longer, SIZE, longer.length, (byte) fill);
    Files.write(image, longer);
    assertEquals(SIZE, medium.size(), "nobody has looked");
    assertTrue(medium.grow());
    assertEquals(longer.length, medium.size());
    System.arraycopy(bytes, 0, longer, SIZE - 3, 3);
    byte[] read = new byte[longer.length];
    medium.read(0, MemorySegment.ofArray(read), 0, read.length);
    assertArrayEquals(longer, read);
    assertFalse(medium.grow());
    exercise(medium, longer, new Random(fill));
  }

  @Test
  void filesThatTheHostMakesLongerGrow() throws IOException {
    Path image = image(4);
    try (Medium medium = new MappedFile(image, false)) {
      grows(medium, image, 5);
    }
    Path direct = image(6);
    try (Medium medium = new DirectFile(direct, false)) {
      grows(medium, direct, 7);
    }
    Path below = image(8);
    try (Medium medium = new VolatileCache(new SparseMemory(new MappedFile(below, true)), 1)) {
      grows(medium, below, 9);
    }
    Path shorter = image(1);
    try (Medium medium = new MappedFile(shorter, true)) {
      Files.write(shorter, new byte[SIZE / 2]);
      assertFalse(medium.grow());
      assertEquals(SIZE, medium.size());
    }
  }

  @Test
  void overlayOfAnImageThatHasGrownBetweenTwoMachinesKeepsWhatItHolds() throws IOException {
    Path image = image(2);
    SparseMemory.Contents contents = new SparseMemory.Contents();
    byte[] bytes = {7, 8, 9};
    try (Medium medium = new SparseMemory(new MappedFile(image, true), contents)) {
      medium.write(1000, MemorySegment.ofArray(bytes), 0, 3);
    }
    Files.write(image, new byte[2 * SIZE]);
    try (Medium medium = new SparseMemory(new MappedFile(image, true), contents)) {
      byte[] read = new byte[3];
      medium.read(1000, MemorySegment.ofArray(read), 0, 3);
      assertArrayEquals(bytes, read);
      assertEquals(2 * SIZE, medium.size());
    }
  }

  @Test
  void aTruncatedFileIsAnErrorOfTheMedium() throws IOException {
    Path image = image(1);
    try (Medium medium = new DirectFile(image, false)) {
      Files.write(image, new byte[100]);
      byte[] bytes = new byte[4096];
      assertThrows(
          IOException.class, () -> medium.read(8192, MemorySegment.ofArray(bytes), 0, 4096));
    }
  }
}
