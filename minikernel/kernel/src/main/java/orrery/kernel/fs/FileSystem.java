package orrery.kernel.fs;

/** A mounted or mountable file system (Linux: super block). */
public abstract class FileSystem {
  private static final int MINOR_BITS = 8;

  /** Bytes for a file system that keeps no account of its own. */
  private static final long SMALL_BUDGET = 1 << 20;

  private final String type;
  private final long magic;
  private final FileClock clock;
  private long device;
  private long lastNumber;
  private Budget budget;

  /**
   * @param type the name in /proc/filesystems
   * @param magic {@code f_type} of statfs(2), from Linux {@code include/uapi/linux/magic.h}
   * @param clock what files are stamped with
   */
  protected FileSystem(String type, long magic, FileClock clock) {
    this.type = type;
    this.magic = magic;
    this.clock = clock;
  }

  /** Real time for stamps, nanoseconds since 1970. */
  public final long now() {
    return clock.realtimeNanos();
  }

  public final String type() {
    return type;
  }

  public final long magic() {
    return magic;
  }

  /** The device number in stat(2), encoded by {@link #makeDevice}. */
  public final long device() {
    return device;
  }

  /** {@link Mounts} gives every file system a number of its own. */
  final void device(long number) {
    device = number;
  }

  /** The next free inode number. */
  protected final long nextNumber() {
    return ++lastNumber;
  }

  /** The root folder. */
  public abstract Directory root();

  /** What its files' locks, attributes and so on may take of the kernel's own memory. */
  public Budget budget() {
    if (budget == null) {
      budget = Budget.space(SMALL_BUDGET);
    }
    return budget;
  }

  /** Whether its files have extended attributes. */
  public boolean hasAttributes() {
    return false;
  }

  /** Bytes in a block, {@code f_bsize}. */
  public int blockSize() {
    return 4096;
  }

  /** Blocks altogether; 0 where it means nothing. */
  public long blocks() {
    return 0;
  }

  public long freeBlocks() {
    return 0;
  }

  /** Inodes altogether; 0 where it means nothing. */
  public long files() {
    return 0;
  }

  public long freeFiles() {
    return 0;
  }

  /** The file system's own options as /proc/mounts shows them after rw or ro; starts with ','. */
  public String options() {
    return "";
  }

  /** It was unmounted and nobody uses it any more. */
  public void release() {}

  /** A device number as Linux encodes it for programs ({@code new_encode_dev}). */
  public static long makeDevice(int major, int minor) {
    return minor & 0xffL | (major & 0xfffL) << MINOR_BITS | (minor & ~0xffL) << 12;
  }

  /** The major number in {@code device}. */
  public static int major(long device) {
    return (int) (device >>> MINOR_BITS & 0xfff);
  }

  /** The minor number in {@code device}. */
  public static int minor(long device) {
    return (int) (device & 0xff | device >>> 12 & 0xfff00);
  }
}
