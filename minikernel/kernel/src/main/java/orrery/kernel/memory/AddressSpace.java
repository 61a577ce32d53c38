package orrery.kernel.memory;

import static orrery.kernel.memory.PageTable.PAGE;
import static orrery.kernel.memory.PageTable.PAGE_SHIFT;
import static orrery.kernel.memory.PageTable.USER_END;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.machine.cpu.Translation;

/**
 * What a program sees as memory: mappings, and page tables in guest RAM that are filled page by
 * page as the program touches them. Threads share one; the last to {@link #release} it frees it.
 *
 * <p>{@link #layout} maps and unmaps, {@link #advice} is what programs say about memory that is
 * mapped. Both throw {@link ErrnoException}.
 */
public final class AddressSpace extends UserMemory {
  /** Where the code that returns from a signal handler is, readable and executable. */
  public static final long SIGRETURN_ADDRESS = USER_END - 2 * PAGE;

  /** The address after the last that a stack can have. */
  public static final long STACK_TOP = USER_END - 16 * PAGE;

  /** The address after the last that a program can have. */
  public static final long END = USER_END;

  /** The first address that is mapped without being asked for (sysctl vm.mmap_min_addr). */
  public static final long LOWEST_ADDRESS = 0x1_0000;

  /** {@link #fault}: the access can be made again. */
  public static final int FAULT_SERVED = 0;

  private static final int CODE_SHIFT = 8;
  private static final int SIGBUS = 7;
  private static final int SIGKILL = 9;
  private static final int SIGSEGV = 11;

  /** {@link #fault}: nothing is mapped there (SEGV_MAPERR). */
  public static final int FAULT_NOT_MAPPED = SIGSEGV | 1 << CODE_SHIFT;

  /** {@link #fault}: the mapping does not permit the access (SEGV_ACCERR). */
  public static final int FAULT_NOT_PERMITTED = SIGSEGV | 2 << CODE_SHIFT;

  /** {@link #fault}: the page lies beyond the end of the file (BUS_ADRERR). */
  public static final int FAULT_BEYOND_END = SIGBUS | 2 << CODE_SHIFT;

  /** {@link #fault}: no frame is left; somebody has to go. */
  public static final int FAULT_OUT_OF_MEMORY = SIGKILL;

  private final KernelMemory kernel;
  private final MappingTable mappings = new MappingTable();
  private final Tlb tlb;
  private final PageFaults faults;
  private final PageRanges pages;
  private final AddressLayout layout;
  private final MemoryAdvice advice;
  private final ProgramAddresses program = new ProgramAddresses();
  private MemoryLimits limits = MemoryLimits.DEFAULT;
  private int users = 1;
  private int textId;

  // Sizes in pages.
  private long total;
  private long data;
  private long locked;
  private long residentAnonymous;
  private long residentSource;
  private long peakResident;
  private long peakTotal;

  AddressSpace(KernelMemory kernel, PageTable table, Tlb tlb) {
    super(kernel.physical(), table);
    this.kernel = kernel;
    this.tlb = tlb;
    this.faults = new PageFaults(this, kernel, mappings, table);
    this.pages = new PageRanges(this, kernel, table);
    this.layout = new AddressLayout(this, kernel, mappings, pages);
    this.advice = new MemoryAdvice(this, kernel, mappings, pages);
    textChanged();
  }

  /** One thread or process more uses it. */
  public AddressSpace share() {
    users++;
    return this;
  }

  /** One user less; the last one frees it. It must not be the CPU's active one then. */
  public void release() {
    if (--users > 0) {
      return;
    }
    layout.removeAll();
    pages.removeAll();
    table.free();
    tlb.close();
  }

  /** How many threads and processes use it. */
  public int users() {
    return users;
  }

  /**
   * A copy for a new process: pages are shared until one of the two writes to them. What the child
   * can have from a file it gets when it touches it, which before an exec is next to nothing.
   *
   * @throws ErrnoException ENOMEM
   */
  public AddressSpace fork() {
    AddressSpace child = kernel.makeAddressSpace();
    try {
      child.limits = limits;
      child.program.copyFrom(program);
      child.layout.copyFrom(layout);
      for (int i = 0; i < child.mappings.size(); i++) {
        Mapping m = child.mappings.get(i);
        if (!m.is(Mapping.WIPE_ON_FORK) && !m.isSourceOnly()) {
          pages.copyTo(child, m);
        }
      }
    } catch (ErrnoException outOfMemory) {
      child.release();
      throw outOfMemory;
    } finally {
      pages.flush();
    }
    child.textId(textId);
    return child;
  }

  /** What the CPU activates to run a program here. */
  public Translation translation() {
    return tlb.translation();
  }

  /**
   * Serves a page fault at EL0, or of the kernel on a program's behalf.
   *
   * @param va FAR
   * @return {@link #FAULT_SERVED}, or the signal to raise in bits 7:0 and its si_code above; {@link
   *     #FAULT_OUT_OF_MEMORY} is SIGKILL
   */
  @Override
  public int fault(long va, boolean write, boolean execute) {
    return faults.fault(va, write, execute);
  }

  @Override
  int faultForKernel(long va, boolean write) {
    int outcome = faults.fault(va, write, false);
    if (write) {
      flushPage(va & -PAGE);
    }
    return outcome;
  }

  /** mmap(2) and its relatives. */
  public AddressLayout layout() {
    return layout;
  }

  /** madvise(2), mlock(2), mincore(2), msync(2). */
  public MemoryAdvice advice() {
    return advice;
  }

