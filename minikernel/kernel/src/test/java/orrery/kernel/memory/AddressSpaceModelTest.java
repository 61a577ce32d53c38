package orrery.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.MapFlag;

/** Sequences of operations on a family of address spaces against a model that copies eagerly. */
class AddressSpaceModelTest {
  private static final long PAGE = MemoryFixture.PAGE;

  /** Pages on both sides of a border between two last-level tables. */
  private static final int PAGES = 8;

  private static final long BASE = 0x1020_0000L - PAGES / 2 * PAGE;
  private static final int FILE_PAGES = 6;

  /** Kinds of steps as often as they are wanted: mostly accesses. */
  private static final List<Integer> KINDS =
      List.of(
          0, 1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 10, 10, 11, 11, 11, 12, 12, 13, 13, 14, 14, 15,
          16, 16, 17, 18, 19, 20);

  private static final int MAX_SPACES = 4;

  /** One operation; which of the numbers mean what depends on the kind. */
  record Step(int kind, int space, int page, int count, int value, int prot) {}

  /** A page's one byte that is looked at; shared pages have one object. */
  private static final class Cell {
    byte value;

    Cell(byte value) {
      this.value = value;
    }
  }

  /** A page of the model. */
  private static final class ModelPage {
    int prot;
    boolean shared;

    /** Index in the file, -1 for anonymous memory. */
    int filePage = -1;

    /** Null for a private file page that was not written yet. */
    Cell cell;

    ModelPage copyForChild() {
      ModelPage p = new ModelPage();
      p.prot = prot;
      p.shared = shared;
      p.filePage = filePage;
      p.cell = shared || cell == null ? cell : new Cell(cell.value);
      return p;
    }
  }

  private static final class Space {
    AddressSpace real;
    FakeMmu.FakeTlb tlb;
    final Map<Integer, ModelPage> model = new TreeMap<>();
  }

  private final class World implements AutoCloseable {
    final MemoryFixture f = new MemoryFixture(16);
    final int freeAtStart = f.frames.free();
    final MemoryFixture.File file = f.new File(FILE_PAGES);
    final Cell[] fileCells = new Cell[FILE_PAGES];
    int fileSize = FILE_PAGES;
    final List<Space> spaces = new ArrayList<>();

    World() {
      for (int i = 0; i < FILE_PAGES; i++) {
        fileCells[i] = new Cell((byte) (i + 1));
      }
      Space s = new Space();
      s.real = f.kernel.newAddressSpace();
      s.tlb = f.mmu.newest();
      spaces.add(s);
    }

    void step(Step step) {
      Space s = spaces.get(step.space % spaces.size());
      int end = Math.min(PAGES, step.page + step.count);
      long va = BASE + step.page * PAGE;
      long length = (end - step.page) * PAGE;
      switch (step.kind) {
        case 0, 1 -> mapAnonymous(s, step.page, end, step.prot, step.kind == 1);
        case 2, 3 -> mapFile(s, step.page, end, step.prot, step.kind == 3, step.value);
        case 4 -> {
          s.real.layout().unmap(va, length);
          for (int i = step.page; i < end; i++) {
            s.model.remove(i);
          }
        }
        case 5 -> protect(s, step.page, end, step.prot);
        case 6, 7, 8, 9 -> guest(s, step.page, FakeMmu.Access.WRITE, (byte) step.value);
        case 10, 11 -> guest(s, step.page, FakeMmu.Access.READ, (byte) 0);
        case 12 -> guest(s, step.page, FakeMmu.Access.EXECUTE, (byte) 0);
        case 13, 14 -> kernelWrite(s, step.page, (byte) step.value);
        case 15 -> kernelRead(s, step.page);
        case 16 -> fork(s);
        case 17 -> exit(s);
        case 18 -> discard(s, step.page, end);
        case 19 -> truncate(step.value);
        case 20 -> move(s, step.page, end, step.value % PAGES);
        default -> throw new AssertionError();
      }
    }

    private void mapAnonymous(Space s, int from, int to, int prot, boolean shared) {
      int flags = shared ? MemoryFixture.SHARED : MemoryFixture.PRIVATE;
      MemoryFixture.map(s.real, BASE + from * PAGE, to - from, prot, flags);
      for (int i = from; i < to; i++) {
        ModelPage p = new ModelPage();
        p.prot = prot;
        p.shared = shared;
        p.cell = new Cell((byte) 0);
        s.model.put(i, p);
      }
    }

