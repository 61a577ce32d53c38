package orrery.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.kernel.memory.MemoryFixture.PAGE;
import static orrery.kernel.memory.MemoryFixture.PRIVATE;
import static orrery.kernel.memory.MemoryFixture.READ_WRITE;
import static orrery.kernel.memory.MemoryFixture.errno;
import static orrery.kernel.memory.MemoryFixture.map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.MapFlag;

class AddressLayoutTest {
  private static final long VA = 0x1000_0000;

  private final MemoryFixture f = new MemoryFixture(16);
  private final AddressSpace s = f.kernel.newAddressSpace();
  private final AddressLayout layout = s.layout();

  @AfterEach
  void close() {
    f.close();
  }

  private long mapAnywhere(long length, int prot, int flags) {
    return layout.map(0, length, prot, flags, null, 0, true, null);
  }

  private int mapErrno(long hint, long length, int prot, int flags, PageSource file, long offset) {
    return errno(() -> layout.map(hint, length, prot, flags, file, offset, false, null));
  }

  @Test
  void choosesAddressesFromTheTopDownAndTakesHints() {
    long first = mapAnywhere(PAGE, READ_WRITE, PRIVATE);
    long second = mapAnywhere(3 * PAGE, MapFlag.PROT_READ, PRIVATE);
    assertEquals(first - 3 * PAGE, second);
    assertEquals(
        VA, layout.map(VA + 5, PAGE, READ_WRITE, PRIVATE, null, 0, true, null), "free hint");
    assertNotEquals(
        VA, layout.map(VA, PAGE, READ_WRITE, PRIVATE, null, 0, true, null), "taken hint");
  }

  @Test
  void mmapRefusesWhatLinuxRefuses() {
    MemoryFixture.File file = f.new File(4);
    int fixed = PRIVATE | MapFlag.MAP_FIXED;
    assertEquals(Errno.EINVAL, mapErrno(0, 0, READ_WRITE, PRIVATE, null, 0));
    assertEquals(Errno.ENOMEM, mapErrno(0, -1, READ_WRITE, PRIVATE, null, 0));
    assertEquals(Errno.ENOMEM, mapErrno(0, 1L << 40, 0, PRIVATE, null, 0));
    assertEquals(Errno.EINVAL, mapErrno(VA + 1, PAGE, READ_WRITE, fixed, null, 0));
    assertEquals(Errno.ENOMEM, mapErrno(1L << 39, PAGE, READ_WRITE, fixed, null, 0));
    assertEquals(Errno.EINVAL, mapErrno(0, PAGE, READ_WRITE, MapFlag.MAP_ANONYMOUS, null, 0));
    assertEquals(Errno.EACCES, mapErrno(0, PAGE, MapFlag.PROT_WRITE, MapFlag.MAP_SHARED, file, 0));
    assertEquals(
        Errno.EOVERFLOW, mapErrno(0, PAGE, MapFlag.PROT_READ, MapFlag.MAP_SHARED, file, -PAGE));
    map(s, VA, 1, READ_WRITE, PRIVATE);
    int noReplace = PRIVATE | MapFlag.MAP_FIXED_NOREPLACE;
    assertEquals(Errno.EEXIST, mapErrno(VA, PAGE, READ_WRITE, noReplace, null, 0));
    assertEquals(0, mapErrno(VA + PAGE, PAGE, READ_WRITE, noReplace, null, 0));
  }

  @Test
  void overcommitsAddressesButNotWhatCouldNeverBeBacked() {
    mapAnywhere(64L << 30, MapFlag.PROT_NONE, PRIVATE);
    mapAnywhere(64L << 30, READ_WRITE, PRIVATE | MapFlag.MAP_NORESERVE);
    assertEquals(Errno.ENOMEM, mapErrno(0, 64L << 30, READ_WRITE, PRIVATE, null, 0));
    assertEquals(0, s.residentPages());
  }

  @Test
  void joinsNeighboursThatAreAlikeAndSplitsThem() {
    int before = s.mappingCount();
    map(s, VA, 2, READ_WRITE, PRIVATE);
    map(s, VA + 4 * PAGE, 2, READ_WRITE, PRIVATE);
    assertEquals(before + 2, s.mappingCount());
    map(s, VA + 2 * PAGE, 2, READ_WRITE, PRIVATE);
    assertEquals(before + 1, s.mappingCount());
    layout.protect(VA + PAGE, PAGE, MapFlag.PROT_READ);
    assertEquals(before + 3, s.mappingCount());
    layout.protect(VA + PAGE, PAGE, READ_WRITE);
    assertEquals(before + 1, s.mappingCount());
    layout.unmap(VA + PAGE, PAGE);
    assertEquals(before + 2, s.mappingCount());
  }

