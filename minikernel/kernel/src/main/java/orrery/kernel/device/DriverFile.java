package orrery.kernel.device;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;
import orrery.ownership.Unsafe;

/** A character device as a program has it open; ENODEV once its driver is gone. */
@Unsafe("transfer and control call are lent to one call at a time, for calls never nest")
final class DriverFile extends OpenFile {
  private final Driven driven;
  private final Transfer transfer = new Transfer();
  private final ControlCall control = new ControlCall(ControlCall.NO_DISK);

  DriverFile(Inode node, int flags, Driven driven) {
    super(node, flags);
    this.driven = driven;
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    if (!driven.isBound()) {
      return -Errno.ENODEV;
    }
    transfer.begin(c, to, !isNonBlocking(), false);
    return driven.character().read(transfer);
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    if (!driven.isBound()) {
      return -Errno.ENODEV;
    }
    transfer.begin(c, from, !isNonBlocking(), true);
    return driven.character().write(transfer);
  }

  @Override
  public long ioctl(Caller c, int request, long argument) {
    if (!driven.isBound()) {
      return -Errno.ENODEV;
    }
    return control.make(c, driven, request, argument, isWritable());
  }

  @Override
  public int poll(PollTable table) {
    if (!driven.isBound()) {
      return PollEvent.POLLERR | PollEvent.POLLHUP;
    }
    CharacterDriver driver = driven.character();
    if (table != null) {
      table.add(driver.changes().queue());
    }
    return (driver.isReadable() ? PollEvent.READABLE : 0)
        | (driver.isWritable() ? PollEvent.WRITABLE : 0);
  }
}
