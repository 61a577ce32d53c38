package orrery.kernel.ipc;

import orrery.kernel.memory.FileMappings;
import orrery.kernel.memory.PageSource;
import orrery.kernel.wait.Caller;

/** A segment of shared memory: lives until it was removed and nobody has it attached. */
final class SharedSegment implements PageSource {
  final int id;
  final int key;
  final long length;
  final int creatorUid;
  final int creatorGid;
  final int creator;
  private final PageSource pages;
  private final Runnable gone;
  int uid;
  int gid;
  int mode;
  int lastUser;
  long attached;
  long detached;
  long changed;
  private int users;
  private boolean removed;

  /**
   * @param gone called at its end
   */
  SharedSegment(
      int id, int key, long length, int mode, Caller by, int pid, PageSource pages, Runnable gone) {
    this.id = id;
    this.key = key;
    this.length = length;
    this.mode = mode;
    this.pages = pages;
    this.gone = gone;
    creator = pid;
    creatorUid = by.uid();
    creatorGid = by.gid();
    uid = creatorUid;
    gid = creatorGid;
    pages.mapped(); // its own hold on the pages
  }

  /** How often it is attached. */
  int users() {
    return users;
  }

  boolean isRemoved() {
    return removed;
  }

  /** IPC_RMID: it ends with its last user. */
  void remove() {
    if (!removed) {
      removed = true;
      endIfUnused();
    }
  }

  private void endIfUnused() {
    if (removed && users == 0) {
      pages.unmapped();
      gone.run();
    }
  }

  /**
   * Whether {@code c} may have it.
   *
   * @param wanted permission bits of the lowest three
   */
  boolean permits(Caller c, int wanted) {
    if (c.uid() == 0) {
      return true;
    }
    boolean owner = c.uid() == uid || c.uid() == creatorUid;
    boolean member = c.isMember(gid) || c.isMember(creatorGid);
    int granted = owner ? mode >> 6 : member ? mode >> 3 : mode;
    return (granted & wanted) == wanted;
  }

  /** Whether {@code c} may change or remove it. */
  boolean isOwnedBy(Caller c) {
    return c.uid() == 0 || c.uid() == uid || c.uid() == creatorUid;
  }

  @Override
  public long page(long index) {
    return pages.page(index);
  }

  @Override
  public long residentPage(long index) {
    return pages.residentPage(index);
  }

  @Override
  public long size() {
    return length;
  }

  @Override
  public FileMappings mappings() {
    return pages.mappings();
  }

  @Override
  public void mapped() {
    users++;
  }

  @Override
  public void unmapped() {
    users--;
    endIfUnused();
  }

  @Override
  public long number() {
    return id;
  }
}
