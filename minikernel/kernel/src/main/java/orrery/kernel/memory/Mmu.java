package orrery.kernel.memory;

import orrery.kernel.hw.CodeInvalidator;

/** What address spaces need of the CPU. */
public interface Mmu extends CodeInvalidator {
  /** A translation context for the tables under {@code rootTable}, a physical address. */
  Tlb translation(long rootTable);
}
