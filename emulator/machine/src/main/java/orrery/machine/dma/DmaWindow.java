package orrery.machine.dma;

/**
 * A range of memory that one device may be lent. It starts closed; opening and closing it, which a
 * driver does for each transfer, are one store each. The vCPU's thread.
 */
public final class DmaWindow {
  private final DmaWindows table;
  private final long address;
  private final long length;
  private final boolean readable;
  private final boolean writable;
  private final String owner;
  private boolean open;

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

  /** Lends the memory to the device. */
  public void open() {
    open = true;
  }

  /** Takes the memory back. */
  public void close() {
    open = false;
  }

  /** Whether the device has the memory now. */
  public boolean isOpen() {
    return open;
  }

  /** Forgets the window for good. */
  public void remove() {
    open = false;
    table.remove(this);
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
    return open && (write ? writable : readable);
  }

  boolean holds(long at) {
    return at >= address && at - address < length;
  }

  boolean holds(long at, long bytes) {
    return at >= address && bytes <= length && at - address <= length - bytes;
  }

  /** Whether the device has it and for what, for people. */
  String state() {
    if (!open) {
      return "not lent now";
    }
    return readable && writable ? "lent" : readable ? "lent for reading" : "lent for writing";
  }
}
