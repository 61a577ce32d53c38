package orrery.kernel.fs.tmpfs;

import java.util.ArrayDeque;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.Entry;
import orrery.kernel.fs.EntryTable;
import orrery.kernel.fs.Inode;
import orrery.kernel.wait.Caller;

/** A folder of a tmpfs. */
final class TmpfsDirectory extends Directory {
  /** What an entry counts in a folder's size (Linux: BOGO_DIRENT_SIZE). */
  private static final int ENTRY_SIZE = 20;

  private final Tmpfs fs;
  private final EntryTable entries = new EntryTable();

  TmpfsDirectory(Tmpfs fs, long number, int permissions, int uid, int gid) {
    super(fs, number, permissions & FileMode.PERMISSIONS, uid, gid);
    this.fs = fs;
    links(2);
  }

  @Override
  public long size() {
    return (long) entries.size() * ENTRY_SIZE;
  }

  @Override
  public Entry find(Caller c, String name) {
    return entries.find(name);
  }

  @Override
  public void list(Caller c, long position, Listing to) {
    entries.list(position, to);
  }

  @Override
  public Entry create(Caller c, String name, int mode, long device) {
    return create(name, mode, device, c.uid(), c.gid());
  }

  /** As the other, for the loader of the initial root. */
  Entry create(String name, int mode, long device, int uid, int gid) {
    boolean inherits = (mode() & FileMode.S_ISGID) != 0;
    int group = inherits ? gid() : gid;
    boolean folder = (mode & FileMode.S_IFMT) == FileMode.S_IFDIR;
    takeName(name);
    Inode i;
    try {
      if (folder) {
        int permissions = mode & FileMode.PERMISSIONS | (inherits ? FileMode.S_ISGID : 0);
        i = new TmpfsDirectory(fs, fs.newInode(), permissions, uid, group);
      } else {
        i = fs.newFile(mode, device, uid, group);
      }
    } catch (ErrnoException e) {
      giveName(name);
      throw e;
    }
    if (folder) {
      links(links() + 1);
    }
    return add(name, i);
  }

  @Override
  public Inode createUnnamed(Caller c, int mode, boolean linkable) {
    TmpfsFile f = fs.newNamelessFile(mode, c.uid(), c.gid());
    f.linkable(linkable);
    return f;
  }

  @Override
  public Entry symlink(Caller c, String name, String target) {
    return symlink(name, target, c.uid(), c.gid());
  }

  /** As the other, for the loader of the initial root. */
  Entry symlink(String name, String target, int uid, int gid) {
    takeName(name);
    Inode i;
    try {
      i = SymbolicLink.make(fs, target, uid, gid);
    } catch (ErrnoException e) {
      giveName(name);
      throw e;
    }
    return add(name, i);
  }

  @Override
  public Entry link(Caller c, String name, Inode inode) {
    return link(name, inode);
  }

  /** As the other, for the loader of the initial root. */
  Entry link(String name, Inode inode) {
    takeName(name);
    inode.links(inode.links() + 1);
    inode.noteChange();
    return add(name, inode);
  }

  @Override
  public void unlink(Caller c, Entry victim) {
    take(victim);
    Inode i = victim.inode();
    i.noteChange();
    i.links(i.links() - 1);
  }

  @Override
  public void removeDirectory(Caller c, Entry victim) {
    TmpfsDirectory d = (TmpfsDirectory) victim.inode();
    if (d.entries.size() > 0) {
      throw ErrnoException.of(Errno.ENOTEMPTY);
    }
    take(victim);
    links(links() - 1);
    d.noteChange();
    d.links(0);
  }

  @Override
  public void rename(Caller c, Entry source, Directory target, String name, Entry replaced) {
    TmpfsDirectory to = (TmpfsDirectory) target;
    Inode i = source.inode();
    if (replaced != null) {
      if (replaced.inode().isDirectory()) {
        to.removeDirectory(c, replaced);
      } else {
        to.unlink(c, replaced);
      }
    }
    // Never fails from here: what the longer name costs over the shorter one is let pass.
    fs.budget().give(source.name().length());
    entries.move(source, to.entries, to, name);
    fs.budget().force(name.length());
    if (i.isDirectory() && to != this) {
      links(links() - 1);
      to.links(to.links() + 1);
    }
    noteModification();
    to.noteModification();
    i.noteChange();
  }

  @Override
  public void exchange(Caller c, Entry source, Directory target, Entry other) {
    Inode a = source.inode();
    Inode b = other.inode();
    EntryTable.exchange(source, other);
    if (target != this && a.isDirectory() != b.isDirectory()) {
      int gained = b.isDirectory() ? 1 : -1;
      links(links() + gained);
      target.links(target.links() - gained);
    }
    noteModification();
    target.noteModification();
    a.noteChange();
    b.noteChange();
  }

  private void takeName(String name) {
    fs.budget().take(Tmpfs.NAME_COST + name.length());
  }

  private void giveName(String name) {
    fs.budget().give(Tmpfs.NAME_COST + name.length());
  }

  private Entry add(String name, Inode i) {
    Entry e = new Entry(this, name, i);
    entries.add(e);
    noteModification();
    return e;
  }

  private void take(Entry e) {
    entries.remove(e);
    giveName(e.name());
    noteModification();
  }

  @Override
  protected void evicted() {
    fs.inodeGone();
  }

  /** The file system is unmounted: frees all files below. */
  void releaseAll() {
    // One level of Java stack per level of folders; the depth is not bounded by PATH_MAX, so the
    // folders found are queued instead.
    ArrayDeque<TmpfsDirectory> open = new ArrayDeque<>();
    open.add(this);
    while (!open.isEmpty()) {
      TmpfsDirectory folder = open.remove();
      for (Entry e = folder.entries.first(); e != null; e = EntryTable.after(e)) {
        giveName(e.name());
        if (e.inode() instanceof TmpfsDirectory d) {
          open.add(d);
        } else {
          e.inode().links(e.inode().links() - 1);
        }
      }
      folder.links(0);
    }
  }
}