  /** Where the program's parts are, for /proc. */
  public ProgramAddresses program() {
    return program;
  }

  /** The limits of the process. */
  public MemoryLimits limits() {
    return limits;
  }

  /** Sets whose limits it obeys; a new process and a new image must do so. */
  public void limits(MemoryLimits l) {
    limits = l;
  }

  /** The number of mappings. */
  public int mappingCount() {
    return mappings.size();
  }

  /** The mapping with number {@code index} in order of address. */
  public Mapping mapping(int index) {
    return mappings.get(index);
  }

  /** The mapping that contains {@code va}, or null. */
  public Mapping mappingAt(long va) {
    return isUserRange(va, 1) ? mappings.find(va) : null;
  }

  /** Pages of address space (VmSize). */
  public long totalPages() {
    return total;
  }

  /** The most that {@link #totalPages} was (VmPeak). */
  public long peakTotalPages() {
    return peakTotal;
  }

  /** Pages of private writable memory other than stack (VmData). */
  public long dataPages() {
    return data;
  }

  /** Locked pages (VmLck). */
  public long lockedPages() {
    return locked;
  }

  /** Pages in memory (VmRSS). */
  public long residentPages() {
    return residentAnonymous + residentSource;
  }

  /** The most that {@link #residentPages} was (VmHWM). */
  public long peakResidentPages() {
    peakResident = Math.max(peakResident, residentPages());
    return peakResident;
  }

  /** Pages in memory that are the process's own (RssAnon). */
  public long residentAnonymousPages() {
    return residentAnonymous;
  }

  /** Pages in memory of files and shared memory (RssFile, RssShmem). */
  public long residentSourcePages() {
    return residentSource;
  }

  /** Frames of page tables (VmPTE). */
  public long tablePages() {
    return table.tables();
  }

  /** Pages of the mappings that have any of these properties: {@code /proc/PID/statm}. */
  public long executablePages() {
    long n = 0;
    for (int i = 0; i < mappings.size(); i++) {
      Mapping m = mappings.get(i);
      n += m.isExecutable() && !m.isWritable() ? m.end - m.start >>> PAGE_SHIFT : 0;
    }
    return n;
  }

  /** Pages of stacks (VmStk). */
  public long stackPages() {
    long n = 0;
    for (int i = 0; i < mappings.size(); i++) {
      Mapping m = mappings.get(i);
      n += m.is(Mapping.GROWS_DOWN) ? m.end - m.start >>> PAGE_SHIFT : 0;
    }
    return n;
  }

  void residentAnonymous(long pagesMore) {
    residentAnonymous += pagesMore;
    notePeak(pagesMore);
  }

  void residentSource(long pagesMore) {
    residentSource += pagesMore;
    notePeak(pagesMore);
  }

  private void notePeak(long pagesMore) {
    if (pagesMore < 0) { // a peak ends only where the number falls
      peakResident = Math.max(peakResident, residentPages() - pagesMore);
    }
  }

  /** Counts {@code bytes} more (or less, if negative) of mappings with {@code flags}. */
  void account(int flags, long bytes) {
    long n = bytes >> PAGE_SHIFT;
    total += n;
    peakTotal = Math.max(peakTotal, total);
    if (isData(flags)) {
      data += n;
    }
    if ((flags & Mapping.LOCKED) != 0) {
      locked += n;
    }
  }

  /** Whether the limits let a mapping with {@code flags} have {@code bytes} more. */
  boolean mayExpand(int flags, long bytes) {
    long room = limits.soft(MemoryLimits.AS);
    if (Long.compareUnsigned((total << PAGE_SHIFT) + bytes, room) > 0) {
      return false;
    }
    return !isData(flags)
        || Long.compareUnsigned((data << PAGE_SHIFT) + bytes, limits.soft(MemoryLimits.DATA)) <= 0;
  }

  /** Whether the limits let {@code bytes} more be locked. */
  boolean mayLock(long bytes) {
    long room = limits.soft(MemoryLimits.MEMLOCK);
    return Long.compareUnsigned((locked << PAGE_SHIFT) + bytes, room) <= 0;
  }

  private static boolean isData(int flags) {
    return (flags & (Mapping.WRITE | Mapping.SHARED | Mapping.GROWS_DOWN)) == Mapping.WRITE;
  }

  /** An executable page is not (or may come to be not) what it is where the text is the same. */
  void textChanged() {
    textId(kernel.newTextId());
  }

  /**
   * The only executable pages are those of one segment of a file, so that switches between programs
   * of the same file are cheap; for exec, before the program runs.
   */
  public void textIsOneSegment(PageSource source, long address, long offset, long length) {
    textId(source.mappings().textId(address, offset, length, kernel));
  }

  private void textId(int id) {
    textId = id;
    tlb.textId(id);
  }

  void flushPage(long va) {
    tlb.flushPage(va);
  }

  void flushAll() {
    tlb.flushAll();
  }

  /** A source's pages go; see {@link FileMappings}. */
  void removePages(Mapping m, long fromPage, long toPage, boolean privateToo) {
    long end = m.page + (m.end - m.start >>> PAGE_SHIFT);
    long from = Math.max(fromPage, m.page);
    long to = Math.min(toPage, end);
    if (from >= to) {
      return;
    }
    long start = m.start + (from - m.page << PAGE_SHIFT);
    pages.remove(start, start + (to - from << PAGE_SHIFT), privateToo);
    pages.flush();
    if (m.isExecutable()) {
      textChanged();
    }
  }

  static ErrnoException noMemory() {
    return ErrnoException.of(Errno.ENOMEM);
  }
}
