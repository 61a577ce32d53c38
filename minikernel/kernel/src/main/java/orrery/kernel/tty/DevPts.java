package orrery.kernel.tty;

import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.Entry;
import orrery.kernel.fs.FileClock;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.wait.Caller;

/** The file system at /dev/pts: a node for every pseudo-terminal, and ptmx. */
final class DevPts extends FileSystem {
  /** DEVPTS_SUPER_MAGIC of Linux {@code include/uapi/linux/magic.h}. */
  private static final long MAGIC = 0x1cd1;

  private static final int TTY_GROUP = 5;
  private static final int NODE_PERMISSIONS = 0620;
  private static final int FOLDER_PERMISSIONS = 0755;
  private static final int FIRST_NODE = 3;
  private static final int ROOT_NODE = 1;
  private static final int PTMX_NODE = 2;
  private static final int PTMX_MAJOR = 5;
  private static final int PTMX_MINOR = 2;

  private final PseudoTerminals terminals;
  private final Entry[] entries = new Entry[PseudoTerminals.MAX];
  private final Root root;
  private final Entry ptmx;

  DevPts(PseudoTerminals terminals, FileClock clock) {
    super("devpts", MAGIC, clock);
    this.terminals = terminals;
    root = new Root();
    ptmx = new Entry(root, "ptmx", new Ptmx());
  }

  @Override
  public Directory root() {
    return root;
  }

  @Override
  public String options() {
    return ",gid=5,mode=620,ptmxmode=000";
  }

  void add(int index, long device, Caller owner) {
    Node node = new Node(index, device, owner.uid());
    entries[index] = new Entry(root, Integer.toString(index), node);
  }

  void remove(int index) {
    Entry e = entries[index];
    entries[index] = null;
    e.inode().links(0);
  }

  private final class Root extends Directory {
    Root() {
      super(DevPts.this, ROOT_NODE, FOLDER_PERMISSIONS, 0, 0);
    }

    @Override
    public Entry find(Caller c, String name) {
      if (name.equals("ptmx")) {
        return ptmx;
      }
      for (Entry e : entries) {
        if (e != null && e.name().equals(name)) {
          return e;
        }
      }
      return null;
    }

    @Override
    public void list(Caller c, long position, Listing to) {
      if (position == 0 && !to.add("ptmx", PTMX_NODE, FileMode.S_IFCHR, 1)) {
        return;
      }
      for (int i = (int) Math.max(position - 1, 0); i < entries.length; i++) {
        Entry e = entries[i];
        if (e != null && !to.add(e.name(), e.inode().number(), FileMode.S_IFCHR, i + 2L)) {
          return;
        }
      }
    }
  }

  private final class Node extends Inode {
    private final long device;

    Node(int index, long device, int uid) {
      super(DevPts.this, index + FIRST_NODE, FileMode.S_IFCHR | NODE_PERMISSIONS, uid, TTY_GROUP);
      this.device = device;
    }

    @Override
    public long deviceNumber() {
      return device;
    }

    @Override
    public OpenFile open(Caller c, int flags) {
      return terminals.openTerminal(c, this, flags);
    }
  }

  private final class Ptmx extends Inode {
    Ptmx() {
      super(DevPts.this, PTMX_NODE, FileMode.S_IFCHR, 0, 0);
    }

    @Override
    public long deviceNumber() {
      return makeDevice(PTMX_MAJOR, PTMX_MINOR);
    }

    @Override
    public OpenFile open(Caller c, int flags) {
      return terminals.openMaster(c, this, flags);
    }
  }
}