  @Test
  void limitsTheNumberOfMappings() {
    long va = VA;
    int result = 0;
    for (int i = 0; i <= KernelMemory.MAX_MAPPINGS && result == 0; i++, va += 2 * PAGE) {
      long at = va;
      result = errno(() -> map(s, at, 1, MapFlag.PROT_NONE, PRIVATE));
    }
    assertEquals(Errno.ENOMEM, result);
  }

  @Test
  void munmapAndMprotectRefuseWhatLinuxRefuses() {
    map(s, VA, 4, READ_WRITE, PRIVATE);
    assertEquals(Errno.EINVAL, errno(() -> layout.unmap(VA + 1, PAGE)));
    assertEquals(Errno.EINVAL, errno(() -> layout.unmap(VA, 0)));
    assertEquals(Errno.EINVAL, errno(() -> layout.unmap(VA, 1L << 39)));
    assertEquals(Errno.EINVAL, errno(() -> layout.unmap(1L << 39, PAGE)));
    assertEquals(0, errno(() -> layout.unmap(VA + 100 * PAGE, PAGE)), "nothing is there");
    assertEquals(Errno.EINVAL, errno(() -> layout.protect(VA + 1, PAGE, 0)));
    assertEquals(Errno.EINVAL, errno(() -> layout.protect(VA, PAGE, 0x40)));
    assertEquals(0, errno(() -> layout.protect(VA, 0, MapFlag.PROT_READ)));
    assertEquals(Errno.ENOMEM, errno(() -> layout.protect(VA, -PAGE, 0)));
    assertEquals(Errno.ENOMEM, errno(() -> layout.protect(VA + 3 * PAGE, 2 * PAGE, 0)));
    assertFalse(s.mappingAt(VA + 3 * PAGE).isWritable(), "what came before the hole has changed");
    MemoryFixture.File file = f.new File(1);
    long shared = layout.map(0, PAGE, MapFlag.PROT_READ, MapFlag.MAP_SHARED, file, 0, false, "/f");
    assertEquals(Errno.EACCES, errno(() -> layout.protect(shared, PAGE, READ_WRITE)));
  }

  @Test
  void mremapGrowsInPlaceOrMovesOrFails() {
    map(s, VA, 2, READ_WRITE, PRIVATE);
    s.writeByte(VA, (byte) 42);
    assertEquals(VA, layout.remap(VA, 2 * PAGE, 3 * PAGE, 0, 0));
    map(s, VA + 3 * PAGE, 1, MapFlag.PROT_READ, PRIVATE);
    assertEquals(Errno.ENOMEM, errno(() -> layout.remap(VA, 3 * PAGE, 4 * PAGE, 0, 0)));
    long moved = layout.remap(VA, 3 * PAGE, 4 * PAGE, MapFlag.MREMAP_MAYMOVE, 0);
    assertNotEquals(VA, moved);
    assertEquals(42, s.readByte(moved));
    assertNull(s.mappingAt(VA));
    assertEquals(moved, layout.remap(moved, 4 * PAGE, PAGE, 0, 0), "shrinks");
    assertNull(s.mappingAt(moved + PAGE));
    assertEquals(Errno.EFAULT, errno(() -> layout.remap(VA, PAGE, PAGE, 0, 0)));
    assertEquals(Errno.EINVAL, errno(() -> layout.remap(moved + 1, PAGE, PAGE, 0, 0)));
    assertEquals(Errno.EINVAL, errno(() -> layout.remap(moved, PAGE, 0, 0, 0)));
    assertEquals(
        Errno.EINVAL, errno(() -> layout.remap(moved, PAGE, PAGE, MapFlag.MREMAP_FIXED, VA)));
    assertEquals(Errno.EFAULT, errno(() -> layout.remap(moved, 3 * PAGE, 5 * PAGE, 0, 0)));
  }

