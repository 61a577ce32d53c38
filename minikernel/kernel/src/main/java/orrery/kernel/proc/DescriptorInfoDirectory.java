package orrery.kernel.proc;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;

/** /proc/PID/fdinfo: position and flags of every open descriptor. */
final class DescriptorInfoDirectory extends DescriptorDirectory {
  private static final int PERMISSIONS = 0400;

  DescriptorInfoDirectory(ProcFileSystem fs, long number, Subject subject) {
    super(fs, number, subject);
  }

  @Override
  Inode inode(ProcFileSystem to, int fd) {
    return new TextInode(to, to.newNumber(), PERMISSIONS, (c, out) -> describe(fd, out), null);
  }

  @Override
  int entryType() {
    return FileMode.S_IFREG;
  }

  private void describe(int fd, StringBuilder to) {
    OpenFile f = file(fd);
    if (f == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    to.append("pos:\t").append(f.position()).append("\nflags:\t0");
    to.append(Integer.toOctalString(f.flags())).append("\nmnt_id:\t");
    to.append(f.mount() == null ? 0 : f.mount().id()).append("\nino:\t");
    to.append(f.inode().number()).append('\n');
  }
}
