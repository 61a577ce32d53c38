package orrery.kernel.memory;

/** The mappings of one {@link PageSource}, in all address spaces: an intrusive list. */
public final class FileMappings {
  private Mapping first;

  // The text of a program that is the source's one executable segment, at a fixed address.
  private int textId;
  private long textAddress;
  private long textOffset;
  private long textLength;

  /** True if nothing maps the source. */
  public boolean isEmpty() {
    return first == null;
  }

  /** True if a shared mapping can (or by mprotect could) write to the source. */
  public boolean anyWritable() {
    for (Mapping m = first; m != null; m = m.nextOfSource) {
      if (m.isShared() && m.mayWrite()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes the source's pages out of all mappings, private copies too: the file was cut. Later
   * accesses beyond the new end are SIGBUS.
   *
   * @param fromPage the first page index that goes
   */
  public void truncate(long fromPage) {
    remove(fromPage, Long.MAX_VALUE, true);
  }

  /**
   * Takes a range of the source's own pages out of all mappings, private copies stay: a hole is
   * punched, or a page is replaced by another.
   *
   * @param fromPage the first page index
   * @param toPage the page index after the last
   */
  public void invalidate(long fromPage, long toPage) {
    remove(fromPage, toPage, false);
  }

  /** The id of that text: the same for all programs that have it at the same address. */
  int textId(long address, long offset, long length, KernelMemory kernel) {
    if (textId == 0 || textAddress != address || textOffset != offset || textLength != length) {
      textId = kernel.newTextId();
      textAddress = address;
      textOffset = offset;
      textLength = length;
    }
    return textId;
  }

  private void remove(long fromPage, long toPage, boolean privateToo) {
    textId = 0; // other frames from now on
    for (Mapping m = first; m != null; m = m.nextOfSource) {
      m.space.removePages(m, fromPage, toPage, privateToo);
    }
  }

  void add(Mapping m) {
    m.nextOfSource = first;
    m.previousOfSource = null;
    if (first != null) {
      first.previousOfSource = m;
    }
    first = m;
  }

  void remove(Mapping m) {
    if (m.previousOfSource == null) {
      first = m.nextOfSource;
    } else {
      m.previousOfSource.nextOfSource = m.nextOfSource;
    }
    if (m.nextOfSource != null) {
      m.nextOfSource.previousOfSource = m.previousOfSource;
    }
    m.nextOfSource = null;
    m.previousOfSource = null;
  }
}
