package orrery.kernel.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import orrery.kernel.memory.FrameAllocator;
import orrery.ownership.Census;
import orrery.ownership.OwnershipException;

class DmaTest {
  private static final class Slots {
    static final RingLayout<Slots> LAYOUT = RingLayout.of(Slots.class, 4, 8, 2);
    static final Field.Header16<Slots> INDEX = LAYOUT.header16(2);
    static final Field.U32<Slots> ID = LAYOUT.u32(0);
    static final Field.U16<Slots> FLAGS = LAYOUT.u16(4);
  }

  private final SurfaceFixture surface = new SurfaceFixture();

  @AfterEach
  void free() {
    surface.close();
  }

  @Test
  void deviceReachesABufferOnlyWhileItHasIt() {
    CpuBuffer buffer = surface.dma.buffer(100, Direction.BOTH);
    buffer.writeInt(96, 0x12345678);
    DeviceBuffer lent = buffer.toDevice();
    long address = lent.address();
    assertEquals(0x12345678, surface.device.readInt(address + 96));
    assertTrue(surface.deviceWrites(address));
    CpuBuffer back = lent.toCpu();
    assertEquals(1, back.readByte(0));
    assertFalse(surface.deviceWrites(address));
    assertTrue(
        surface.violations.getLast().endsWith("memory of test device's buffer, not lent now"),
        surface.violations::toString);
    back.close();
    assertFalse(surface.deviceWrites(address));
    assertTrue(surface.violations.getLast().endsWith("never lent to a device"));
  }

  @Test
  void staleNamesOfABufferAreDefinedErrors() {
    CpuBuffer buffer = surface.dma.buffer(64, Direction.FROM_DEVICE);
    DeviceBuffer lent = buffer.toDevice();
    assertThrows(OwnershipException.class, () -> buffer.readByte(0));
    assertThrows(OwnershipException.class, () -> buffer.writeLong(0, 1));
    assertThrows(OwnershipException.class, () -> buffer.read(0, new byte[4], 0, 4));
    assertThrows(OwnershipException.class, buffer::toDevice);
    assertThrows(OwnershipException.class, buffer::close);
    CpuBuffer back = lent.toCpu();
    assertThrows(OwnershipException.class, lent::address);
    assertThrows(OwnershipException.class, lent::toCpu);
    back.close();
    assertThrows(OwnershipException.class, () -> back.readByte(0));
  }

  /** Every method of a name that has ended, by every way in which it can end. */
  @Test
  void everyUseOfANameThatHasEndedIsADefinedError() {
    CpuBuffer lentOut = surface.dma.buffer(64, Direction.BOTH);
    DeviceBuffer takenBack = lentOut.toDevice();
    CpuBuffer closed = takenBack.toCpu();
    CpuBuffer revoked = surface.dma.buffer(64, Direction.BOTH);
    DeviceBuffer revokedThere = surface.dma.buffer(64, Direction.BOTH).toDevice();
    closed.close();
    surface.resources.revokeAll();
    for (CpuBuffer name : List.of(lentOut, closed, revoked)) {
      for (Executable use : usesOf(name)) {
        assertThrows(OwnershipException.class, use);
      }
    }
    for (DeviceBuffer name : List.of(takenBack, revokedThere)) {
      for (Executable use : List.<Executable>of(name::address, name::length, name::toCpu)) {
        assertThrows(OwnershipException.class, use);
      }
    }
  }

  /** Without birth places a name ends when the device gets the buffer, and for good at the end. */
  @Test
  void namesWithoutBirthPlacesAreCheckedToo() {
    try (SurfaceFixture plain = new SurfaceFixture(Census.ofHandles())) {
      CpuBuffer buffer = plain.dma.buffer(64, Direction.BOTH);
      DeviceBuffer lent = buffer.toDevice();
      List<Executable> uses = new ArrayList<>(usesOf(buffer));
      uses.remove(0); // its length is the same for both
      for (Executable use : uses) {
        assertThrows(OwnershipException.class, use);
      }
      CpuBuffer back = lent.toCpu();
      assertThrows(OwnershipException.class, lent::address);
      assertThrows(OwnershipException.class, lent::toCpu);
      back.close();
      for (Executable use : usesOf(back)) {
        assertThrows(OwnershipException.class, use);
      }
      assertThrows(OwnershipException.class, lent::length);
      DevicePages pages = plain.dma.pages(2, Direction.BOTH).toDevice();
      plain.resources.revokeAll();
      assertThrows(OwnershipException.class, pages::count);
      assertThrows(OwnershipException.class, pages::toCpu);
    }
  }

  private static List<Executable> usesOf(CpuBuffer name) {
    return List.of(
        name::length,
        () -> name.readByte(0),
        () -> name.readShort(0),
        () -> name.readInt(0),
        () -> name.readLong(0),
        () -> name.writeByte(0, 1),
        () -> name.writeShort(0, 1),
        () -> name.writeInt(0, 1),
        () -> name.writeLong(0, 1),
        () -> name.read(0, new byte[4], 0, 4),
        () -> name.write(0, new byte[4], 0, 4),
        name::toDevice,
        name::close);
  }

