package orrery.kernel.dev;

import java.util.List;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.device.DeviceNode;
import orrery.kernel.fs.DeviceTable;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.Entry;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.log.KernelLog;
import orrery.kernel.system.RandomSource;
import orrery.kernel.task.Task;
import orrery.kernel.tty.Console;
import orrery.kernel.tty.PseudoTerminals;
import orrery.kernel.tty.Terminal;
import orrery.kernel.wait.Caller;

/** Registers the drivers behind /dev and makes its nodes. */
public final class Devices {
  private static final int EVERYBODY = 0666;
  private static final int OWNER = 0600;
  private static final int TTY = 0620;
  private static final int FOLDER = 0755;
  private static final int STICKY_FOLDER = 01777;

  private final RandomSource random;
  private final KernelLog log;
  private final Console console;
  private final PseudoTerminals pseudoTerminals;
  private final List<DeviceNode> driven;
  private final long bootNanos;
  private Caller owner;
  private Directory folder;

  /**
   * @param driven files that drivers stand behind
   * @param bootNanos machine time at which the machine was switched on
   */
  public Devices(
      RandomSource random,
      KernelLog log,
      Console console,
      PseudoTerminals pseudoTerminals,
      List<DeviceNode> driven,
      long bootNanos) {
    this.random = random;
    this.log = log;
    this.console = console;
    this.pseudoTerminals = pseudoTerminals;
    this.driven = driven;
    this.bootNanos = bootNanos;
  }

  /** Puts the drivers behind their numbers. */
  public void register(DeviceTable table) {
    int memory = DeviceNumber.MEMORY_MAJOR;
    table.register(memory, DeviceNumber.NULL, (c, node, flags) -> new NullFile(node, flags));
    table.register(memory, DeviceNumber.ZERO, (c, node, flags) -> new ZeroFile(node, flags));
    table.register(memory, DeviceNumber.FULL, (c, node, flags) -> new FullFile(node, flags));
    table.register(memory, DeviceNumber.RANDOM, this::openRandom);
    table.register(memory, DeviceNumber.URANDOM, this::openRandom);
    table.register(
        memory,
        DeviceNumber.KMSG,
        (c, node, flags) -> new MessageFile(node, flags, log, bootNanos));
    int tty = DeviceNumber.TTY_MAJOR;
    table.register(tty, DeviceNumber.TTY, this::openControlling);
    table.register(
        tty, DeviceNumber.CONSOLE, (c, node, f) -> console.openTerminal(c, node, f, false));
    table.register(tty, DeviceNumber.PTMX, pseudoTerminals::openMaster);
    table.register(DeviceNumber.PTS_MAJOR, pseudoTerminals::openTerminal);
    table.register(
        Console.TERMINAL_MAJOR,
        Console.TERMINAL_MINOR,
        (c, node, f) -> console.openTerminal(c, node, f, true));
    for (DeviceNode file : driven) {
      table.register(file.major(), file.minor(), file.opener());
    }
  }

  private OpenFile openRandom(Caller c, Inode node, int flags) {
    return new RandomFile(node, flags, random);
  }

  private OpenFile openControlling(Caller c, Inode node, int flags) {
    if (((Task) c).process().session().terminal() instanceof Terminal t) {
      return t.open(c, node, flags, false);
    }
    throw ErrnoException.of(Errno.ENXIO);
  }

  /** The device behind a file is gone: nobody finds it any more. */
  public void withdraw(DeviceTable table, DeviceNode file) {
    table.unregister(file.major(), file.minor());
    Entry node = folder.find(owner, file.name());
    if (node != null && node.inode().type() == FileMode.S_IFCHR) {
      folder.unlink(owner, node);
    }
  }

  /** Makes the nodes in {@code dev}, which is empty; {@code superUser} owns them. */
  public void populate(Caller superUser, Directory dev) {
    owner = superUser;
    folder = dev;
    int memory = DeviceNumber.MEMORY_MAJOR;
    node(owner, dev, "null", EVERYBODY, memory, DeviceNumber.NULL);
    node(owner, dev, "zero", EVERYBODY, memory, DeviceNumber.ZERO);
    node(owner, dev, "full", EVERYBODY, memory, DeviceNumber.FULL);
    node(owner, dev, "random", EVERYBODY, memory, DeviceNumber.RANDOM);
    node(owner, dev, "urandom", EVERYBODY, memory, DeviceNumber.URANDOM);
    node(owner, dev, "kmsg", OWNER, memory, DeviceNumber.KMSG);
    int tty = DeviceNumber.TTY_MAJOR;
    node(owner, dev, "tty", EVERYBODY, tty, DeviceNumber.TTY);
    node(owner, dev, "console", OWNER, tty, DeviceNumber.CONSOLE);
    node(owner, dev, "ptmx", EVERYBODY, tty, DeviceNumber.PTMX);
    node(owner, dev, Console.TERMINAL_NAME, TTY, Console.TERMINAL_MAJOR, Console.TERMINAL_MINOR);
    for (DeviceNode file : driven) {
      node(owner, dev, file.name(), file.permissions(), file.major(), file.minor());
    }
    dev.create(owner, "pts", FileMode.S_IFDIR | FOLDER, 0);
    dev.create(owner, "shm", FileMode.S_IFDIR | STICKY_FOLDER, 0);
    dev.symlink(owner, "fd", "/proc/self/fd");
    dev.symlink(owner, "stdin", "/proc/self/fd/0");
    dev.symlink(owner, "stdout", "/proc/self/fd/1");
    dev.symlink(owner, "stderr", "/proc/self/fd/2");
  }

  private static void node(
      Caller owner, Directory dev, String name, int permissions, int major, int minor) {
    dev.create(owner, name, FileMode.S_IFCHR | permissions, FileSystem.makeDevice(major, minor));
  }
}
