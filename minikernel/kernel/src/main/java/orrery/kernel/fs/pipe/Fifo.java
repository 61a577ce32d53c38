package orrery.kernel.fs.pipe;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.fs.BlockedException;
import orrery.kernel.fs.Inode;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.WaitQueue;

/** A FIFO (fifo(7)): a pipe with a name. Opening one side waits for the other. */
public final class Fifo {
  private final Inode inode;
  private final Pipe pipe;

  /** The pipe behind FIFO {@code inode}. */
  public Fifo(Inode inode, FrameAllocator frames) {
    this.inode = inode;
    this.pipe = new Pipe(frames);
  }

  /** Opens a side; throws {@link BlockedException} while there is no other side. */
  public PipeFile open(Caller c, int flags) {
    boolean nonBlocking = (flags & OpenFlag.O_NONBLOCK) != 0;
    switch (flags & OpenFlag.O_ACCMODE) {
      case OpenFlag.O_RDONLY -> {
        if (!nonBlocking && !pipe.hasWriters()) {
          await(c, pipe.openingReaders(), pipe.writersEver());
        }
      }
      case OpenFlag.O_WRONLY -> {
        if (!pipe.hasReaders()) {
          if (nonBlocking) {
            throw ErrnoException.of(Errno.ENXIO);
          }
          await(c, pipe.openingWriters(), pipe.readersEver());
        }
      }
      default -> {}
    }
    return new PipeFile(inode, pipe, flags);
  }

  /**
   * Sleeps until the other side was opened, if only for a moment. {@link Caller#progress} remembers
   * how often it had been when the wait began.
   */
  private void await(Caller c, WaitQueue opening, long othersEver) {
    if (!c.restarted()) {
      c.progress(othersEver);
    } else if (c.progress() != othersEver) {
      return;
    }
    long answer = c.sleepOn(opening);
    if (answer != Caller.BLOCKED) {
      pipe.openerLeft();
    }
    throw BlockedException.of(answer);
  }
}
