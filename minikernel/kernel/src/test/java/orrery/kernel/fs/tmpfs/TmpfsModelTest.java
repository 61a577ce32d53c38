package orrery.kernel.fs.tmpfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.FileMode;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.FileBench;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.OpenFile;

/** Random operations on a tmpfs and on a simple model must come out alike. */
class TmpfsModelTest {
  private static final int STEPS = 250;
  private static final int[] OFFSETS = {0, 1, 100, 4095, 4096, 5000, 65_536, 262_144, 300_001};

  /** A file or a folder of the model. */
  private static final class Node {
    byte[] data;
    final TreeMap<String, Node> children = new TreeMap<>();
    boolean folder;
    int links;
  }

  private FileBench bench;
  private Node root;

  private static Node folder() {
    Node n = new Node();
    n.folder = true;
    return n;
  }

  @Property(tries = 60)
  void behavesAsTheModel(@ForAll long seed) {
    try (FileBench b = new FileBench(8 << 20)) {
      bench = b;
      root = folder();
      run(seed);
    }
  }

  private void run(long seed) {
    int freeAtStart = bench.frames.free();
    long budgetAtStart = bench.root.budget().used();
    Random random = new Random(seed);
    for (int i = 0; i < STEPS; i++) {
      step(random);
    }
    compare(root, bench.vfs.mounts().root().directory(), "");
    removeAll(root, "");
    assertEquals(freeAtStart, bench.frames.free(), "all frames are given back");
    assertEquals(budgetAtStart, bench.root.budget().used(), "all budget is given back");
  }

