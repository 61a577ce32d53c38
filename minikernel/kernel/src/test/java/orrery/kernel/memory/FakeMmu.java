package orrery.kernel.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import orrery.kernel.hw.PhysicalMemory;
import orrery.machine.cpu.Translation;

/**
 * An MMU as the architecture lets it be at its worst: it remembers every translation until it is
 * told to forget it. Walks the tables on its own, by the architecture's definition.
 */
public final class FakeMmu implements Mmu {
  private static final long DESCRIPTOR = 3;
  private static final long AP_USER = 1 << 6;
  private static final long AP_READ_ONLY = 1 << 7;
  private static final long SHAREABLE = 3 << 8;
  private static final long ACCESS_FLAG = 1 << 10;
  private static final long NOT_GLOBAL = 1 << 11;
  private static final long UXN = 1L << 54;
  private static final long OUTPUT = 0xffff_ffff_f000L;

  final List<long[]> invalidations = new ArrayList<>();
  final List<FakeTlb> contexts = new ArrayList<>();
  PhysicalMemory memory;

  @Override
  public Tlb translation(long rootTable) {
    FakeTlb tlb = new FakeTlb(rootTable);
    contexts.add(tlb);
    return tlb;
  }

  @Override
  public void invalidateCode(long address, long length) {
    invalidations.add(new long[] {address, length});
  }

  boolean invalidated(long address) {
    return invalidations.stream().anyMatch(i -> address >= i[0] && address < i[0] + i[1]);
  }

  /** The context that was made last. */
  FakeTlb newest() {
    return contexts.get(contexts.size() - 1);
  }

  /** What a program does. */
  enum Access {
    READ,
    WRITE,
    EXECUTE
  }

  final class FakeTlb implements Tlb {
    private final long root;
    private final Map<Long, Long> remembered = new HashMap<>();
    int textId;
    int flushes;
    boolean closed;

    FakeTlb(long root) {
      this.root = root;
    }

    @Override
    public void textId(int id) {
      textId = id;
    }

    @Override
    public void flushPage(long va) {
      flushes++;
      remembered.remove(va >>> 12);
    }

    @Override
    public void flushAll() {
      flushes++;
      remembered.clear();
    }

    @Override
    public Translation translation() {
      throw new AssertionError("there is no CPU");
    }

    @Override
    public void close() {
      closed = true;
    }

    /** The physical address of an access, or -1 for a fault. */
    long translate(long va, Access access) {
      Long known = remembered.get(va >>> 12);
      if (known != null && permits(known, access)) {
        return known & OUTPUT | va & 0xfff;
      }
      long descriptor = walk(va);
      if (!permits(descriptor, access)) {
        return -1;
      }
      remembered.put(va >>> 12, descriptor);
      return descriptor & OUTPUT | va & 0xfff;
    }

    private long walk(long va) {
      long table = root;
      for (int shift = 30; shift >= 12; shift -= 9) {
        long descriptor = memory.readLong(table + (va >>> shift & 511) * 8);
        if ((descriptor & DESCRIPTOR) != DESCRIPTOR) {
          return 0;
        }
        table = descriptor & OUTPUT;
        if (shift == 12) {
          long always = AP_USER | SHAREABLE | ACCESS_FLAG | NOT_GLOBAL;
          if ((descriptor & always) != always) {
            throw new AssertionError("bad descriptor " + Long.toHexString(descriptor));
          }
          if ((descriptor & (AP_READ_ONLY | UXN)) == 0) {
            throw new AssertionError("writable and executable");
          }
          return descriptor;
        }
      }
      throw new AssertionError();
    }

    private static boolean permits(long descriptor, Access access) {
      return (descriptor & 1) != 0
          && switch (access) {
            case READ -> true;
            case WRITE -> (descriptor & AP_READ_ONLY) == 0;
            case EXECUTE -> (descriptor & UXN) == 0;
          };
    }
  }
}