  @Test
  void mremapMovesPagesIntoATableThatIsStillEmpty() {
    // of a mapping across the border of two tables only the upper part has a page: it goes into
    // the lower table, in which there was nothing to move
    long border = 0x1020_0000L;
    map(s, border - PAGE, 2, READ_WRITE, PRIVATE);
    s.writeByte(border, (byte) 42);
    long to = border - 3 * PAGE;
    int flags = MapFlag.MREMAP_MAYMOVE | MapFlag.MREMAP_FIXED;
    assertEquals(to, layout.remap(border - PAGE, 2 * PAGE, 2 * PAGE, flags, to));
    assertEquals(0, s.readByte(to));
    assertEquals(42, s.readByte(to + PAGE));
    assertNull(s.mappingAt(border));
  }

  @Test
  void mremapCanLeaveTheOldMappingEmpty() {
    map(s, VA, 1, READ_WRITE, PRIVATE);
    s.writeByte(VA, (byte) 42);
    int flags = MapFlag.MREMAP_MAYMOVE | MapFlag.MREMAP_DONTUNMAP;
    long moved = layout.remap(VA, PAGE, PAGE, flags, 0);
    assertEquals(42, s.readByte(moved));
    assertEquals(0, s.readByte(VA));
  }

  @Test
  void brkMovesTheEndOfTheHeap() {
    layout.heap().startAt(VA);
    assertEquals(VA, layout.heap().moveEnd(0));
    assertEquals(VA + 100, layout.heap().moveEnd(VA + 100));
    s.writeByte(VA + 99, (byte) 1);
    assertEquals(VA + 3 * PAGE, layout.heap().moveEnd(VA + 3 * PAGE));
    assertEquals("[heap]", s.mappingAt(VA).name());
    assertEquals(VA + 3 * PAGE, s.mappingAt(VA).end());
    map(s, VA + 8 * PAGE, 1, READ_WRITE, PRIVATE);
    assertEquals(VA + 3 * PAGE, layout.heap().moveEnd(VA + 9 * PAGE), "something is in the way");
    assertEquals(VA + 1, layout.heap().moveEnd(VA + 1));
    assertNull(s.mappingAt(VA + PAGE));
    s.limits(resource -> resource == MemoryLimits.DATA ? 2 * PAGE : MemoryLimits.INFINITY);
    assertEquals(VA + 1, layout.heap().moveEnd(VA + 3 * PAGE), "RLIMIT_DATA");
  }

  @Test
  void obeysTheLimitOfTheAddressSpace() {
    s.limits(resource -> resource == MemoryLimits.AS ? 8 * PAGE : MemoryLimits.INFINITY);
    map(s, VA, 6, READ_WRITE, PRIVATE);
    assertEquals(Errno.ENOMEM, mapErrno(0, 2 * PAGE, READ_WRITE, PRIVATE, null, 0));
    assertEquals(
        0,
        mapErrno(VA, 4 * PAGE, READ_WRITE, PRIVATE | MapFlag.MAP_FIXED, null, 0),
        "what is replaced does not count");
  }

  @Test
  void stackGrowsDownToItsLimitAndKeepsItsDistance() {
    long top = VA + (64L << 20);
    map(s, top - PAGE, 1, READ_WRITE, PRIVATE | MapFlag.MAP_GROWSDOWN);
    assertEquals(AddressSpace.FAULT_SERVED, s.fault(top - (1 << 20), true, false));
    assertEquals(top - (1 << 20), s.mappingAt(top - 1).start());
    assertEquals(AddressSpace.FAULT_SERVED, s.fault(top - (8 << 20), true, false));
    assertEquals(AddressSpace.FAULT_NOT_MAPPED, s.fault(top - (8 << 20) - 1, true, false));
    long other = VA + (256L << 20);
    map(s, other - PAGE, 1, READ_WRITE, PRIVATE | MapFlag.MAP_GROWSDOWN);
    map(s, other - (4 << 20), 1, READ_WRITE, PRIVATE);
    assertEquals(
        AddressSpace.FAULT_NOT_MAPPED,
        s.fault(other - (4 << 20) + 2 * PAGE, true, false),
        "stack guard");
    assertEquals(AddressSpace.FAULT_SERVED, s.fault(other - (2 << 20), true, false));
  }

  @Test
  void truncatedPagesFaultAndPrivateCopiesGoToo() {
    MemoryFixture.File file = f.new File(4);
    int flags = MapFlag.MAP_PRIVATE | MapFlag.MAP_FIXED;
    layout.map(VA, 4 * PAGE, READ_WRITE, flags, file, 0, true, "/f");
    s.writeByte(VA + 3 * PAGE, (byte) 9);
    assertEquals(1, s.readByte(VA));
    file.truncate(2);
    assertEquals(AddressSpace.FAULT_BEYOND_END, s.fault(VA + 3 * PAGE, false, false));
    assertEquals(1, s.readByte(VA));
    assertEquals(Errno.EFAULT, errno(() -> s.readByte(VA + 2 * PAGE)));
  }

