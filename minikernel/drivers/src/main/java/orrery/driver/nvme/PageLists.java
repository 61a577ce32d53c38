package orrery.driver.nvme;

import orrery.kernel.block.BlockRequest;
import orrery.kernel.hw.Direction;
import orrery.kernel.hw.Dma;
import orrery.kernel.hw.Ring;
import orrery.ownership.Move;
import orrery.ownership.Owned;

/**
 * One page for each command slot, in which the device finds where a request's pages are: as PRP
 * list (Base, section 4.1.1), or as SGL where pages lie side by side in memory and the controller
 * knows SGLs (Base, section 4.1.2).
 */
@Owned
final class PageLists {
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final int ENTRIES = PAGE / Long.BYTES;

  /** Bytes of an SGL descriptor, two entries. */
  private static final int DESCRIPTOR = 16;

  private static final int DESCRIPTORS = PAGE / DESCRIPTOR;

  /** SGL identifier of a last segment, in the upper half of a descriptor. */
  private static final long LAST_SEGMENT = 0x30L << 56;

  // A range of Dataset Management (NVM, figure 42).
  private static final int RANGE_LENGTH_SHIFT = 32;

  private final Ring<PageEntry> lists;
  private boolean knowsSgl;
  private long data1;
  private long data2;

  /**
   * Lists.
   *
   * @param slots how many
   */
  PageLists(Dma dma, int slots) {
    lists = dma.ring(PageEntry.LAYOUT, slots * ENTRIES, Direction.TO_DEVICE);
  }

  /** Whether the controller knows SGLs. */
  void useSgl(boolean known) {
    knowsSgl = known;
  }

  /** The first half of the data pointer that was made last. */
  long data1() {
    return data1;
  }

  /** The second half. */
  long data2() {
    return data2;
  }

  /**
   * Makes the data pointer of a request with data in several pages.
   *
   * @return the flags of dword 0 for it
   */
  int describe(int slot, BlockRequest request) {
    int pages = request.pages();
    data1 = request.page(0) + request.offset();
    if (pages == 2) {
      data2 = request.page(1);
      return 0;
    }
    int runs = knowsSgl ? runs(request) : pages;
    if (runs <= DESCRIPTORS && runs * 2 <= pages) {
      segments(slot, request, runs);
      return SubmissionEntry.PSDT_SGL;
    }
    int first = slot * ENTRIES;
    for (int i = 1; i < pages; i++) {
      lists.set(first + i - 1, PageEntry.ADDRESS, request.page(i));
    }
    data2 = lists.address(first);
    return 0;
  }

  /** How many pieces of memory the pages are. */
  private static int runs(BlockRequest request) {
    int runs = 1;
    int pages = request.pages();
    long expected = request.page(0) + PAGE;
    for (int i = 1; i < pages; i++) {
      long page = request.page(i);
      if (page != expected) {
        runs++;
      }
      expected = page + PAGE;
    }
    return runs;
  }

  private void segments(int slot, BlockRequest request, int runs) {
    if (runs == 1) {
      data2 = request.length(); // a data block descriptor in the command itself
      return;
    }
    int at = slot * ENTRIES;
    int pages = request.pages();
    long left = request.length();
    long start = data1;
    long end = request.page(0) + PAGE;
    for (int i = 1; i <= pages; i++) {
      if (i < pages && request.page(i) == end) {
        end += PAGE;
      } else {
        long length = Math.min(left, end - start);
        lists.set(at++, PageEntry.ADDRESS, start);
        lists.set(at++, PageEntry.ADDRESS, length);
        left -= length;
        if (i < pages) {
          start = request.page(i);
          end = start + PAGE;
        }
      }
    }
    data1 = lists.address(slot * ENTRIES);
    data2 = LAST_SEGMENT | (long) runs * DESCRIPTOR;
  }

  /** Makes the data pointer of a Dataset Management command of one range. */
  void range(int slot, long block, long blocks) {
    int first = slot * ENTRIES;
    lists.set(first, PageEntry.ADDRESS, blocks << RANGE_LENGTH_SHIFT);
    lists.set(first + 1, PageEntry.ADDRESS, block);
    data1 = lists.address(first);
    data2 = 0;
  }

  /** Ends the lists. */
  @Move
  void close() {
    lists.close();
  }
}
