package orrery.machine.cpu;

/**
 * An address space as the vCPU sees it: the root of its stage 1 tables and a TLB of its own. All
 * calls come on the vCPU's thread, whether the translation is active or not.
 *
 * <p>No flush is needed when a descriptor becomes valid or gains rights, or when a read-only page
 * becomes writable in another frame: a fault looks at the tables again. Everything else needs one.
 */
public final class Translation implements AutoCloseable {
  /** The text id of a translation whose text is like no other's. */
  static final int NO_TEXT_ID = 0;

  private final TranslationPool pool;
  final long rootTable;

  /** The TLB's tables ({@link orrery.unicorn.SoftTlb}), 0 while it has none. */
  long set;

  /** What the TLB holds is out of date; it is emptied before it is used again. */
  boolean stale;

  int textId = NO_TEXT_ID;
  Translation newer;
  Translation older;

  Translation(TranslationPool pool, long rootTable) {
    this.pool = pool;
    this.rootTable = rootTable;
  }

  /**
   * Translations with the same id, not 0, have the same executable pages at the same addresses (as
   * after fork): switching between them keeps the cache of where code continues. Whoever changes
   * the executable mappings of one of them gives it another id first.
   */
  public void textId(int id) {
    pool.textId(this, id);
  }

  /** Forgets one page after its descriptor became invalid, lost rights or moved. */
  public void flushPage(long va) {
    pool.flushPage(this, va);
  }

  /** Forgets all pages. */
  public void flushAll() {
    pool.flushAll(this);
  }

  /** Gives the TLB back. If the translation is active the guest must not run before another is. */
  @Override
  public void close() {
    pool.release(this);
  }
}
