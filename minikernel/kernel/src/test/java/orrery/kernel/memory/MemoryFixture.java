package orrery.kernel.memory;

import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.MapFlag;
import orrery.kernel.hw.PhysicalMemory;
import orrery.machine.Ram;

/** A kernel's memory with a {@link FakeMmu}. */
public final class MemoryFixture implements AutoCloseable {
  public static final long PAGE = 4096;
  public static final int READ_WRITE = MapFlag.PROT_READ | MapFlag.PROT_WRITE;
  public static final int PRIVATE = MapFlag.MAP_PRIVATE | MapFlag.MAP_ANONYMOUS;
  public static final int SHARED = MapFlag.MAP_SHARED | MapFlag.MAP_ANONYMOUS;

  private static final long RAM_BASE = 0x4000_0000L;

  private final Ram ram;
  public final FakeMmu mmu = new FakeMmu();
  public final PhysicalMemory physical;
  public final FrameAllocator frames;
  public final KernelMemory kernel;

  public MemoryFixture(int mebibytes) {
    ram = new Ram(RAM_BASE, (long) mebibytes << 20);
    physical = new PhysicalMemory(ram, mmu);
    mmu.memory = physical;
    frames = new FrameAllocator(physical);
    kernel = new KernelMemory(frames, mmu);
  }

  @Override
  public void close() {
    ram.close();
  }

  /** The memory itself. */
  public Ram ram() {
    return ram;
  }

  /** Maps anonymous memory at a fixed address. */
  public static long map(AddressSpace s, long va, long pages, int prot, int flags) {
    return s.layout().map(va, pages * PAGE, prot, flags | MapFlag.MAP_FIXED, null, 0, true, null);
  }

  /** The error number that {@code call} fails with, 0 if it does not. */
  public static int errno(Runnable call) {
    try {
      call.run();
      return 0;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  /** A file whose pages are made when they are asked for; byte 0 of page n is n + 1. */
  public final class File implements PageSource {
    private final long[] pages;
    private final FileMappings mappings = new FileMappings();
    private long size;
    public int users;

    public File(int pageCount) {
      pages = new long[pageCount];
      size = pageCount * PAGE;
    }

    /** A file with these contents. */
    public File(byte[] contents) {
      this((int) ((contents.length + PAGE - 1) / PAGE));
      size = contents.length;
      for (int i = 0; i < pages.length; i++) {
        pages[i] = frames.allocateZeroed();
        int from = (int) (i * PAGE);
        physical.copyIn(contents, from, pages[i], (int) Math.min(PAGE, contents.length - from));
      }
    }

    @Override
    public long page(long index) {
      if (index < 0 || index * PAGE >= size) {
        return FrameAllocator.NONE;
      }
      int i = (int) index;
      if (pages[i] == 0) {
        long frame = frames.allocateZeroed();
        if (frame == FrameAllocator.NONE) {
          return FrameAllocator.NONE;
        }
        pages[i] = frame;
        physical.writeByte(frame, (byte) (i + 1));
      }
      frames.share(pages[i]);
      return pages[i];
    }

    @Override
    public long residentPage(long index) {
      return index * PAGE < size && pages[(int) index] != 0 ? page(index) : FrameAllocator.NONE;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public FileMappings mappings() {
      return mappings;
    }

    @Override
    public void mapped() {
      users++;
    }

    @Override
    public void unmapped() {
      users--;
    }

    public byte byteAt(int page) {
      return pages[page] == 0 ? (byte) (page + 1) : physical.readByte(pages[page]);
    }

    public void truncate(int pageCount) {
      size = pageCount * PAGE;
      mappings.truncate(pageCount);
      for (int i = pageCount; i < pages.length; i++) {
        if (pages[i] != 0) {
          frames.release(pages[i]);
          pages[i] = 0;
        }
      }
    }

    public void delete() {
      truncate(0);
    }
  }
}
