package orrery.kernel.fs;

import java.util.ArrayList;
import java.util.List;

/** From a place to its path. */
public final class PathNames {
  private static final String DELETED = " (deleted)";

  private PathNames() {}

  /**
   * The absolute path of {@code l} as d_path of Linux makes it, " (deleted)" after it if its name
   * is gone.
   *
   * @param root what "/" is; null for the root of the tree
   */
  public static String of(Location l, Location root) {
    String path = climb(l, root, null);
    return isRemoved(l) ? path + DELETED : path;
  }

  /**
   * The path of a current folder for getcwd(2), null if the folder was removed; starts with
   * "(unreachable)" if it is not below {@code root}.
   */
  public static String ofCurrent(Location l, Location root) {
    return isRemoved(l) ? null : climb(l, root, "(unreachable)");
  }

  private static boolean isRemoved(Location l) {
    return l.entry() != null && l.entry().isRemoved();
  }

  private static String climb(Location l, Location root, String unreachable) {
    List<String> names = new ArrayList<>();
    int length = 0;
    Mount mount = l.mount();
    Inode inode = l.inode();
    Entry entry = l.entry();
    boolean reached = true;
    while (root == null || mount != root.mount() || inode != root.inode()) {
      if (inode == mount.root() || entry == null) {
        Location place = mount.place();
        if (place == null) {
          reached = root == null;
          break;
        }
        mount = place.mount();
        inode = place.inode();
        entry = place.entry();
        continue;
      }
      names.add(entry.name());
      length += entry.name().length() + 1;
      inode = entry.directory();
      entry = entry.directory().entry();
    }
    String prefix = reached || unreachable == null ? "" : unreachable;
    StringBuilder path = new StringBuilder(prefix.length() + length + 1).append(prefix);
    for (int i = names.size() - 1; i >= 0; i--) {
      path.append('/').append(names.get(i));
    }
    return names.isEmpty() ? path.append('/').toString() : path.toString();
  }
}
