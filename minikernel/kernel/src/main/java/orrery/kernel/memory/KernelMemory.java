package orrery.kernel.memory;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.hw.PhysicalMemory;

/** What all address spaces share: frames, the CPU, and the pages that every program sees. */
public final class KernelMemory {
  /** The most mappings of one address space (sysctl vm.max_map_count). */
  public static final int MAX_MAPPINGS = 65530;

  /** The most mappings of all address spaces: they are the kernel's own memory. */
  private static final int MAX_ALL_MAPPINGS = 1 << 19;

  // mov x8, #139 (rt_sigreturn); svc #0
  private static final int[] SIGNAL_RETURN = {0xd280_1168, 0xd400_0001};

  private final PhysicalMemory physical;
  private final FrameAllocator frames;
  private final Mmu mmu;
  private final long zeroFrame;
  private final PageSource signalPage;
  private final long[] tableCopy = new long[PageTable.ENTRIES];
  private int mappings;
  private int textIds;

  /**
   * Takes the kernel's own frames.
   *
   * @throws IllegalStateException if RAM has not even these
   */
  public KernelMemory(FrameAllocator frames, Mmu mmu) {
    this.physical = frames.memory();
    this.frames = frames;
    this.mmu = mmu;
    this.zeroFrame = frames.allocateZeroed();
    long code = frames.allocateZeroed();
    if (code == FrameAllocator.NONE) {
      throw new IllegalStateException("no memory for the kernel");
    }
    for (int i = 0; i < SIGNAL_RETURN.length; i++) {
      physical.writeInt(code + (long) i * Integer.BYTES, SIGNAL_RETURN[i]);
    }
    this.signalPage = new KernelPage(frames, code);
  }

  public PhysicalMemory physical() {
    return physical;
  }

  public FrameAllocator frames() {
    return frames;
  }

  /** A frame of zeros that nobody may write: what untouched anonymous memory shows. */
  public long zeroFrame() {
    return zeroFrame;
  }

  /**
   * An address space with nothing but the page of {@link AddressSpace#SIGRETURN_ADDRESS}, used
   * once.
   *
   * @throws ErrnoException ENOMEM
   */
  public AddressSpace newAddressSpace() {
    AddressSpace s = makeAddressSpace();
    s.layout().mapSignalPage(signalPage);
    return s;
  }

  AddressSpace makeAddressSpace() {
    long root = frames.allocateZeroed();
    if (root == FrameAllocator.NONE) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    return new AddressSpace(this, new PageTable(frames, root, tableCopy), mmu.translation(root));
  }

  /** Memory that processes share, without a file: mmap of MAP_SHARED | MAP_ANONYMOUS, shmget. */
  public PageSource sharedMemory(long length) {
    return new SharedMemory(frames, length);
  }

  /** Room to look through a table's descriptors; nobody keeps anything in it. */
  long[] tableCopy() {
    return tableCopy;
  }

  /** The heuristic of overcommit_memory 0: only what could never be backed is refused. */
  boolean canCommit(long bytes) {
    return bytes >>> FRAME_SHIFT <= frames.total();
  }

  /** One mapping more; throws ENOMEM if there are too many. */
  void mappingAdded() {
    if (mappings >= MAX_ALL_MAPPINGS) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    mappings++;
  }

  void mappingRemoved() {
    mappings--;
  }

  /** A number for a text that no address space has. */
  int newTextId() {
    return ++textIds;
  }

  /** One page of the kernel's that programs see. */
  private record KernelPage(FrameAllocator frames, long frame, FileMappings mappings)
      implements PageSource {
    KernelPage(FrameAllocator frames, long frame) {
      this(frames, frame, new FileMappings());
    }

    @Override
    public long page(long index) {
      if (index != 0) {
        return FrameAllocator.NONE;
      }
      frames.share(frame);
      return frame;
    }

    @Override
    public long size() {
      return PhysicalMemory.FRAME_SIZE;
    }
  }
}
