package orrery.machine.dma;

import java.util.Arrays;

/**
 * What one device was lent: windows in ascending order that do not overlap. A transfer is allowed
 * where open windows cover all of it; looking allocates nothing, and a transfer to the window of
 * the last one costs a few comparisons.
 *
 * <p>The vCPU's thread, as transfers.
 */
public final class DmaWindows {
  /** After so many lines a device's violations are counted only. */
  private static final int MAX_LINES = 16;

  private static final DmaWindow[] NONE = {};

  private final DmaGuard guard;
  private final String device;
  private DmaWindow[] windows = NONE;
  private final LentFrames frames = new LentFrames();
  private DmaWindow last;
  private long violations;

  DmaWindows(DmaGuard guard, String device) {
    this.guard = guard;
    this.device = device;
    last = new DmaWindow(this, 0, 0, false, false, "");
  }

  /** The device's name. */
  public String device() {
    return device;
  }

  /** How many transfers went where the device may not, lent or at all. */
  public long violations() {
    return violations;
  }

  /**
   * Adds a window, closed.
   *
   * @param address guest-physical address
   * @param length bytes, 1 or more
   * @param readable whether the device may read there while it is open
   * @param writable whether it may write there
   * @param owner whose memory it is, for the line about a violation
   * @throws IllegalArgumentException if it is empty or overlaps another window of this device
   */
  public DmaWindow define(
      long address, long length, boolean readable, boolean writable, String owner) {
    int at = find(address);
    if (length <= 0
        || at >= 0
        || -at - 1 < windows.length && windows[-at - 1].address() - address < length) {
      throw new IllegalArgumentException(
          "a DMA window of " + length + " bytes at 0x" + Long.toHexString(address) + " overlaps");
    }
    DmaWindow added = new DmaWindow(this, address, length, readable, writable, owner);
    DmaWindow[] more = new DmaWindow[windows.length + 1];
    System.arraycopy(windows, 0, more, 0, -at - 1);
    more[-at - 1] = added;
    System.arraycopy(windows, -at - 1, more, -at, windows.length - (-at - 1));
    windows = more;
    return added;
  }

  /**
   * Lends one page frame of 4 KiB, whoever it belongs to, for the time of a transfer. Frames are
   * counted: what was lent twice is to be returned twice. A few loads and a store; allocates once
   * for each 2 MiB of memory.
   *
   * @param frame guest-physical address of its first byte
   * @param write whether the device may write there; else it may read
   */
  public void lendFrame(long frame, boolean write) {
    frames.lend(frame, write);
  }

  /** Takes back what {@link #lendFrame} lent with the same arguments. */
  public void returnFrame(long frame, boolean write) {
    frames.takeBack(frame, write);
  }

  void remove(DmaWindow window) {
    int at = find(window.address());
    if (at < 0 || windows[at] != window) {
      return;
    }
    DmaWindow[] fewer = Arrays.copyOf(windows, windows.length - 1);
    System.arraycopy(windows, at + 1, fewer, at, fewer.length - at);
    windows = fewer;
  }

  /** The index of the window that holds {@code address}, or -(insertion point) - 1. */
  private int find(long address) {
    int low = 0;
    int high = windows.length - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      DmaWindow window = windows[middle];
      if (window.holds(address)) {
        return middle;
      }
      if (address < window.address()) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    return -low - 1;
  }

  /** The window that holds a byte; null if none does. */
  DmaWindow at(long address) {
    int index = find(address);
    return index < 0 ? null : windows[index];
  }

  /** Whether open windows cover a range. */
  boolean covers(long address, long length, boolean write) {
    DmaWindow hit = last;
    if (hit.holds(address, length) && hit.allows(write)) {
      return true;
    }
    long from = address;
    long left = length;
    while (left > 0) {
      long end;
      if (frames.isLent(from, write)) {
        end = LentFrames.end(from);
      } else {
        int index = find(from);
        if (index < 0 || !windows[index].allows(write)) {
          return false;
        }
        last = windows[index];
        end = last.address() + last.length();
      }
      long part = Math.min(left, end - from);
      from += part;
      left -= part;
    }
    return true;
  }

  /** Counts a violation and reports it; whether the transfer may go on nevertheless. */
  boolean violated(long address, long length, boolean write) {
    boolean goesOn = guard.mode() == GuardMode.LOG;
    if (counts()) {
      report(goesOn, address, length, write, guard.owner(this, firstBad(address, length, write)));
    }
    return goesOn;
  }

  /** Counts and reports a transfer that is refused on any machine. */
  void refused(long address, long length, boolean write, String reason) {
    if (counts()) {
      report(false, address, length, write, reason);
    }
  }

  /** Counts one; whether it gets a line. */
  private boolean counts() {
    return ++violations <= MAX_LINES;
  }

  private void report(boolean goesOn, long address, long length, boolean write, String why) {
    guard.report(
        "DMA guard: "
            + device
            + (goesOn ? " " : " was refused to ")
            + (write ? "write " : "read ")
            + length
            + " bytes at 0x"
            + Long.toHexString(address)
            + ": "
            + why
            + (violations == MAX_LINES ? "; further ones of this device are counted only" : ""));
  }

  /** Where the part that is not allowed begins. */
  private long firstBad(long address, long length, boolean write) {
    long at = address;
    while (at - address < length) {
      DmaWindow window = at(at);
      if (frames.isLent(at, write)) {
        at = LentFrames.end(at);
      } else if (window != null && window.allows(write)) {
        at = window.address() + window.length();
      } else {
        break;
      }
    }
    return at;
  }
}
