package orrery.kernel.fs.pipe;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.IoctlRequest;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;

/** An open side of a pipe, or both sides of a FIFO that was opened for reading and writing. */
public final class PipeFile extends OpenFile {
  private final Pipe pipe;

  /** How many writers there had been when a FIFO was opened for reading: no hang-up before one. */
  private final long writersBefore;

  PipeFile(Inode inode, Pipe pipe, int flags) {
    super(inode, flags);
    this.pipe = pipe;
    writersBefore = pipe.hasWriters() ? -1 : pipe.writersEver();
    if (isReadable()) {
      pipe.addReader();
    }
    if (isWritable()) {
      pipe.addWriter();
    }
  }

  public Pipe pipe() {
    return pipe;
  }

  @Override
  public String path() {
    return mount() == null ? "pipe:[" + inode().number() + "]" : super.path();
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    return pipe.read(c, to, isNonBlocking());
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    return pipe.write(c, from, isNonBlocking());
  }

  @Override
  public int poll(PollTable table) {
    int events = 0;
    if (isReadable()) {
      if (table != null) {
        table.add(pipe.readable(), PollEvent.READABLE);
      }
      events = pipe.readEvents();
      if (pipe.writersEver() == writersBefore) {
        events &= ~PollEvent.POLLHUP;
      }
    }
    if (isWritable()) {
      if (table != null) {
        table.add(pipe.writable(), PollEvent.WRITABLE);
      }
      events |= pipe.writeEvents();
    }
    return events;
  }

  @Override
  public long ioctl(Caller c, int request, long argument) {
    if (request != IoctlRequest.FIONREAD) {
      return -Errno.ENOTTY;
    }
    c.memory().writeInt(argument, pipe.available());
    return 0;
  }

  /** fcntl's F_GETPIPE_SZ. */
  public int capacity() {
    return pipe.capacity();
  }

  /** fcntl's F_SETPIPE_SZ: the new capacity or {@code -errno}. */
  public long resize(long bytes) {
    return pipe.resize(bytes);
  }

  @Override
  protected void release() {
    if (isReadable()) {
      pipe.removeReader();
    }
    if (isWritable()) {
      pipe.removeWriter();
    }
  }
}
