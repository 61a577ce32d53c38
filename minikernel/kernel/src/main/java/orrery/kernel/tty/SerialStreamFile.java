package orrery.kernel.tty;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.IoctlRequest;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;

/** A serial stream as a program has it open: like one end of a pipe. */
final class SerialStreamFile extends OpenFile {
  private final SerialStream stream;

  SerialStreamFile(Inode node, int flags, SerialStream stream) {
    super(node, flags);
    this.stream = stream;
  }

  @Override
  public String path() {
    return "pipe:[" + inode().number() + "]";
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    return stream.read(c, to, waits());
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    return stream.write(c, from, waits());
  }

  private boolean waits() {
    return (flags() & OpenFlag.O_NONBLOCK) == 0;
  }

  @Override
  public int poll(PollTable table) {
    int ready = stream.poll(table);
    return isReadable() ? ready : ready & PollEvent.WRITABLE;
  }

  @Override
  public long ioctl(Caller c, int request, long argument) {
    if (request != IoctlRequest.FIONREAD) {
      return -Errno.ENOTTY;
    }
    c.memory().writeInt(argument, stream.available());
    return 0;
  }
}