  @Test
  void everyUseOfAScatterListThatHasEndedIsADefinedError() {
    CpuPages lentOut = surface.dma.pages(2, Direction.BOTH);
    DevicePages takenBack = lentOut.toDevice();
    CpuPages closed = takenBack.toCpu();
    CpuPages revoked = surface.dma.pages(2, Direction.BOTH);
    DevicePages revokedThere = surface.dma.pages(2, Direction.BOTH).toDevice();
    closed.close();
    surface.resources.revokeAll();
    for (CpuPages name : List.of(lentOut, closed, revoked)) {
      for (Executable use :
          List.<Executable>of(
              name::count,
              name::length,
              () -> name.read(0, new byte[4], 0, 4),
              () -> name.write(0, new byte[4], 0, 4),
              name::toDevice,
              name::close)) {
        assertThrows(OwnershipException.class, use);
      }
    }
    for (DevicePages name : List.of(takenBack, revokedThere)) {
      for (Executable use :
          List.<Executable>of(name::count, name::length, () -> name.address(0), name::toCpu)) {
        assertThrows(OwnershipException.class, use);
      }
    }
  }

  /** Else a field of the larger layout would lead out of a ring of the smaller one. */
  @Test
  void classNamesOneLayoutOnly() {
    assertThrows(IllegalArgumentException.class, () -> RingLayout.of(Slots.class, 16));
    RingLayout<Slots> same = RingLayout.of(Slots.class, 4, 8, 2);
    assertEquals(Slots.LAYOUT.size(3), same.size(3));
  }

