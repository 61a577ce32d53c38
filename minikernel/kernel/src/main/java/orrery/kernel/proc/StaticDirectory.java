package orrery.kernel.proc;

import java.util.ArrayList;
import java.util.List;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.Entry;
import orrery.kernel.fs.Inode;
import orrery.kernel.wait.Caller;

/** A folder whose entries are there from the start. */
class StaticDirectory extends Directory {
  private static final int PERMISSIONS = 0555;
  private static final int READ_ONLY = 0444;
  private static final int WRITABLE = 0644;

  private final ProcFileSystem fs;
  private final List<Entry> entries = new ArrayList<>();

  StaticDirectory(ProcFileSystem fs) {
    this(fs, fs.newNumber(), PERMISSIONS);
  }

  StaticDirectory(ProcFileSystem fs, long number, int permissions) {
    super(fs, number, permissions, 0, 0);
    this.fs = fs;
  }

  final ProcFileSystem proc() {
    return fs;
  }

  final void add(String name, Inode inode) {
    entries.add(new Entry(this, name, inode));
  }

  /** Adds a file of text that everybody may read. */
  final void text(String name, Content content) {
    add(name, new TextInode(fs, fs.newNumber(), READ_ONLY, content, null));
  }

  /** Adds a file that says the same always. */
  final void constant(String name, String text) {
    text(name, (c, to) -> to.append(text).append('\n'));
  }

  /** Adds a file that the super-user may write. */
  final void setting(String name, Content content, Setting setting) {
    add(name, new TextInode(fs, fs.newNumber(), WRITABLE, content, setting));
  }

  final void link(String name, LinkInode.Target target) {
    add(name, new LinkInode(fs, fs.newNumber(), target));
  }

  /** Adds a folder and returns it. */
  final StaticDirectory folder(String name) {
    StaticDirectory d = new StaticDirectory(fs);
    add(name, d);
    return d;
  }

  @Override
  public Entry find(Caller c, String name) {
    for (Entry e : entries) {
      if (e.name().equals(name)) {
        return e;
      }
    }
    return null;
  }

  @Override
  public void list(Caller c, long position, Listing to) {
    listStatic(position, to);
  }

  /** Lists the entries there are from the start; false if there was no room for all. */
  final boolean listStatic(long position, Listing to) {
    for (int i = (int) Math.min(position, entries.size()); i < entries.size(); i++) {
      Entry e = entries.get(i);
      if (!to.add(e.name(), e.inode().number(), e.inode().mode() & FileMode.S_IFMT, i + 1L)) {
        return false;
      }
    }
    return true;
  }

  /** How many entries there are, and so the first position behind them. */
  final int staticCount() {
    return entries.size();
  }
}
