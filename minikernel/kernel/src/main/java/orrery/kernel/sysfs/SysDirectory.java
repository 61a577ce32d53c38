package orrery.kernel.sysfs;

import java.util.LinkedHashMap;
import java.util.Map;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.Entry;
import orrery.kernel.fs.Inode;
import orrery.kernel.proc.Content;
import orrery.kernel.proc.LinkInode;
import orrery.kernel.proc.TextInode;
import orrery.kernel.wait.Caller;

/** A folder of /sys. */
class SysDirectory extends Directory {
  private static final int PERMISSIONS = 0555;
  private static final int READ_ONLY = 0444;

  private final SysFileSystem fs;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  SysDirectory(SysFileSystem fs) {
    super(fs, fs.newNumber(), PERMISSIONS, 0, 0);
    this.fs = fs;
  }

  final void clear() {
    entries.clear();
  }

  /** The way from a folder of /sys back to /sys. */
  static String up(String place) {
    int depth = 1;
    for (int i = 0; i < place.length(); i++) {
      depth += place.charAt(i) == '/' ? 1 : 0;
    }
    return "../".repeat(depth);
  }

  /** Adds a file of any kind. */
  final void add(String name, Inode inode) {
    entries.put(name, new Entry(this, name, inode));
  }

  /** Adds a file. */
  final void text(String name, Content content) {
    add(name, new TextInode(fs, fs.newNumber(), READ_ONLY, content, null));
  }

  /** Adds a file of one line that stays the same. */
  final void line(String name, String text) {
    text(name, (c, to) -> to.append(text).append('\n'));
  }

  /** Adds a file of one number. */
  final void number(String name, long value) {
    line(name, Long.toString(value));
  }

  /** Adds a symbolic link. */
  final void link(String name, String target) {
    add(name, new LinkInode(fs, fs.newNumber(), c -> target));
  }

  /** The folder of that name, made if it is not there; {@code path} may have several parts. */
  final SysDirectory folder(String path) {
    SysDirectory at = this;
    for (String part : path.split("/")) {
      Entry known = at.entries.get(part);
      if (known != null && known.inode() instanceof SysDirectory d) {
        at = d;
      } else {
        SysDirectory made = new SysDirectory(fs);
        at.add(part, made);
        at = made;
      }
    }
    return at;
  }

  @Override
  public Entry find(Caller c, String name) {
    return entries.get(name);
  }

  @Override
  public void list(Caller c, long position, Listing to) {
    long at = 0;
    for (Entry e : entries.values()) {
      if (at++ < position) {
        continue;
      }
      if (!to.add(e.name(), e.inode().number(), e.inode().mode() & FileMode.S_IFMT, at)) {
        return;
      }
    }
  }
}
