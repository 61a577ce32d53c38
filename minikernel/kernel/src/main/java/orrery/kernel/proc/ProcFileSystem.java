package orrery.kernel.proc;

import orrery.kernel.fs.Directory;
import orrery.kernel.fs.FileSystem;

/** The file system itself; every mount of it shows the same. */
public final class ProcFileSystem extends FileSystem {
  /** PROC_SUPER_MAGIC of Linux {@code include/uapi/linux/magic.h}. */
  private static final long MAGIC = 0x9fa0;

  private final ProcRoot root;

  public ProcFileSystem(ProcContext context) {
    super("proc", MAGIC, context.vfs().clock());
    root = new ProcRoot(this, context);
  }

  @Override
  public Directory root() {
    return root;
  }

  /** A number for a file that stays. */
  long newNumber() {
    return nextNumber();
  }
}
