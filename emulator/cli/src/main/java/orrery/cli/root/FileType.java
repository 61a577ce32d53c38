package orrery.cli.root;

/** The bits of {@code st_mode}; see inode(7). */
final class FileType {
  static final int MASK = 0170000;
  static final int FIFO = 0010000;
  static final int CHARACTER_DEVICE = 0020000;
  static final int DIRECTORY = 0040000;
  static final int BLOCK_DEVICE = 0060000;
  static final int REGULAR = 0100000;
  static final int SYMBOLIC_LINK = 0120000;
  static final int SOCKET = 0140000;

  static final int ALL_PERMISSIONS = 0777;

  private FileType() {}

  static int of(int mode) {
    return mode & MASK;
  }
}
