package orrery.machine.cpu;

import orrery.unicorn.CpuInternals;
import orrery.unicorn.SoftTlb;

/**
 * The TLBs of all address spaces. The engine does not tag its TLB with an ASID, so every
 * translation has a set of tables that is swapped in with it; sets are few and recycled, the least
 * recently used first.
 *
 * <p>The tables of the active set belong to the engine, which may resize them; all others belong to
 * this pool. Used on the vCPU's thread.
 */
final class TranslationPool implements AutoCloseable {
  /** How many translations keep their TLB at the same time. */
  static final int SETS = 64;

  /** Entries of a new set; one covers a page of 4 KiB. */
  static final int ENTRIES = 1024;

  /** Sets that turn out too small grow up to this. */
  static final int MOST_ENTRIES = 16384;

  private final CpuInternals cpu;
  private final SoftTlb tlb;

  /** What the engine came with; installed while no translation is active. */
  private final long original;

  private final long[] free = new long[SETS];
  private int freeCount;
  private int sets;

  // The translations that have a set, from most to least recently used.
  private Translation newest;
  private Translation oldest;
  private Translation active;

  TranslationPool(CpuInternals cpu) {
    this.cpu = cpu;
    this.tlb = cpu.tlb();
    this.original = tlb.allocateBlock();
  }

  Translation create(long rootTable) {
    return new Translation(this, rootTable);
  }

  /** Makes a translation the current one. */
  void activate(Translation next) {
    Translation previous = active;
    if (previous == next) {
      return;
    }
    tlb.swapOut(previous == null ? original : previous.set);
    boolean sameText =
        previous != null
            && previous.textId == next.textId
            && next.textId != Translation.NO_TEXT_ID
            && !next.stale;
    active = next;
    if (next.set == 0) {
      next.set = take();
    } else {
      unlink(next);
      if (isCrowded(tlb.used(next.set), tlb.entries(next.set))) {
        next.set = grow(next.set);
      } else if (next.stale) {
        tlb.clear(next.set);
      }
    }
    linkNewest(next);
    next.stale = false;
    tlb.swapIn(next.set);
    cpu.ttbr0El1(next.rootTable);
    if (!sameText) {
      cpu.clearJumpCache();
    }
  }

  /** Between instructions: gives the active translation more room if its TLB is nearly full. */
  void relieve() {
    if (active != null && isCrowded(tlb.usedInstalled(), tlb.entriesInstalled())) {
      tlb.swapOut(active.set);
      active.set = grow(active.set);
      tlb.swapIn(active.set);
    }
  }

  private static boolean isCrowded(long used, long entries) {
    return used > entries - (entries >> 2) && entries < MOST_ENTRIES;
  }

  /** Replaces a set that is not installed by an empty one of four times its size. */
  private long grow(long set) {
    long entries = Math.min(MOST_ENTRIES, tlb.entries(set) << 2);
    tlb.destroy(set);
    return tlb.create((int) entries);
  }

  /** An empty set: a free one, a new one, or that of the translation not used for longest. */
  private long take() {
    if (freeCount > 0) {
      long set = free[--freeCount];
      tlb.clear(set);
      return set;
    }
    if (sets < SETS) {
      sets++;
      return tlb.create(ENTRIES);
    }
    Translation victim = oldest;
    unlink(victim);
    long set = victim.set;
    victim.set = 0;
    victim.stale = false;
    return recycle(set);
  }

  /** Sets that were resized go back to the usual size, so that the pool's memory stays bounded. */
  private long recycle(long set) {
    if (tlb.entries(set) != ENTRIES) {
      tlb.destroy(set);
      return tlb.create(ENTRIES);
    }
    tlb.clear(set);
    return set;
  }

  void textId(Translation translation, int id) {
    if (translation == active && translation.textId != id) {
      // What follows may be told apart from what the cache holds only by the id that changes.
      cpu.clearJumpCache();
    }
    translation.textId = id;
  }

  void flushPage(Translation translation, long va) {
    if (translation == active) {
      cpu.flushUserPage(va);
    } else if (translation.set != 0) {
      translation.stale = true;
    }
  }

  void flushAll(Translation translation) {
    if (translation == active) {
      tlb.clearInstalled();
      cpu.clearJumpCache();
    } else if (translation.set != 0) {
      translation.stale = true;
    }
  }

  void release(Translation translation) {
    if (translation.set == 0) {
      return;
    }
    if (translation == active) {
      tlb.swapOut(translation.set);
      tlb.swapIn(original);
      active = null;
    }
    unlink(translation);
    long set = translation.set;
    translation.set = 0;
    if (tlb.entries(set) != ENTRIES) {
      tlb.destroy(set);
      sets--;
    } else {
      free[freeCount++] = set;
    }
  }

  private void linkNewest(Translation translation) {
    translation.older = newest;
    translation.newer = null;
    if (newest == null) {
      oldest = translation;
    } else {
      newest.newer = translation;
    }
    newest = translation;
  }

  private void unlink(Translation translation) {
    if (translation.newer == null) {
      newest = translation.older;
    } else {
      translation.newer.older = translation.older;
    }
    if (translation.older == null) {
      oldest = translation.newer;
    } else {
      translation.older.newer = translation.newer;
    }
    translation.newer = null;
    translation.older = null;
  }

  /** Gives the engine its own tables back and frees all others; before the engine closes. */
  @Override
  public void close() {
    if (active != null) {
      tlb.swapOut(active.set);
      tlb.swapIn(original);
      active = null;
    }
    while (newest != null) {
      Translation translation = newest;
      unlink(translation);
      tlb.destroy(translation.set);
      translation.set = 0;
    }
    while (freeCount > 0) {
      tlb.destroy(free[--freeCount]);
    }
    tlb.destroyInstalled(original);
    tlb.close();
  }
}