    private void mapFile(Space s, int from, int to, int prot, boolean shared, int offset) {
      int first = offset % FILE_PAGES;
      int flags = MapFlag.MAP_FIXED | (shared ? MapFlag.MAP_SHARED : MapFlag.MAP_PRIVATE);
      s.real
          .layout()
          .map(
              BASE + from * PAGE,
              (to - from) * PAGE,
              prot,
              flags,
              file,
              first * PAGE,
              true,
              "/file");
      for (int i = from; i < to; i++) {
        ModelPage p = new ModelPage();
        p.prot = prot;
        p.shared = shared;
        p.filePage = first + i - from;
        s.model.put(i, p);
      }
    }

    private void protect(Space s, int from, int to, int prot) {
      int expected = 0;
      for (int i = from; i < to && expected == 0; i++) {
        ModelPage p = s.model.get(i);
        if (p == null) {
          expected = Errno.ENOMEM;
        } else {
          p.prot = prot;
        }
      }
      int actual =
          MemoryFixture.errno(
              () -> s.real.layout().protect(BASE + from * PAGE, (to - from) * PAGE, prot));
      assertEquals(expected, actual, "mprotect");
    }

    /** Where the model keeps the byte of a page, or null beyond the file's end. */
    private Cell cell(ModelPage p, boolean write) {
      if (p.cell != null) {
        return p.cell;
      }
      if (p.filePage >= fileSize) {
        return null;
      }
      Cell ofFile = fileCells[p.filePage];
      if (write && !p.shared) {
        p.cell = new Cell(ofFile.value);
        return p.cell;
      }
      return ofFile;
    }

    private int expected(ModelPage p, FakeMmu.Access access) {
      if (p == null) {
        return AddressSpace.FAULT_NOT_MAPPED;
      }
      int needed =
          switch (access) {
            case READ -> MapFlag.PROT_READ | MapFlag.PROT_WRITE | MapFlag.PROT_EXEC;
            case WRITE -> MapFlag.PROT_WRITE;
            case EXECUTE -> MapFlag.PROT_EXEC;
          };
      if ((p.prot & needed) == 0) {
        return AddressSpace.FAULT_NOT_PERMITTED;
      }
      return cell(p, access == FakeMmu.Access.WRITE) == null
          ? AddressSpace.FAULT_BEYOND_END
          : AddressSpace.FAULT_SERVED;
    }

    private void guest(Space s, int page, FakeMmu.Access access, byte value) {
      ModelPage p = s.model.get(page);
      int expected = expected(p, access);
      long va = BASE + page * PAGE;
      int outcome = 0;
      long pa = s.tlb.translate(va, access);
      for (int tries = 0; pa < 0 && outcome == 0; tries++) {
        assertEquals(true, tries < 2, "the same fault again and again");
        outcome =
            s.real.fault(va, access == FakeMmu.Access.WRITE, access == FakeMmu.Access.EXECUTE);
        pa = outcome == 0 ? s.tlb.translate(va, access) : -1;
      }
      assertEquals(expected, outcome, "outcome of " + access);
      if (outcome != 0) {
        return;
      }
      Cell c = cell(p, access == FakeMmu.Access.WRITE);
      if (access == FakeMmu.Access.WRITE) {
        f.physical.writeByte(pa, value);
        c.value = value;
      } else {
        assertEquals(c.value, f.physical.readByte(pa), "byte of page " + page);
      }
    }

    private void kernelWrite(Space s, int page, byte value) {
      ModelPage p = s.model.get(page);
      int expected = expected(p, FakeMmu.Access.WRITE) == 0 ? 0 : Errno.EFAULT;
      assertEquals(
          expected, MemoryFixture.errno(() -> s.real.writeByte(BASE + page * PAGE, value)));
      if (expected == 0) {
        cell(p, true).value = value;
      }
    }

    private void kernelRead(Space s, int page) {
      ModelPage p = s.model.get(page);
      int expected = expected(p, FakeMmu.Access.READ);
      try {
        byte value = s.real.readByte(BASE + page * PAGE);
        assertEquals(0, expected);
        assertEquals(cell(p, false).value, value);
      } catch (ErrnoException e) {
        assertEquals(Errno.EFAULT, e.errno());
        assertEquals(true, expected != 0);
      }
    }

    private void fork(Space s) {
      if (spaces.size() == MAX_SPACES) {
        return;
      }
      Space child = new Space();
      child.real = s.real.fork();
      child.tlb = f.mmu.newest();
      assertEquals(s.tlb.textId, child.tlb.textId, "text is shared");
      s.model.forEach((i, p) -> child.model.put(i, p.copyForChild()));
      assertEquals(s.real.residentAnonymousPages(), child.real.residentAnonymousPages());
      // what is its source's alone the child gets when it touches it
      assertTrue(child.real.residentSourcePages() <= s.real.residentSourcePages());
      spaces.add(child);
    }

