package orrery.kernel.memory;

import java.util.Arrays;

/** The mappings of an address space in order of address; they do not overlap. */
final class MappingTable {
  private Mapping[] items = new Mapping[16];
  private int size;

  /** The mapping that was found last: most look-ups are for a neighbour. */
  private Mapping recent;

  int size() {
    return size;
  }

  Mapping get(int index) {
    return items[index];
  }

  /** The index of the first mapping that ends after {@code va}; {@link #size} if none does. */
  int indexFrom(long va) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = low + high >>> 1;
      if (items[middle].end > va) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The mapping that contains {@code va}, or null. */
  Mapping find(long va) {
    Mapping m = recent;
    if (m != null && va >= m.start && va < m.end) {
      return m;
    }
    int i = indexFrom(va);
    if (i == size || items[i].start > va) {
      return null;
    }
    recent = items[i];
    return recent;
  }

  /** True if nothing is mapped from {@code start} up to {@code end}. */
  boolean isFree(long start, long end) {
    int i = indexFrom(start);
    return i == size || items[i].start >= end;
  }

  void add(Mapping m) {
    int i = indexFrom(m.start);
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    System.arraycopy(items, i, items, i + 1, size - i);
    items[i] = m;
    size++;
  }

  void remove(int from, int to) {
    System.arraycopy(items, to, items, from, size - to);
    int newSize = size - (to - from);
    Arrays.fill(items, newSize, size, null);
    size = newSize;
    recent = null;
  }
}
