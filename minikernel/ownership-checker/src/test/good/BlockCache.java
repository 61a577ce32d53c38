package good;

import java.util.Arrays;
import lib.CpuBuffer;
import lib.Device;
import lib.IoError;
import lib.Queue;
import orrery.ownership.Borrow;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Owned;
import orrery.ownership.Range;
import orrery.ownership.SlotArray;
import orrery.ownership.Untrusted;

/** Blocks of a disk in memory: looked up by number, the oldest one goes. */
@Owned
final class BlockCache {
  private static final int NONE = -1;
  private static final int BLOCK = 512;

  private final SlotArray<CpuBuffer> blocks;
  private final long[] numbers;
  private final long[] used;
  private final Queue queue;
  private long clock;

  BlockCache(Queue queue, int size) {
    this.queue = queue;
    blocks = new SlotArray<>(size);
    numbers = new long[size];
    used = new long[size];
    Arrays.fill(numbers, NONE);
  }

  private int find(long number) {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] == number) {
        return i;
      }
    }
    return NONE;
  }

  private int oldest() {
    int best = 0;
    for (int i = 1; i < used.length; i++) {
      best = used[i] < used[best] ? i : best;
    }
    return best;
  }

  int read(Device device, long number) throws IoError, OutOfRangeException {
    int slot = find(number);
    if (slot == NONE) {
      slot = load(number);
    }
    used[slot] = ++clock;
    int at = Range.index(device.length(), BLOCK);
    return at(slot).read(at) + headerOf(device, slot);
  }

  private int headerOf(Device device, int slot) {
    @Untrusted int said = device.length();
    try {
      return at(slot).read(Range.between(said, 0, BLOCK - 1));
    } catch (OutOfRangeException e) {
      return 0;
    }
  }

  @Borrow
  private CpuBuffer at(int slot) {
    return blocks.get(slot);
  }

  private int load(long number) throws IoError {
    int slot = oldest();
    CpuBuffer buffer = evict(slot);
    if (buffer == null) {
      buffer = CpuBuffer.allocate(BLOCK);
    }
    try {
      queue.ring();
      buffer.write(0, (int) number);
    } catch (IoError e) {
      buffer.free();
      numbers[slot] = NONE;
      throw e;
    }
    blocks.put(slot, buffer);
    numbers[slot] = number;
    return slot;
  }

  @Nullable
  private CpuBuffer evict(int slot) {
    if (blocks.isEmpty(slot)) {
      return null;
    }
    return blocks.take(slot);
  }

  void write(long number, byte[] data) throws IoError {
    int slot = find(number);
    if (slot == NONE) {
      slot = load(number);
    }
    CpuBuffer block = at(slot);
    for (int i = 0; i < data.length; i++) {
      block.write(i, data[i]);
    }
  }

  int checksum() {
    int sum = 0;
    for (int i = 0; i < blocks.length(); i++) {
      sum = 31 * sum + (blocks.isEmpty(i) ? 0 : blocks.get(i).read(0));
    }
    return sum;
  }

  void drop(long number) {
    int slot = find(number);
    if (slot != NONE) {
      blocks.remove(slot).free();
      numbers[slot] = NONE;
    }
  }

  @Move
  void close() {
    blocks.drain(b -> b.free());
    blocks.close();
  }
}