  @Test
  void faultInAFileMapsItsNeighboursThatAreInMemory() {
    MemoryFixture.File file = f.new File(new byte[(int) (40 * PAGE)]);
    int flags = MapFlag.MAP_PRIVATE | MapFlag.MAP_FIXED;
    layout.map(VA, 40 * PAGE, MapFlag.PROT_READ, flags, file, 0, true, "/f");
    assertEquals(AddressSpace.FAULT_SERVED, s.fault(VA + 20 * PAGE, false, false));
    assertEquals(16, s.residentPages());
  }

  @Test
  void lastReferenceBecomesWritableWithoutACopy() {
    map(s, VA, 1, READ_WRITE, PRIVATE);
    s.writeByte(VA, (byte) 1);
    long frame = s.physical(VA, false);
    AddressSpace child = s.fork();
    child.writeByte(VA, (byte) 2);
    assertNotEquals(frame, child.physical(VA, false));
    int free = f.frames.free();
    s.writeByte(VA, (byte) 3);
    assertEquals(frame, s.physical(VA, false));
    assertEquals(free, f.frames.free());
    child.release();
  }

  @Test
  void textIdChangesWithExecutableMappingsOnly() {
    FakeMmu.FakeTlb tlb = f.mmu.newest();
    map(s, VA, 4, READ_WRITE, PRIVATE);
    s.writeByte(VA, (byte) 1);
    AddressSpace child = s.fork();
    assertEquals(tlb.textId, f.mmu.newest().textId);
    map(s, VA + 8 * PAGE, 1, READ_WRITE, PRIVATE);
    assertEquals(tlb.textId, f.mmu.newest().textId);
    layout.protect(VA, PAGE, MapFlag.PROT_READ | MapFlag.PROT_EXEC);
    assertNotEquals(tlb.textId, f.mmu.newest().textId);
    child.release();
  }

  @Test
  void codeIsForgottenWhenAProgramMayHaveChangedIt() {
    int all = READ_WRITE | MapFlag.PROT_EXEC;
    map(s, VA, 1, all, PRIVATE);
    assertEquals(AddressSpace.FAULT_SERVED, s.fault(VA, true, false));
    long frame = s.physical(VA, false);
    assertEquals(AddressSpace.FAULT_SERVED, s.fault(VA, false, true));
    assertFalse(f.mmu.invalidated(frame), "never executed before");
    assertEquals(AddressSpace.FAULT_SERVED, s.fault(VA, true, false));
    assertEquals(AddressSpace.FAULT_SERVED, s.fault(VA, false, true));
    assertTrue(f.mmu.invalidated(frame));
  }

  @Test
  void codeIsForgottenWhenTheKernelWritesItOrReusesItsFrame() {
    MemoryFixture.File file = f.new File(1);
    int prot = MapFlag.PROT_READ | MapFlag.PROT_EXEC;
    long va = layout.map(0, PAGE, prot, MapFlag.MAP_PRIVATE, file, 0, false, "/f");
    assertEquals(AddressSpace.FAULT_SERVED, s.fault(va, false, true));
    long frame = s.physical(va, false);
    f.physical.writeInt(frame + 8, 0);
    assertTrue(f.mmu.invalidated(frame + 8));
    layout.unmap(va, PAGE);
    file.delete();
    f.mmu.invalidations.clear();
    assertEquals(frame, f.frames.allocate());
    assertTrue(f.mmu.invalidated(frame));
  }

  @Test
  void memoryHogEndsWithoutTheKernelRunningDry() {
    map(s, VA, 16 << 8, READ_WRITE, PRIVATE | MapFlag.MAP_NORESERVE);
    long va = VA;
    int outcome = 0;
    while (outcome == AddressSpace.FAULT_SERVED) {
      outcome = s.fault(va, true, false);
      va += PAGE;
    }
    assertEquals(AddressSpace.FAULT_OUT_OF_MEMORY, outcome);
    long last = va;
    assertEquals(Errno.ENOMEM, errno(() -> s.writeByte(last, (byte) 1)));
    assertEquals(Errno.ENOMEM, errno(s::fork));
    s.release();
    f.kernel.newAddressSpace().release();
  }

