package orrery.driver.nvme;

import orrery.kernel.device.Waiters;
import orrery.kernel.hw.CpuBuffer;
import orrery.kernel.hw.DeviceBuffer;
import orrery.kernel.hw.Direction;
import orrery.kernel.hw.Dma;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.Ring;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.Slot;

/**
 * A command that is no block request: one of the driver's own, or a program's. It may be used again
 * once it is over. Its data lie side by side in one buffer, which the device has while the command
 * is {@link #isUnderWay under way}.
 */
final class Command {
  /** What becomes of it when it is over. */
  enum Kind {
    /** Somebody waits for it. */
    WAITED,
    /** Asks for an event; is issued again. */
    EVENT,
    /** Aborts another command. */
    ABORT
  }

  /** The page size that the controller is told. */
  static final int PAGE = 4096;

  /** Entries of one page of a PRP list, which a buffer of 2 MiB does not need more of. */
  private static final int LIST_ENTRIES = PAGE / Long.BYTES;

  /** The most bytes of data of a command. */
  static final int MAX_DATA = LIST_ENTRIES * PAGE;

  final Kind kind;
  int opcode;
  int namespace;
  long dwords2;
  long dwords10;
  long dwords12;
  long dwords14;

  /** Where data are that are not the command's own: a ring; 0 for none. */
  private long place;

  private final Slot<DeviceBuffer> data = new Slot<>();
  private final Slot<Ring<PageEntry>> list = new Slot<>();
  private final Waiters waiters = new Waiters();
  private boolean underWay;
  private int status;
  private int result;
  private int resultHigh;

  Command(Kind kind) {
    this.kind = kind;
  }

  /** Another command, without data, with all dwords zero. */
  void begin(int itsOpcode, int itsNamespace) {
    opcode = itsOpcode;
    namespace = itsNamespace;
    dwords2 = 0;
    dwords10 = 0;
    dwords12 = 0;
    dwords14 = 0;
    place = 0;
  }

  /** Its data pointer says where a ring is. */
  void pointTo(long address) {
    place = address;
  }

  /** Gives it data; the device gets them with the command. */
  void lend(@Move DeviceBuffer buffer) {
    data.put(buffer);
  }

  /**
   * As the other, for buffers of any size.
   *
   * @return false if there was no memory to describe it; the buffer is closed
   */
  boolean lend(@Move DeviceBuffer buffer, Dma dma) {
    int pages = (buffer.length() + PAGE - 1) / PAGE;
    if (pages > 2) {
      Ring<PageEntry> entries = list(dma);
      if (entries == null) {
        buffer.toCpu().close();
        return false;
      }
      for (int i = 1; i < pages; i++) {
        entries.set(i - 1, PageEntry.ADDRESS, buffer.address() + (long) i * PAGE);
      }
      list.put(entries);
    }
    data.put(buffer);
    return true;
  }

  @Nullable
  private static Ring<PageEntry> list(Dma dma) {
    try {
      return dma.ring(PageEntry.LAYOUT, LIST_ENTRIES, Direction.TO_DEVICE);
    } catch (HardwareException e) {
      return null;
    }
  }

  /** Takes the data back, once the command is over; null if it has none. */
  @Nullable
  CpuBuffer reclaim() {
    Ring<PageEntry> entries = list.take();
    if (entries != null) {
      entries.close();
    }
    DeviceBuffer lent = data.take();
    return lent == null ? null : lent.toCpu();
  }

  /** PRP entry 1. */
  long data1() {
    return data.isEmpty() ? place : data.get().address();
  }

  /** PRP entry 2. */
  long data2() {
    if (!list.isEmpty()) {
      return list.get().address();
    }
    return !data.isEmpty() && data.get().length() > PAGE ? data.get().address() + PAGE : 0;
  }

  /** The device gets it. */
  void issued() {
    underWay = true;
  }

  /** Whether the device has it. */
  boolean isUnderWay() {
    return underWay;
  }

  /** It is over. */
  void ended(int itsStatus, int dword0, int dword1) {
    underWay = false;
    status = itsStatus;
    result = dword0;
    resultHigh = dword1;
    waiters.wakeAll();
  }

  /** Type, code and flags; 0 for success. */
  int status() {
    return status;
  }

  /** Dword 0 of the completion. */
  int result() {
    return result;
  }

  /** Dword 1 of the completion. */
  int resultHigh() {
    return resultHigh;
  }

  /** Wake when it is over. */
  Waiters waiters() {
    return waiters;
  }

  /** Ends what it still holds; the device was stopped. */
  void close() {
    CpuBuffer left = reclaim();
    if (left != null) {
      left.close();
    }
  }
}
