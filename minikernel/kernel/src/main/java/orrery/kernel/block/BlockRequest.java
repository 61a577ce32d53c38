package orrery.kernel.block;

import orrery.ownership.Census;
import orrery.ownership.Handle;
import orrery.ownership.Move;
import orrery.ownership.Owned;

/**
 * Something that a disk is to do, and the memory that it lends the device for that time. Whoever
 * has it owes the kernel its end: {@link #complete}.
 *
 * <p>The data lie in pages of 4 KiB anywhere in memory: they begin {@link #offset} bytes into the
 * first, fill all others from their start, and end anywhere in the last. That is what a list of
 * NVMe's physical region pages can say. The device may reach the pages, and nothing else of memory,
 * until the request is complete.
 *
 * <p>The vCPU's thread. Nothing here allocates: requests are used again.
 */
@Owned
public final class BlockRequest extends Handle {
  private final QueuedRequest request;

  BlockRequest(Census census, QueuedRequest request) {
    super(census);
    this.request = request;
  }

  /** The request is the driver's once more. */
  void issuedAgain() {
    revive();
  }

  /** What is to be done. */
  public BlockOperation operation() {
    requireLive();
    return request.operation();
  }

  /** The number under which the driver published the disk. */
  public int disk() {
    requireLive();
    return request.queue().number();
  }

  /** The first block. */
  public long block() {
    requireLive();
    return request.position() >>> request.queue().blockShift();
  }

  /** How many blocks; 0 for a flush. */
  public long blocks() {
    requireLive();
    return request.extent() >>> request.queue().blockShift();
  }

  /** Whether a write is to be safe from a loss of power before it is complete (FUA). */
  public boolean isForced() {
    requireLive();
    return request.isForced();
  }

  /**
   * Whether the kernel calls {@link BlockDriver#poll} until it is complete, so that the device need
   * not interrupt.
   */
  public boolean isPolled() {
    requireLive();
    return request.isPolled();
  }

  /** Bytes of data. */
  public int length() {
    requireLive();
    return request.pages() == 0 ? 0 : (int) request.extent();
  }

  /** How many pages the data lie in. */
  public int pages() {
    requireLive();
    return request.pages();
  }

  /** Bytes of the first page before the data. */
  public int offset() {
    requireLive();
    return request.offset();
  }

  /**
   * The address by which the device knows a page, a multiple of 4096.
   *
   * @throws IndexOutOfBoundsException if there is no such page
   */
  public long page(int index) {
    requireLive();
    return request.page(index);
  }

  /** It is done, or will not be: the device has none of its pages any more. From any context. */
  @Move
  public void complete(BlockStatus status) {
    retire();
    request.queue().completed(request, status);
  }
}
