package orrery.kernel.proc;

import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.wait.Caller;

/** A symbolic link whose text depends on who reads it. */
public final class LinkInode extends Inode {
  private static final int EVERYTHING = 0777;

  /** Makes the text. */
  @FunctionalInterface
  public interface Target {
    /** The text for who reads it. */
    String of(Caller c);
  }

  private final Target target;

  /** A link of {@code fs}. */
  public LinkInode(FileSystem fs, long number, Target target) {
    super(fs, number, FileMode.S_IFLNK | EVERYTHING, 0, 0);
    this.target = target;
  }

  @Override
  public String readLink(Caller c) {
    return target.of(c);
  }
}
