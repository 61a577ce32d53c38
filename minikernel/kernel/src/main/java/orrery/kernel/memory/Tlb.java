package orrery.kernel.memory;

import orrery.machine.cpu.Translation;

/** The cached translations of one address space. */
public interface Tlb extends AutoCloseable {
  /** Contexts with the same id have the same text at the same addresses. */
  void textId(int id);

  /** Forgets one page after it was unmapped or lost a permission. */
  void flushPage(long va);

  /** Forgets all pages. */
  void flushAll();

  /** What the CPU activates. */
  Translation translation();

  /** The address space is gone; it is not the active one. */
  @Override
  void close();
}