    private void exit(Space s) {
      if (spaces.size() > 1) {
        s.real.release();
        spaces.remove(s);
      }
    }

    private void discard(Space s, int from, int to) {
      int expected = 0;
      for (int i = from; i < to; i++) {
        ModelPage p = s.model.get(i);
        if (p == null) {
          expected = Errno.ENOMEM;
        } else if (!p.shared) {
          p.cell = p.filePage < 0 ? new Cell((byte) 0) : null;
        }
      }
      int actual =
          MemoryFixture.errno(
              () ->
                  s.real
                      .advice()
                      .advise(BASE + from * PAGE, (to - from) * PAGE, MapFlag.MADV_DONTNEED));
      assertEquals(expected, actual, "madvise");
    }

    private void truncate(int pages) {
      int size = Math.min(pages, FILE_PAGES);
      if (size >= fileSize) {
        return; // only ever shorter
      }
      file.truncate(size);
      fileSize = size;
      for (Space s : spaces) {
        for (ModelPage p : s.model.values()) {
          if (p.filePage >= size) {
            p.cell = null;
          }
        }
      }
    }

    private void move(Space s, int from, int to, int target) {
      int count = Math.min(to - from, PAGES - target);
      if (count <= 0) {
        return;
      }
      Mapping m = s.real.mappingAt(BASE + from * PAGE);
      boolean overlaps = target < from + count && from < target + count;
      boolean whole = m != null && m.end() >= BASE + (from + count) * PAGE;
      int actual =
          MemoryFixture.errno(
              () ->
                  s.real
                      .layout()
                      .remap(
                          BASE + from * PAGE,
                          count * PAGE,
                          count * PAGE,
                          MapFlag.MREMAP_MAYMOVE | MapFlag.MREMAP_FIXED,
                          BASE + target * PAGE));
      if (m == null) {
        assertEquals(Errno.EFAULT, actual);
        return;
      }
      if (overlaps) {
        assertEquals(Errno.EINVAL, actual);
        return;
      }
      for (int i = 0; i < count; i++) {
        s.model.remove(target + i); // goes before anything is checked, as on Linux
      }
      assertEquals(whole ? 0 : Errno.EFAULT, actual);
      for (int i = 0; whole && i < count; i++) {
        s.model.put(target + i, s.model.remove(from + i));
      }
    }

    void checkAll() {
      for (Space s : spaces) {
        for (int i = 0; i < PAGES; i++) {
          guest(s, i, FakeMmu.Access.READ, (byte) 0);
        }
        assertEquals(s.model.size() + 1, s.real.totalPages(), "pages mapped");
        Map<Boolean, Integer> mapped = new HashMap<>();
        for (int i = 0; i < s.real.mappingCount(); i++) {
          Mapping m = s.real.mapping(i);
          mapped.merge(m.isShared(), (int) ((m.end() - m.start()) / PAGE), Integer::sum);
        }
        assertEquals(
            s.model.size() + 1, mapped.values().stream().mapToInt(Integer::intValue).sum());
      }
    }

    @Override
    public void close() {
      try {
        for (Space s : spaces) {
          s.real.release();
          assertEquals(0, s.real.residentPages());
          assertEquals(0, s.real.totalPages());
        }
        assertEquals(0, file.users);
        file.delete();
        assertEquals(freeAtStart, f.frames.free(), "frames are given back");
      } finally {
        f.close();
      }
    }
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void programsSeeWhatTheModelSays(@ForAll("steps") List<Step> steps) {
    try (World w = new World()) {
      for (Step s : steps) {
        w.step(s);
      }
      w.checkAll();
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(KINDS),
            Arbitraries.integers().between(0, MAX_SPACES - 1).withDistribution(uniform()),
            Arbitraries.integers().between(0, PAGES - 1).withDistribution(uniform()),
            Arbitraries.integers().between(1, 4).withDistribution(uniform()),
            Arbitraries.integers().between(0, 127).withDistribution(uniform()),
            Arbitraries.of(0, 1, 2, 3, 3, 3, 3, 3, 3, 5, 7, 7))
        .as(Step::new)
        .list()
        .ofMinSize(100)
        .ofMaxSize(400);
  }

  private static RandomDistribution uniform() {
    return RandomDistribution.uniform();
  }
}
