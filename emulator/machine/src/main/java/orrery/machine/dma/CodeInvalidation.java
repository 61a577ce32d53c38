package orrery.machine.dma;

/** Told of every byte that devices write to memory, for there may be translated code. */
@FunctionalInterface
public interface CodeInvalidation {
  /**
   * Memory was written. Called on the vCPU's thread.
   *
   * @param physical guest-physical address
   * @param length bytes
   */
  void written(long physical, long length);
}
