package orrery.kernel.tty;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.fs.FileClock;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.task.Signals;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.TimerQueue;

/** All pairs of pseudo-terminals, by number. */
public final class PseudoTerminals {
  /** The most pairs; Linux's {@code kernel.pty.max} is 4096. */
  static final int MAX = 256;

  private final PseudoTerminal[] pairs = new PseudoTerminal[MAX];
  private final Signals signals;
  private final TimerQueue timers;
  private final DevPts files;

  /**
   * @param clock what the files under /dev/pts are stamped with
   */
  public PseudoTerminals(Signals signals, TimerQueue timers, FileClock clock) {
    this.signals = signals;
    this.timers = timers;
    files = new DevPts(this, clock);
  }

  /** What is mounted at /dev/pts. */
  public FileSystem files() {
    return files;
  }

  /** The pair of that number; null if there is none. */
  PseudoTerminal pair(int index) {
    return index >= 0 && index < MAX ? pairs[index] : null;
  }

  /** Opens /dev/ptmx: a new pair; ENOSPC if there are too many. */
  public OpenFile openMaster(Caller c, Inode node, int flags) {
    for (int i = 0; i < MAX; i++) {
      if (pairs[i] == null) {
        long device = FileSystem.makeDevice(PseudoTerminal.SLAVE_MAJOR, i);
        PseudoTerminal pair = new PseudoTerminal(i, device, signals, timers);
        PseudoTerminalMaster master = new PseudoTerminalMaster(node, flags, this, pair);
        pairs[i] = pair;
        files.add(i, device, c);
        return master;
      }
    }
    throw ErrnoException.of(Errno.ENOSPC);
  }

  /** Opens /dev/pts/N. */
  public OpenFile openTerminal(Caller c, Inode node, int flags) {
    PseudoTerminal pair = pair(FileSystem.minor(node.deviceNumber()));
    if (pair == null || pair.isLocked()) {
      throw ErrnoException.of(Errno.EIO);
    }
    return pair.terminal().open(c, node, flags, (flags & OpenFlag.O_NOCTTY) == 0);
  }

  /** The master was closed. */
  void closed(PseudoTerminal pair) {
    pairs[pair.index()] = null;
    files.remove(pair.index());
    pair.closeMaster();
  }
}
