package orrery.device.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
