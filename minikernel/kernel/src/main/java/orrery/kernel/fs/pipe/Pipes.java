package orrery.kernel.fs.pipe;

import orrery.kernel.abi.OpenFlag;
import orrery.kernel.fs.Vfs;
import orrery.kernel.wait.Caller;

/** Makes pipes. */
public final class Pipes {
  private Pipes() {}

  /**
   * The read side of a new pipe; {@link #writeSide} opens its other side.
   *
   * @param status O_NONBLOCK or 0
   */
  public static PipeFile readSide(Vfs vfs, Caller c, int status) {
    PipeInode inode = new PipeInode(vfs, c.uid(), c.gid());
    return new PipeFile(inode, inode.pipe(), OpenFlag.O_RDONLY | status);
  }

  /** The write side of the pipe whose read side is {@code other}. */
  public static PipeFile writeSide(PipeFile other, int status) {
    return new PipeFile(other.inode(), other.pipe(), OpenFlag.O_WRONLY | status);
  }
}
