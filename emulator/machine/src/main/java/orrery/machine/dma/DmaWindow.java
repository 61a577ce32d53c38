package orrery.machine.dma;

/**
 * A range of memory that one device may be lent. It starts closed; opening and closing it, which a
 * driver does for each transfer, are one store each; removing it is for good. The vCPU's thread.
 */
public final class DmaWindow {
  private static final int CLOSED = 0;
  private static final int OPEN = 1;
  private static final int REMOVED = 2;

  private final DmaWindows table;
  private final long address;
  private final long length;
  private final boolean readable;
  private final boolean writable;
  private final String owner;
  private int state;

  DmaWindow(
      DmaWindows table,
      long address,
      long length,
      boolean readable,
      boolean writable,
      String owner) {
    this.table = table;
    this.address = address;
    this.length = length;
    this.readable = readable;
    this.writable = writable;
    this.owner = owner;
  }

  /** Lends the memory to the device. The window must be closed. */
  public void open() {
    state = OPEN;
  }

  /** Takes the memory back. The window must be open. */
  public void close() {
    state = CLOSED;
  }

  /** Whether the device has the memory now. */
  public boolean isOpen() {
    return state == OPEN;
  }

  /** Whether the device could be lent the memory and is not. */
  public boolean isClosed() {
    return state == CLOSED;
  }

  /** Forgets the window for good: it is neither open nor closed from now on. */
  public void remove() {
    state = REMOVED;
    table.remove(this);
  }

  /** The same range as a window that was removed. */
  public DmaWindow ended() {
    DmaWindow ended = new DmaWindow(table, address, length, readable, writable, owner);
    ended.state = REMOVED;
    return ended;
  }

  /** Whether the window is forgotten. */
  public boolean isRemoved() {
    return state == REMOVED;
  }

  /** Guest-physical address of its first byte. */
  public long address() {
    return address;
  }

  /** Its size in bytes. */
  public long length() {
    return length;
  }

  /** Whose memory it is, for people. */
  public String owner() {
    return owner;
  }

  boolean allows(boolean write) {
    return state == OPEN && (write ? writable : readable);
  }

  boolean holds(long at) {
    return at >= address && at - address < length;
  }

  boolean holds(long at, long bytes) {
    return at >= address && bytes <= length && at - address <= length - bytes;
  }

  /** Whether the device has it and for what, for people. */
  String state() {
    if (state != OPEN) {
      return "not lent now";
    }
    return readable && writable ? "lent" : readable ? "lent for reading" : "lent for writing";
  }
}
