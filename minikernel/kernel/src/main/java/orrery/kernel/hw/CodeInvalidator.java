package orrery.kernel.hw;

/** Told when the kernel rewrites memory of which the CPU may keep translated code. */
@FunctionalInterface
public interface CodeInvalidator {
  /**
   * Forgets the translations of a range.
   *
   * @param address physical address of the first byte
   * @param length bytes
   */
  void invalidateCode(long address, long length);
}
