package orrery.kernel.fs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;

/** How many files are open in the whole system (Linux: fs.file-nr). */
public final class OpenFileCount {
  private final int limit;
  private int open;

  public OpenFileCount(int limit) {
    this.limit = limit;
  }

  public int open() {
    return open;
  }

  public int limit() {
    return limit;
  }

  void opened() {
    if (open >= limit) {
      throw ErrnoException.of(Errno.ENFILE);
    }
    open++;
  }

  void closed() {
    open--;
  }
}