  private static String path(Random r) {
    int depth = 1 + r.nextInt(3);
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      b.append('/').append((char) ('a' + r.nextInt(4)));
    }
    return b.toString();
  }

  private void step(Random r) {
    String path = path(r);
    switch (r.nextInt(9)) {
      case 0 -> same(path, mkdirModel(path), () -> mkdir(path));
      case 1, 2 -> same(path, createModel(path), () -> bench.open(path, OpenFlag.O_CREAT).drop());
      case 3 -> same(path, unlinkModel(path), () -> unlink(path));
      case 4 -> same(path, rmdirModel(path), () -> rmdir(path));
      case 5 -> {
        String to = path(r);
        same(path + " -> " + to, renameModel(path, to), () -> rename(path, to));
      }
      case 6 -> {
        String to = path(r);
        same(path + " = " + to, linkModel(path, to), () -> link(path, to));
      }
      case 7 -> write(path, r);
      default -> truncate(path, r);
    }
  }

  private void same(String what, int expected, Runnable action) {
    assertEquals(expected, FileBench.errno(action), what);
  }

  private void mkdir(String p) {
    bench.vfs.names().makeDirectory(bench.caller, bench.fs, null, p, 0755);
  }

  private void unlink(String p) {
    bench.vfs.names().unlink(bench.caller, bench.fs, null, p);
  }

  private void rmdir(String p) {
    bench.vfs.names().removeDirectory(bench.caller, bench.fs, null, p);
  }

  private void rename(String from, String to) {
    bench.vfs.names().rename(bench.caller, bench.fs, null, from, null, to, 0);
  }

  private void link(String from, String to) {
    Location l = bench.vfs.find(bench.caller, bench.fs, from);
    bench.vfs.names().link(bench.caller, bench.fs, l, null, to);
  }

  // The model: every operation answers the error number Linux would, 0 for success.

  private int failure;

  /** The folder that {@code path}'s last name is in; null with {@link #failure} set. */
  private Node parent(String path) {
    String[] names = path.substring(1).split("/");
    Node at = root;
    for (int i = 0; i < names.length - 1; i++) {
      if (!at.folder) {
        failure = Errno.ENOTDIR;
        return null;
      }
      at = at.children.get(names[i]);
      if (at == null) {
        failure = Errno.ENOENT;
        return null;
      }
    }
    if (!at.folder) {
      failure = Errno.ENOTDIR;
      return null;
    }
    return at;
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private int mkdirModel(String p) {
    Node d = parent(p);
    if (d == null) {
      return failure;
    }
    return d.children.putIfAbsent(name(p), folder()) == null ? 0 : Errno.EEXIST;
  }

  private int createModel(String p) {
    Node d = parent(p);
    if (d == null) {
      return failure;
    }
    Node n = d.children.get(name(p));
    if (n != null) {
      return n.folder ? Errno.EISDIR : 0;
    }
    n = new Node();
    n.data = new byte[0];
    n.links = 1;
    d.children.put(name(p), n);
    return 0;
  }

  private int unlinkModel(String p) {
    Node d = parent(p);
    if (d == null) {
      return failure;
    }
    Node n = d.children.get(name(p));
    if (n == null) {
      return Errno.ENOENT;
    }
    if (n.folder) {
      return Errno.EISDIR;
    }
    d.children.remove(name(p));
    n.links--;
    return 0;
  }

  private int rmdirModel(String p) {
    Node d = parent(p);
    if (d == null) {
      return failure;
    }
    Node n = d.children.get(name(p));
    if (n == null) {
      return Errno.ENOENT;
    }
    if (!n.folder) {
      return Errno.ENOTDIR;
    }
    if (!n.children.isEmpty()) {
      return Errno.ENOTEMPTY;
    }
    d.children.remove(name(p));
    return 0;
  }

  private int renameModel(String from, String to) {
    Node d = parent(from);
    if (d == null) {
      return failure;
    }
    Node e = parent(to);
    if (e == null) {
      return failure;
    }
    Node n = d.children.get(name(from));
    if (n == null) {
      return Errno.ENOENT;
    }
    Node replaced = e.children.get(name(to));
    if (contains(n, e)) {
      return Errno.EINVAL;
    }
    if (replaced != null && contains(replaced, d)) {
      return Errno.ENOTEMPTY;
    }
    if (replaced == n) {
      return 0;
    }
    if (replaced != null) {
      if (n.folder != replaced.folder) {
        return n.folder ? Errno.ENOTDIR : Errno.EISDIR;
      }
      if (!replaced.children.isEmpty()) {
        return Errno.ENOTEMPTY;
      }
      replaced.links--;
    }
    d.children.remove(name(from));
    e.children.put(name(to), n);
    return 0;
  }

  private static boolean contains(Node above, Node below) {
    if (above == below) {
      return true;
    }
    for (Node child : above.children.values()) {
      if (contains(child, below)) {
        return true;
      }
    }
    return false;
  }

  private int linkModel(String from, String to) {
    Node d = parent(from);
    if (d == null) {
      return failure;
    }
    Node n = d.children.get(name(from));
    if (n == null) {
      return Errno.ENOENT;
    }
    Node e = parent(to);
    if (e == null) {
      return failure;
    }
    if (e.children.containsKey(name(to))) {
      return Errno.EEXIST;
    }
    if (n.folder) {
      return Errno.EPERM;
    }
    n.links++;
    e.children.put(name(to), n);
    return 0;
  }

  private Node file(String p) {
    Node d = parent(p);
    Node n = d == null ? null : d.children.get(name(p));
    return n == null || n.folder ? null : n;
  }

  private void write(String p, Random r) {
    Node n = file(p);
    if (n == null) {
      return;
    }
    int offset = OFFSETS[r.nextInt(OFFSETS.length)] + r.nextInt(3);
    byte[] data = new byte[r.nextInt(10_000)];
    r.nextBytes(data);
    OpenFile f = bench.open(p, OpenFlag.O_RDWR);
    assertEquals(data.length, bench.writeAt(f, data, offset));
    f.drop();
    if (data.length > 0) {
      n.data = Arrays.copyOf(n.data, Math.max(n.data.length, offset + data.length));
      System.arraycopy(data, 0, n.data, offset, data.length);
    }
  }

  private void truncate(String p, Random r) {
    Node n = file(p);
    if (n == null) {
      return;
    }
    int size = OFFSETS[r.nextInt(OFFSETS.length)] + r.nextInt(3);
    bench.vfs.find(bench.caller, bench.fs, p).inode().truncate(size);
    n.data = Arrays.copyOf(n.data, size);
  }

  private void compare(Node n, Directory d, String path) {
    Set<String> listed = new TreeSet<>();
    d.list(
        bench.caller,
        0,
        (name, number, mode, next) -> {
          listed.add(name);
          return true;
        });
    assertEquals(n.children.keySet(), listed, path);
    long folders = n.children.values().stream().filter(c -> c.folder).count();
    assertEquals(folders + 2, d.links(), "links of " + path);
    n.children.forEach(
        (name, child) -> {
          String childPath = path + "/" + name;
          Location l = bench.vfs.find(bench.caller, bench.fs, childPath);
          if (child.folder) {
            compare(child, l.directory(), childPath);
            return;
          }
          assertEquals(child.links, l.inode().links(), childPath);
          assertEquals(child.data.length, l.inode().size(), childPath);
          OpenFile f = bench.open(childPath, OpenFlag.O_RDONLY);
          for (int at = 0; at < child.data.length; at += FileBench.WINDOW) {
            int most = Math.min(FileBench.WINDOW, child.data.length - at);
            byte[] expected = Arrays.copyOfRange(child.data, at, at + most);
            assertArrayEquals(expected, bench.readAt(f, most, at), childPath);
          }
          f.drop();
        });
  }

  private void removeAll(Node n, String path) {
    List<String> names = new ArrayList<>(n.children.keySet());
    for (String name : names) {
      Node child = n.children.get(name);
      if (child.folder) {
        removeAll(child, path + "/" + name);
        rmdir(path + "/" + name);
      } else {
        unlink(path + "/" + name);
      }
    }
    assertEquals(FileMode.S_IFDIR, bench.root.root().type());
  }
}
