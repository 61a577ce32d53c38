package orrery.kernel.fs;

import orrery.kernel.wait.Caller;

/** A folder that stays empty. */
final class EmptyDirectory extends Directory {
  private static final int READ_ONLY = 0555;

  EmptyDirectory(FileSystem fs, long number) {
    super(fs, number, READ_ONLY, 0, 0);
  }

  @Override
  public Entry find(Caller c, String name) {
    return null;
  }

  @Override
  public void list(Caller c, long position, Listing to) {}
}
