package orrery.kernel.tty;

import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.wait.Caller;

/** A serial stream as a file without a name; /dev/stdout and its like open it again. */
final class SerialStreamNode extends Inode {
  private static final int OWNER_ONLY = 0600;

  private final SerialStream stream;

  SerialStreamNode(FileSystem fs, long number, SerialStream stream) {
    super(fs, number, FileMode.S_IFIFO | OWNER_ONLY, 0, 0);
    this.stream = stream;
  }

  @Override
  public OpenFile open(Caller c, int flags) {
    return new SerialStreamFile(this, flags, stream);
  }
}
