package orrery.kernel.fs.pipe;

import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Vfs;
import orrery.kernel.wait.Caller;

/** A pipe as a file without a name; /proc/PID/fd can open it again. */
final class PipeInode extends Inode {
  private static final int OWNER_ONLY = 0600;

  private final Pipe pipe;

  PipeInode(Vfs vfs, int uid, int gid) {
    super(vfs.anonymous(), vfs.anonymous().newNumber(), FileMode.S_IFIFO | OWNER_ONLY, uid, gid);
    pipe = new Pipe(vfs.frames());
  }

  Pipe pipe() {
    return pipe;
  }

  @Override
  public OpenFile open(Caller c, int flags) {
    return new PipeFile(this, pipe, flags);
  }
}
