package orrery.kernel.fs.tmpfs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Budget;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.Vfs;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.FrameAllocator;

/**
 * A file system in memory (Linux: mm/shmem.c). Contents are bounded by free frames and the size
 * limit (ENOSPC), names and inodes by a budget and a count of inodes (ENOSPC).
 */
public final class Tmpfs extends FileSystem {
  /** TMPFS_MAGIC of Linux {@code include/uapi/linux/magic.h}. */
  public static final long MAGIC = 0x01021994;

  /** Estimated bytes of the kernel's own memory for an inode and for a name without its chars. */
  static final int INODE_COST = 256;

  static final int NAME_COST = 96;

  /** Of all frames, the part (one in this many) that files leave free for programs. */
  private static final int RESERVED_PART = 32;

  private static final int ROOT_PERMISSIONS = 0755;

  private final Vfs vfs;
  private final FrameAllocator frames;
  private final PhysicalMemory memory;
  private final Budget budget;
  private final TmpfsDirectory root;
  private final long maxPages;
  private final long maxInodes;
  private final long reserve;
  private final String options;
  private long pages;
  private long inodes;

  /** A file system bounded by memory only, as Linux's root file system is. */
  public Tmpfs(Vfs vfs, String type) {
    this(vfs, type, TmpfsOptions.UNBOUNDED);
  }

  /** A file system for mount(2) with {@code options}. */
  public Tmpfs(Vfs vfs, String type, TmpfsOptions options) {
    super(type, MAGIC, vfs.clock());
    this.vfs = vfs;
    this.frames = vfs.frames();
    this.memory = vfs.memory();
    this.options = options.text();
    maxPages = options.pages(frames.total());
    maxInodes = options.inodes(frames.total());
    reserve = frames.total() / RESERVED_PART;
    budget = vfs.budget();
    root = new TmpfsDirectory(this, newInode(), options.mode(ROOT_PERMISSIONS), 0, 0);
  }

  @Override
  public Directory root() {
    return root;
  }

  @Override
  public Budget budget() {
    return budget;
  }

  @Override
  public boolean hasAttributes() {
    return true;
  }

  @Override
  public long blocks() {
    return pages + freeBlocks();
  }

  @Override
  public long freeBlocks() {
    return Math.max(0, Math.min(maxPages - pages, frames.free() - reserve));
  }

  @Override
  public long files() {
    return maxInodes;
  }

  @Override
  public long freeFiles() {
    return maxInodes - inodes;
  }

  @Override
  public String options() {
    return options;
  }

  @Override
  public void release() {
    root.releaseAll();
  }

  Vfs vfs() {
    return vfs;
  }

  FrameAllocator frames() {
    return frames;
  }

  PhysicalMemory memory() {
    return memory;
  }

  /** Takes the number and the cost of an inode; throws ENOSPC. */
  long newInode() {
    if (inodes >= maxInodes) {
      throw ErrnoException.of(Errno.ENOSPC);
    }
    budget.take(INODE_COST);
    inodes++;
    return nextNumber();
  }

  void inodeGone() {
    inodes--;
    budget.give(INODE_COST);
  }

  /**
   * A frame for a file's page; throws ENOSPC.
   *
   * @param zeroed whether it must be filled with zeros; else its contents are undefined
   */
  long newPage(boolean zeroed) {
    if (pages >= maxPages || frames.free() <= reserve) {
      throw ErrnoException.of(Errno.ENOSPC);
    }
    long frame = zeroed ? frames.allocateZeroed() : frames.allocate();
    if (frame == FrameAllocator.NONE) {
      throw ErrnoException.of(Errno.ENOSPC);
    }
    pages++;
    return frame;
  }

  /** A file gets {@code n} pages whose frames it brings. */
  void pagesAdopted(long n) {
    pages += n;
  }

  void pagesGone(long n) {
    pages -= n;
  }

  /** A nameless regular file (memfd_create, O_TMPFILE), held once for the caller. */
  public TmpfsFile newNamelessFile(int mode, int uid, int gid) {
    TmpfsFile f = new TmpfsFile(this, newInode(), mode, uid, gid);
    f.hold();
    f.links(0);
    return f;
  }

  /** A new inode of any type but folder and link. */
  Inode newFile(int mode, long device, int uid, int gid) {
    return (mode & FileMode.S_IFMT) == FileMode.S_IFREG
        ? new TmpfsFile(this, newInode(), mode, uid, gid)
        : new SpecialFile(this, newInode(), mode, device, uid, gid);
  }
}
