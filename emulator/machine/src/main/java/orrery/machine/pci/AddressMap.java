package orrery.machine.pci;

import java.util.Arrays;

/**
 * Which BAR answers at which address of one space (memory or I/O). Ranges of BARs are powers of two
 * at multiples of their size, so two of them are disjoint or one lies in the other; where several
 * claim an address the smallest wins, and of equal ones the first added. Immutable; look-ups
 * allocate nothing.
 */
final class AddressMap {
  static final AddressMap EMPTY = new AddressMap(0);

  private final long[] first;
  private final long[] last;
  private final PciFunction[] function;
  private final int[] bar;

  /** By range: the innermost range around it, -1 for none. */
  private final int[] outer;

  private int count;

  /** A map for at most {@code capacity} ranges, filled with {@link #add}, then {@link #seal}. */
  AddressMap(int capacity) {
    first = new long[capacity];
    last = new long[capacity];
    function = new PciFunction[capacity];
    bar = new int[capacity];
    outer = new int[capacity];
  }

  void add(PciFunction owner, int index, long address, long size) {
    long end = address + size - 1;
    int at = count;
    // Ascending by start, the larger range first, so that an outer range stands before its inner.
    while (at > 0 && after(at - 1, address, end)) {
      first[at] = first[at - 1];
      last[at] = last[at - 1];
      function[at] = function[at - 1];
      bar[at] = bar[at - 1];
      at--;
    }
    first[at] = address;
    last[at] = end;
    function[at] = owner;
    bar[at] = index;
    count++;
  }

  /** Whether range {@code i} belongs behind a new range; equal ones stand in reverse order. */
  private boolean after(int i, long address, long end) {
    int order = Long.compareUnsigned(first[i], address);
    return order > 0 || order == 0 && Long.compareUnsigned(last[i], end) <= 0;
  }

  /** Finds for every range the one around it. */
  AddressMap seal() {
    Arrays.fill(outer, -1);
    for (int i = 1; i < count; i++) {
      int around = i - 1;
      while (around >= 0 && Long.compareUnsigned(last[around], first[i]) < 0) {
        around = outer[around];
      }
      outer[i] = around;
    }
    return this;
  }

  /** The index of the range that answers, or -1. */
  int find(long address) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (Long.compareUnsigned(first[middle], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    // The last range that starts at or before the address, or one around it.
    int found = high;
    while (found >= 0 && Long.compareUnsigned(last[found], address) < 0) {
      found = outer[found];
    }
    return found;
  }

  long read(int range, long address, int width) {
    return function[range].readBar(bar[range], address - first[range], width);
  }

  void write(int range, long address, int width, long value) {
    function[range].writeBar(bar[range], address - first[range], width, value);
  }
}
