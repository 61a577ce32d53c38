package orrery.machine.boot;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import orrery.machine.Symbolizer;

/** The names of a kernel's code and data by address, for reports about the guest. Immutable. */
public final class SymbolTable implements Symbolizer {
  /** A table without symbols. */
  public static final SymbolTable EMPTY = new SymbolTable(List.of());

  /** Further behind its symbol an address is taken for something else, in bytes. */
  private static final long MAX_DISTANCE = 1 << 20;

  /** Plus {@link Long#MIN_VALUE}, so that signed order is that of the addresses; ascending. */
  private final long[] keys;

  private final long[] sizes;
  private final String[] names;

  /**
   * A symbol.
   *
   * @param address virtual address as linked
   * @param size bytes, 0 if unknown
   */
  public record Symbol(long address, long size, String name) {}

  /** A table of these symbols, in any order. */
  public SymbolTable(List<Symbol> symbols) {
    List<Symbol> sorted =
        symbols.stream()
            .sorted(
                Comparator.comparingLong((Symbol s) -> s.address + Long.MIN_VALUE)
                    .thenComparingLong(Symbol::size))
            .toList();
    keys = sorted.stream().mapToLong(s -> s.address + Long.MIN_VALUE).toArray();
    sizes = sorted.stream().mapToLong(Symbol::size).toArray();
    names = sorted.stream().map(Symbol::name).toArray(String[]::new);
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return names.length == 0;
  }

  @Override
  public String symbol(long address) {
    long key = address + Long.MIN_VALUE;
    int at = Arrays.binarySearch(keys, key);
    int index = at >= 0 ? at : -at - 2;
    while (index >= 0 && index + 1 < keys.length && keys[index + 1] == key) {
      index++; // the largest of those at one address
    }
    if (index < 0) {
      return null;
    }
    long distance = key - keys[index];
    long reach = sizes[index] == 0 ? MAX_DISTANCE : sizes[index];
    if (distance != 0 && Long.compareUnsigned(distance, reach) >= 0) {
      return null;
    }
    return distance == 0 ? names[index] : names[index] + "+0x" + Long.toHexString(distance);
  }
}