  @Test
  void accessOutsideABufferIsADefinedError() {
    CpuBuffer buffer = surface.dma.buffer(100, Direction.BOTH);
    assertThrows(IndexOutOfBoundsException.class, () -> buffer.readByte(100));
    assertThrows(IndexOutOfBoundsException.class, () -> buffer.readInt(97));
    assertThrows(IndexOutOfBoundsException.class, () -> buffer.writeByte(-1, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> buffer.write(90, new byte[20], 0, 11));
    assertThrows(IndexOutOfBoundsException.class, () -> buffer.write(0, new byte[20], 0, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> buffer.read(0, new byte[8], 4, 5));
    assertThrows(IndexOutOfBoundsException.class, () -> buffer.readLong(Integer.MAX_VALUE));
    assertThrows(IndexOutOfBoundsException.class, () -> buffer.readLong(Integer.MIN_VALUE));
    buffer.close();
  }

  @Test
  void memoryComesZeroed() {
    CpuBuffer buffer = surface.dma.buffer(64, Direction.BOTH);
    buffer.writeLong(0, -1);
    buffer.close();
    CpuBuffer again = surface.dma.buffer(64, Direction.BOTH);
    assertEquals(0, again.readLong(0));
    again.close();
  }

  @Test
  void ringIsBothsUntilItIsClosed() {
    Ring<Slots> ring = surface.dma.ring(Slots.LAYOUT, 8, Direction.BOTH);
    ring.set(7, Slots.ID, 77);
    ring.set(7, Slots.FLAGS, -1);
    ring.setRelease(Slots.INDEX, 9);
    assertEquals(77, surface.device.readInt(ring.address() + 4 + 7 * 8));
    assertEquals(9, surface.device.readShort(ring.address() + 2));
    assertEquals(ring.address() + 4 + 7 * 8, ring.address(7));
    surface.device.writeShort(ring.address(7) + 4, (short) 5);
    assertEquals(5, ring.get(7, Slots.FLAGS));
    assertEquals(9, ring.getAcquire(Slots.INDEX));
    long address = ring.address();
    ring.close();
    assertFalse(surface.deviceWrites(address));
    assertThrows(OwnershipException.class, () -> ring.get(0, Slots.ID));
    assertThrows(OwnershipException.class, ring::address);
  }

  @Test
  void entriesThatDoNotExistAreDefinedErrors() {
    Ring<Slots> ring = surface.dma.ring(Slots.LAYOUT, 8, Direction.BOTH);
    for (int index : new int[] {-1, 8, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThrows(IndexOutOfBoundsException.class, () -> ring.get(index, Slots.ID));
      assertThrows(IndexOutOfBoundsException.class, () -> ring.set(index, Slots.FLAGS, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> ring.address(index));
    }
    ring.close();
  }

  @Test
  void scatterListLooksLikeOneRange() {
    CpuPages pages = surface.dma.pages(3, Direction.BOTH);
    byte[] sent = new byte[9000];
    new Random(1).nextBytes(sent);
    pages.write(3000, sent, 0, sent.length);
    DevicePages lent = pages.toDevice();
    assertThrows(OwnershipException.class, () -> pages.read(0, sent, 0, 1));
    byte[] seen = new byte[3 * 4096];
    for (int i = 0; i < lent.count(); i++) {
      surface.device.read(lent.address(i), seen, i * 4096, 4096);
    }
    CpuPages back = lent.toCpu();
    byte[] read = new byte[9000];
    back.read(3000, read, 0, read.length);
    assertEquals(
        java.util.HexFormat.of().formatHex(sent), java.util.HexFormat.of().formatHex(read));
    assertEquals(sent[0], seen[3000]);
    assertThrows(IndexOutOfBoundsException.class, () -> back.read(3 * 4096 - 1, read, 0, 2));
    back.close();
  }

  @Test
  void revocationTakesEverythingAndTheCensusNamesItBefore() {
    surface.dma.buffer(64, Direction.BOTH);
    Ring<Slots> ring = surface.dma.ring(Slots.LAYOUT, 8, Direction.BOTH);
    DevicePages lent = surface.dma.pages(2, Direction.BOTH).toDevice();
    long page = lent.address(1);
    assertTrue(surface.deviceWrites(page));
    List<String> survivors = new ArrayList<>();
    surface.census.survivors().forEach(s -> survivors.add(s.type() + " " + s.birthPlace()));
    assertEquals(4, survivors.size());
    assertTrue(survivors.get(1).startsWith("CpuBuffer orrery.kernel"), survivors::toString);
    assertTrue(survivors.get(3).startsWith("DevicePages orrery.kernel"), survivors::toString);
    assertEquals(4, surface.resources.revokeAll());
    assertEquals(0, surface.census.live());
    assertFalse(surface.deviceWrites(page));
    assertThrows(OwnershipException.class, () -> ring.set(0, Slots.ID, 1));
    assertThrows(OwnershipException.class, lent::toCpu);
    assertThrows(OwnershipException.class, () -> surface.dma.buffer(64, Direction.BOTH));
  }

  @Test
  void memoryThatIsNotThereIsAHardwareException() {
    assertThrows(HardwareException.class, () -> surface.dma.buffer((4 << 20) + 1, Direction.BOTH));
    List<CpuBuffer> taken = new ArrayList<>();
    assertThrows(
        HardwareException.class,
        () -> {
          while (true) {
            taken.add(surface.dma.buffer(1 << 20, Direction.BOTH));
          }
        });
    assertTrue(taken.size() > 6, "only " + taken.size());
  }

  /** All of memory was in use, and freed in no order but for a frame here and there. */
  @Test
  void largeBufferIsFoundInMemoryThatWasUsedAllOver() {
    surface.dma.buffer(1 << 20, Direction.BOTH).close(); // so that its MiB is the pool's
    List<Long> used = new ArrayList<>();
    for (long f = surface.frames.allocate(); f != FrameAllocator.NONE; ) {
      used.add(f);
      f = surface.frames.allocate();
    }
    Collections.shuffle(used, new Random(2));
    int mebibytesInUse = 5;
    Set<Long> kept = new HashSet<>();
    for (long frame : used) {
      if (kept.size() < mebibytesInUse && kept.add(frame >> 20)) {
        continue;
      }
      surface.frames.release(frame);
    }
    List<CpuBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < 16 - mebibytesInUse; i++) {
      CpuBuffer buffer = surface.dma.buffer(1 << 20, Direction.BOTH);
      buffer.writeLong((1 << 20) - 8, i);
      buffers.add(buffer);
    }
    assertThrows(HardwareException.class, () -> surface.dma.buffer(1 << 20, Direction.BOTH));
    for (int i = 0; i < buffers.size(); i++) {
      assertEquals(i, buffers.get(i).readLong((1 << 20) - 8));
    }
  }

  /** Buffers of random sizes never share a byte, whatever is freed in between. */
  @Property(tries = 50)
  void buffersNeverOverlap(@ForAll long seed) {
    try (SurfaceFixture fresh = new SurfaceFixture()) {
      Random random = new Random(seed);
      Map<Integer, CpuBuffer> live = new HashMap<>();
      for (int i = 1; i < 300; i++) {
        if (live.size() > 20 || random.nextInt(3) == 0 && !live.isEmpty()) {
          Integer key = live.keySet().iterator().next();
          CpuBuffer gone = live.remove(key);
          check(key, gone);
          gone.close();
        } else {
          CpuBuffer made = fresh.dma.buffer(4 + random.nextInt(20000), Direction.BOTH);
          for (int at = 0; at + 4 <= made.length(); at += 4) {
            made.writeInt(at, i);
          }
          live.put(i, made);
        }
      }
      live.forEach(DmaTest::check);
    }
  }

  private static void check(int key, CpuBuffer buffer) {
    for (int at = 0; at + 4 <= buffer.length(); at += 4) {
      assertEquals(key, buffer.readInt(at));
    }
  }
}
