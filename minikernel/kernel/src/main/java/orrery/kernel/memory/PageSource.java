package orrery.kernel.memory;

/**
 * Something whose pages can be mapped: a regular file, or anonymous memory that processes share.
 * The pages are page frames; a mapping uses them in place, and so does read(2).
 */
public interface PageSource {
  /**
   * The frame of page {@code index}, made if it is a hole, with a reference for the caller.
   *
   * @return {@link FrameAllocator#NONE} beyond the end, or if there is no space for the page
   */
  long page(long index);

  /**
   * As {@link #page}, but never makes one.
   *
   * @return {@link FrameAllocator#NONE} if the page has no frame
   */
  default long residentPage(long index) {
    return FrameAllocator.NONE;
  }

  /**
   * Whether the pages are a device's registers: {@link #page} answers their physical addresses,
   * which are no frames and are not counted. Programs alone access them; the kernel never does in a
   * program's name (EFAULT), as Linux with VM_PFNMAP.
   */
  default boolean isDeviceMemory() {
    return false;
  }

  /** The size in bytes; pages from there on cannot be mapped in. */
  long size();

  /** Where the mappings of this source are listed; the same object always. */
  FileMappings mappings();

  /** One mapping more keeps the source in use. */
  default void mapped() {}

  /** One mapping less keeps the source in use. */
  default void unmapped() {}

  /** Inode number, for {@code /proc/PID/maps}. */
  default long number() {
    return 0;
  }

  /** Device number, for {@code /proc/PID/maps}. */
  default long device() {
    return 0;
  }
}
