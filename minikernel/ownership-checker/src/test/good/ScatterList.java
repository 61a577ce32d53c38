package good;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import lib.CpuBuffer;
import lib.Device;
import lib.DeviceBuffer;
import lib.IoError;
import lib.Queue;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Owned;
import orrery.ownership.OwnedList;
import orrery.ownership.Range;

/** A transfer of many pages: mapped for the device as one list, taken back as one list. */
final class ScatterList {
  private static final int PAGE = 4096;

  private ScatterList() {}

  /** A part of a transfer, while the CPU has it. */
  @Owned
  record Segment(CpuBuffer page, int offset, int length) {
    @Move
    Mapped map() {
      return new Mapped(page.toDevice(), offset, length);
    }

    @Move
    void free() {
      page.free();
    }
  }

  /** A part of a transfer, while the device has it. */
  @Owned
  record Mapped(DeviceBuffer page, int offset, int length) {
    @Move
    Segment unmap() {
      return new Segment(page.complete(), offset, length);
    }
  }

  /** The pages of {@code bytes} bytes. */
  static OwnedList<Segment> allocate(int bytes) throws IoError {
    OwnedList<Segment> list = new OwnedList<>();
    for (int at = 0; at < bytes; at += PAGE) {
      CpuBuffer page = CpuBuffer.tryAllocate(PAGE);
      if (page == null) {
        list.drain(Segment::free);
        list.close();
        throw new IoError("no memory for " + bytes);
      }
      list.addLast(new Segment(page, 0, Math.min(PAGE, bytes - at)));
    }
    return list;
  }

  static OwnedList<Mapped> map(@Move OwnedList<Segment> segments) {
    OwnedList<Mapped> mapped = new OwnedList<>();
    segments.drain(s -> mapped.addLast(s.map()));
    segments.close();
    return mapped;
  }

  static OwnedList<Segment> unmap(@Move OwnedList<Mapped> mapped) {
    OwnedList<Segment> segments = new OwnedList<>();
    for (Mapped m = mapped.removeFirst(); m != null; m = mapped.removeFirst()) {
      segments.addLast(m.unmap());
    }
    mapped.close();
    return segments;
  }

  static int sum(OwnedList<Segment> segments) {
    int[] sum = new int[1];
    segments.forEach(
        s -> {
          for (int i = 0; i < s.length(); i++) {
            sum[0] += s.page().read(s.offset() + i);
          }
        });
    return sum[0];
  }

  /** Sends a transfer and waits for it; what comes back is as long as the device says. */
  static int transfer(Queue queue, Device device, int bytes) throws IoError {
    OwnedList<Mapped> mapped = map(allocate(bytes));
    try {
      queue.ring();
      int length = Range.length(device.length(), bytes);
      return length;
    } catch (OutOfRangeException e) {
      throw new IoError("the device lies: " + e.getMessage());
    } finally {
      OwnedList<Segment> back = unmap(mapped);
      back.drain(s -> s.free());
      back.close();
    }
  }

  /** Splits the first segment off, if it is long enough. */
  @Nullable
  static Segment split(OwnedList<Segment> segments, int least) {
    if (segments.isEmpty()) {
      return null;
    }
    if (segments.first().length() < least) {
      return null;
    }
    return segments.removeFirst();
  }

  static int lengths(List<Integer> lengths) throws IoError {
    int total = 0;
    Iterator<Integer> all = lengths.iterator();
    outer:
    while (true) {
      OwnedList<Segment> list;
      try {
        list = allocate(all.next());
      } catch (NoSuchElementException e) {
        break outer;
      }
      Segment first = split(list, 16);
      if (first instanceof Segment(CpuBuffer page, int offset, int length)) {
        total += page.read(offset) + length;
        page.free();
      }
      list.drain(Segment::free);
      list.close();
    }
    return total;
  }
}
