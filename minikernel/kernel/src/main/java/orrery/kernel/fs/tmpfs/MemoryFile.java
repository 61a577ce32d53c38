package orrery.kernel.fs.tmpfs;

import orrery.kernel.abi.FileMode;
import orrery.kernel.abi.OpenFlag;

/** An open file of memfd_create(2): a file that never had a name, only a label for /proc. */
public final class MemoryFile extends TmpfsOpenFile {
  private final String label;

  private MemoryFile(TmpfsFile file, String label) {
    super(file, OpenFlag.O_RDWR | OpenFlag.O_LARGEFILE);
    this.label = label;
  }

  /** A new empty file in {@code fs} with {@code permissions}. */
  public static MemoryFile create(Tmpfs fs, String label, int permissions, int uid, int gid) {
    TmpfsFile file = fs.newNamelessFile(FileMode.S_IFREG | permissions, uid, gid);
    MemoryFile f = new MemoryFile(file, label);
    file.drop(); // held by the open file from now on
    return f;
  }

  @Override
  public String path() {
    return "/memfd:" + label + " (deleted)";
  }
}
