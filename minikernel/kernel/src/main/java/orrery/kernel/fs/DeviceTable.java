package orrery.kernel.fs;

import java.util.HashMap;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.wait.Caller;

/** The drivers behind device nodes, by type and number. */
public final class DeviceTable {
  /** A driver. */
  @FunctionalInterface
  public interface Driver {
    /**
     * Opens the device.
     *
     * @param node the device node that was opened; the open file holds it
     * @param flags of open(2)
     */
    OpenFile open(Caller c, Inode node, int flags);
  }

  private static final int ANY_MINOR = -1;

  private final HashMap<Long, Driver> characters = new HashMap<>();
  private final HashMap<Long, Driver> blocks = new HashMap<>();

  /** Serves the character device {@code major}:{@code minor}. */
  public void register(int major, int minor, Driver d) {
    characters.put(key(major, minor), d);
  }

  /** Serves all character devices of {@code major} that have no driver of their own. */
  public void register(int major, Driver d) {
    characters.put(key(major, ANY_MINOR), d);
  }

  /** The character device {@code major}:{@code minor} is gone. */
  public void unregister(int major, int minor) {
    characters.remove(key(major, minor));
  }

  /** Serves the block device {@code major}:{@code minor}. */
  public void registerBlock(int major, int minor, Driver d) {
    blocks.put(key(major, minor), d);
  }

  /** The block device {@code major}:{@code minor} is gone. */
  public void unregisterBlock(int major, int minor) {
    blocks.remove(key(major, minor));
  }

  /** Opens the device that {@code node} stands for; ENXIO if it has no driver. */
  public OpenFile open(Caller c, Inode node, int flags) {
    int major = FileSystem.major(node.deviceNumber());
    int minor = FileSystem.minor(node.deviceNumber());
    Driver d =
        switch (node.type()) {
          case FileMode.S_IFCHR -> characters.get(key(major, minor));
          case FileMode.S_IFBLK -> blocks.get(key(major, minor));
          default -> null;
        };
    if (d == null && node.type() == FileMode.S_IFCHR) {
      d = characters.get(key(major, ANY_MINOR));
    }
    if (d == null) {
      throw ErrnoException.of(Errno.ENXIO);
    }
    return d.open(c, node, flags);
  }

  private static Long key(int major, int minor) {
    return (long) major << 32 | minor & 0xffff_ffffL;
  }
}
