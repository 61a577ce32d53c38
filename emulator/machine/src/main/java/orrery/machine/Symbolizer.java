package orrery.machine;

/** Knows what stands at the guest's virtual addresses. */
@FunctionalInterface
public interface Symbolizer {
  /** Knows nothing. */
  Symbolizer NONE = address -> null;

  /**
   * The symbol that an address belongs to, with the offset in it, as {@code name+0x10}; null if
   * unknown.
   */
  String symbol(long address);
}