  @Test
  void failedForkGivesEverythingBack() {
    map(s, VA, 512, READ_WRITE, PRIVATE);
    for (int i = 0; i < 512; i++) {
      s.writeByte(VA + i * PAGE, (byte) i);
    }
    while (f.frames.free() > 2) {
      f.frames.allocate();
    }
    assertEquals(Errno.ENOMEM, errno(s::fork));
    assertEquals(2, f.frames.free());
    s.writeByte(VA, (byte) 7);
    assertEquals(7, s.readByte(VA));
  }

  @Test
  void forkHeedsAdvice() {
    map(s, VA, 3, READ_WRITE, PRIVATE);
    s.writeByte(VA, (byte) 1);
    s.writeByte(VA + PAGE, (byte) 2);
    s.advice().advise(VA, PAGE, MapFlag.MADV_WIPEONFORK);
    s.advice().advise(VA + PAGE, PAGE, MapFlag.MADV_DONTFORK);
    AddressSpace child = s.fork();
    assertEquals(0, child.readByte(VA));
    assertNull(child.mappingAt(VA + PAGE));
    child.release();
  }

  @Test
  void adviceLocksAndQuestionsRefuseWhatLinuxRefuses() {
    MemoryAdvice advice = s.advice();
    map(s, VA, 4, READ_WRITE, PRIVATE);
    assertEquals(Errno.EINVAL, errno(() -> advice.advise(VA + 1, PAGE, 0)));
    assertEquals(Errno.EINVAL, errno(() -> advice.advise(VA, PAGE, 77)));
    assertEquals(Errno.ENOMEM, errno(() -> advice.advise(VA + 3 * PAGE, 2 * PAGE, 0)));
    s.limits(resource -> resource == MemoryLimits.MEMLOCK ? 2 * PAGE : MemoryLimits.INFINITY);
    assertEquals(Errno.ENOMEM, errno(() -> advice.lock(VA, 3 * PAGE, false, false)));
    advice.lock(VA, 2 * PAGE, false, false);
    assertEquals(2, s.lockedPages());
    assertEquals(2, s.residentPages());
    assertEquals(Errno.EINVAL, errno(() -> advice.advise(VA, PAGE, MapFlag.MADV_DONTNEED)));
    assertEquals(Errno.EBUSY, errno(() -> advice.sync(VA, PAGE, MapFlag.MS_INVALIDATE)));
    advice.unlock(VA, 4 * PAGE);
    assertEquals(0, s.lockedPages());
    assertEquals(Errno.EINVAL, errno(() -> advice.sync(VA, PAGE, 8)));
    assertEquals(Errno.ENOMEM, errno(() -> advice.sync(VA, 5 * PAGE, MapFlag.MS_SYNC)));
    advice.residency(VA, 4 * PAGE, VA);
    assertEquals(0x0000_0101, s.readInt(VA));
    assertEquals(Errno.EINVAL, errno(() -> advice.residency(VA + 1, PAGE, VA)));
    assertEquals(Errno.ENOMEM, errno(() -> advice.residency(VA, 5 * PAGE, VA)));
    assertEquals(Errno.EFAULT, errno(() -> advice.residency(VA, PAGE, 0)));
  }

  @Test
  void signalReturnPageIsReadableAndExecutableOnly() {
    assertEquals(0xd280_1168, s.readInt(AddressSpace.SIGRETURN_ADDRESS));
    assertEquals(0xd400_0001, s.readInt(AddressSpace.SIGRETURN_ADDRESS + 4));
    assertEquals(AddressSpace.FAULT_SERVED, s.fault(AddressSpace.SIGRETURN_ADDRESS, false, true));
    assertEquals(Errno.EFAULT, errno(() -> s.writeInt(AddressSpace.SIGRETURN_ADDRESS, 0)));
    assertEquals(
        Errno.EACCES,
        errno(() -> layout.protect(AddressSpace.SIGRETURN_ADDRESS, PAGE, READ_WRITE)));
  }

  @Test
  void taggedAddressesAreServed() {
    map(s, VA, 1, READ_WRITE, PRIVATE);
    assertEquals(AddressSpace.FAULT_SERVED, s.fault(VA | 0x42L << 56, true, false));
    assertEquals(AddressSpace.FAULT_NOT_MAPPED, s.fault(-PAGE, false, false));
  }
}
