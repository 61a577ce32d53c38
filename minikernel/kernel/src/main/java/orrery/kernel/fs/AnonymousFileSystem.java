package orrery.kernel.fs;

/** The home of files that never have a name: pipes, eventfds, epoll instances. */
public final class AnonymousFileSystem extends FileSystem {
  /** ANON_INODE_FS_MAGIC of Linux {@code include/uapi/linux/magic.h}. */
  private static final long MAGIC = 0x09041934;

  private static final int OWNER_ONLY = 0600;

  private final Directory root;
  private final Inode shared;

  /** An inode without names. */
  private static final class Nameless extends Inode {
    Nameless(FileSystem fs, long number, int mode, int uid, int gid) {
      super(fs, number, mode, uid, gid);
    }
  }

  AnonymousFileSystem(FileClock clock) {
    super("anon_inodefs", MAGIC, clock);
    root = new EmptyDirectory(this, nextNumber());
    shared = new Nameless(this, nextNumber(), OWNER_ONLY, 0, 0);
  }

  @Override
  public Directory root() {
    return root;
  }

  /** The one inode of all eventfds, timerfds, signalfds and epoll instances, as in Linux. */
  public Inode shared() {
    return shared;
  }

  /** The number of a new file without a name. */
  public long newNumber() {
    return nextNumber();
  }
}
