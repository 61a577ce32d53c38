package orrery.machine.cpu;

/** An address space. */
public final class Translation implements AutoCloseable {
  Translation() {}

  /** Translations with the same id have the same text at the same addresses. */
  public void textId(int id) {
    throw new UnsupportedOperationException();
  }

  /** Forgets one page after unmapping or downgrading it. */
  public void flushPage(long va) {
    throw new UnsupportedOperationException();
  }

  /** Forgets all pages. */
  public void flushAll() {
    throw new UnsupportedOperationException();
  }

  /** Frees it; it must not be the active one. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
