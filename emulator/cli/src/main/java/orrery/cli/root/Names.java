package orrery.cli.root;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import orrery.machine.MachineException;

/**
 * The folders and symbolic links that a root has so far: tells where a path leads, and which
 * folders are missing on the way.
 */
final class Names {
  private static final int MAX_LINKS = 40;
  private static final int FOLDER_PERMISSIONS = 0755;

  private static final String FOLDER = "";

  /** Path to symbolic link's target; folders have {@link #FOLDER}. */
  private final Map<String, String> known = new HashMap<>();

  void add(Entry entry) {
    if (entry.isDirectory()) {
      known.put(entry.path(), FOLDER);
    } else if (entry.isSymbolicLink()) {
      known.put(entry.path(), new String(entry.target(), StandardCharsets.UTF_8));
    } else {
      known.remove(entry.path());
    }
  }

  /** Whether there is a folder already at the end of the path, links followed. */
  boolean leadsToFolder(String path) {
    return follow(path, 0, null) != null;
  }

  /**
   * Follows every link on the way and makes the folders that are missing.
   *
   * @param path of a folder, from the root
   * @param missing takes the folders to be made
   * @return the same folder's path without links, dots or a slash at either end
   * @throws MachineException if the links go in a circle
   */
  String folder(String path, long now, Consumer<Entry> missing) {
    return follow(path, now, missing);
  }

  /** As {@link #folder}; without {@code missing}, null if something is missing. */
  private String follow(String path, long now, Consumer<Entry> missing) {
    Deque<String> ahead = new ArrayDeque<>(List.of(path.split("/")));
    String at = "";
    int links = 0;
    while (!ahead.isEmpty()) {
      String step = ahead.pop();
      if (step.isEmpty() || step.equals(".")) {
        continue;
      }
      if (step.equals("..")) {
        at = parent(at);
        continue;
      }
      String next = at.isEmpty() ? step : at + "/" + step;
      String found = known.get(next);
      if (found == null) {
        if (missing == null) {
          return null;
        }
        Entry entry = Entry.directory(next, FOLDER_PERMISSIONS, now);
        add(entry);
        missing.accept(entry);
        at = next;
      } else if (found.equals(FOLDER)) {
        at = next;
      } else {
        if (++links > MAX_LINKS) {
          throw new MachineException("too many symbolic links on the way to /" + path);
        }
        String[] steps = found.split("/");
        for (int i = steps.length - 1; i >= 0; i--) {
          ahead.push(steps[i]);
        }
        at = found.startsWith("/") ? "" : at;
      }
    }
    return at;
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }
}
