package orrery.machine.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BusTest {
  private static final int ALL = 1 | 2 | 4 | 8;

  private final Bus bus = new Bus();

  /** Answers reads with the offset and remembers the last access. */
  private static final class Recorder implements MmioDevice {
    private final int widths;
    private long offset = -1;
    private int width;
    private long value;

    Recorder(int widths) {
      this.widths = widths;
    }

    @Override
    public int widths() {
      return widths;
    }

    @Override
    public long read(long at, int accessWidth) {
      offset = at;
      width = accessWidth;
      return at;
    }

    @Override
    public void write(long at, int accessWidth, long written) {
      offset = at;
      width = accessWidth;
      value = written;
    }
  }

  @Test
  void callsTheDeviceWithTheOffsetInItsRange() {
    Recorder device = new Recorder(ALL);
    bus.attach("device", 0x1000, 0x100, device);
    assertEquals(0x18, bus.read(0x1018, 8));
    assertEquals(0xff, bus.read(0x10ff, 1));
    bus.write(0x1042, 2, 0x12345678);
    assertEquals(0x42, device.offset);
    assertEquals(2, device.width);
    assertEquals(0x5678, device.value, "only the width's bits");
    bus.write(0x1040, 8, -1);
    assertEquals(-1, device.value);
  }

  @Test
  void rangeIsAWayToOneDevice() {
    Recorder device = new Recorder(1 | 4);
    bus.attach("device", 0x1000, 0x100, device);
    BusRange range = bus.range(0x1040, 0x20);
    bus.attach("later", 0x2000, 0x100, new Recorder(ALL));
    assertEquals(0x44, range.read(4, 4));
    range.write(0x1f, 1, 0x1234);
    assertEquals(0x5f, device.offset);
    assertEquals(0x34, device.value);
    for (long at : new long[] {-4, 2, 0x20, 0x1e, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThrows(BusFault.class, () -> range.read(at, 4), Long.toHexString(at));
      assertThrows(BusFault.class, () -> range.write(at, 4, 0), Long.toHexString(at));
    }
    assertThrows(BusFault.class, () -> range.read(0, 2), "a width that the device has not");
  }

  @Test
  void rangeLiesInOneDevice() {
    bus.attach("low", 0x1000, 0x100, new Recorder(ALL));
    bus.attach("high", 0x1100, 0x100, new Recorder(ALL));
    bus.range(0x1000, 0x100);
    assertThrows(BusFault.class, () -> bus.range(0x1000, 0x101));
    assertThrows(BusFault.class, () -> bus.range(0xfff, 2));
    assertThrows(BusFault.class, () -> bus.range(0x1200, 1));
    assertThrows(BusFault.class, () -> bus.range(0x1000, 0));
    assertThrows(BusFault.class, () -> bus.range(0x1000, Long.MAX_VALUE));
    assertThrows(BusFault.class, () -> bus.range(0x1000, -1));
  }

  @Test
  void faultsWhereNothingIs() {
    assertThrows(BusFault.class, () -> bus.read(0, 4));
    bus.attach("low", 0x1000, 0x100, new Recorder(ALL));
    bus.attach("high", 0x3000, 0x100, new Recorder(ALL));
    for (long address : new long[] {0, 0xfff, 0x1100, 0x2000, 0x2fff, 0x3100, Long.MIN_VALUE, -1}) {
      assertThrows(BusFault.class, () -> bus.read(address, 1), Long.toHexString(address));
      assertThrows(BusFault.class, () -> bus.write(address, 1, 0), Long.toHexString(address));
    }
  }

  @Test
  void faultsOnUnalignedAccess() {
    bus.attach("device", 0x1000, 0x100, new Recorder(ALL));
    assertThrows(BusFault.class, () -> bus.read(0x1001, 2));
    assertThrows(BusFault.class, () -> bus.read(0x1002, 4));
    assertThrows(BusFault.class, () -> bus.write(0x1004, 8, 0));
  }

  @Test
  void faultsOnWidthsTheDeviceDoesNotDecode() {
    bus.attach("words", 0x1000, 0x100, new Recorder(4));
    assertEquals(0, bus.read(0x1000, 4));
    for (int width : new int[] {1, 2, 8}) {
      assertThrows(BusFault.class, () -> bus.read(0x1000, width));
    }
  }

  @Test
  void faultsOnAccessThatLeavesTheDevice() {
    bus.attach("odd", 0x1000, 0x6, new Recorder(ALL));
    assertEquals(4, bus.read(0x1004, 2));
    assertThrows(BusFault.class, () -> bus.read(0x1004, 4));
  }

  @Test
  void aDeviceIsWordsOnlyUnlessItSaysOtherwise() {
    MmioDevice plain =
        new MmioDevice() {
          @Override
          public long read(long offset, int width) {
            return 0;
          }

          @Override
          public void write(long offset, int width, long value) {}
        };
    assertEquals(4, plain.widths());
  }

  @Test
  void rejectsOverlapsAndImpossibleRanges() {
    Recorder device = new Recorder(ALL);
    bus.attach("first", 0x1000, 0x1000, device);
    for (long[] range :
        new long[][] {{0x1000, 0x1000}, {0xfff, 2}, {0x1fff, 1}, {0x1800, 8}, {0, 0x10000}}) {
      assertThrows(
          IllegalArgumentException.class, () -> bus.attach("second", range[0], range[1], device));
    }
    assertThrows(IllegalArgumentException.class, () -> bus.attach("empty", 0, 0, device));
    assertThrows(IllegalArgumentException.class, () -> bus.attach("wraps", -8, 16, device));
    assertThrows(IllegalArgumentException.class, () -> bus.attach("deaf", 0, 4, new Recorder(0)));
    bus.attach("below", 0xfff, 1, device);
    bus.attach("above", 0x2000, 1, device);
    bus.attach("top", -0x1000, 0x1000, device);
    assertEquals(0xff8, bus.read(-8, 8));
  }

  @Test
  void theFaultHasNoStackTrace() {
    BusFault fault = assertThrows(BusFault.class, () -> bus.read(0, 4));
    assertSame(BusFault.INSTANCE, fault);
    assertEquals(0, fault.getStackTrace().length);
  }

  @Property
  void everyAddressReachesTheDeviceThatCoversIt(
      @ForAll @Size(max = 20) List<@LongRange(min = 0, max = 0xffff) Long> bases,
      @ForAll @IntRange(min = 1, max = 0x2000) int size,
      @ForAll @LongRange(min = 0, max = 0x12000) long address) {
    Bus many = new Bus();
    List<Long> attached = new ArrayList<>();
    for (long base : bases) {
      boolean overlaps = attached.stream().anyMatch(b -> base < b + size && b < base + size);
      if (overlaps) {
        assertThrows(
            IllegalArgumentException.class,
            () -> many.attach("device", base, size, new Recorder(ALL)));
      } else {
        many.attach("device", base, size, new Recorder(ALL));
        attached.add(base);
      }
    }
    List<Long> covering =
        attached.stream().filter(b -> address >= b && address < b + size).toList();
    assertTrue(covering.size() <= 1);
    if (covering.isEmpty()) {
      assertThrows(BusFault.class, () -> many.read(address, 1));
    } else {
      assertEquals(address - covering.getFirst(), many.read(address, 1));
    }
  }
}
