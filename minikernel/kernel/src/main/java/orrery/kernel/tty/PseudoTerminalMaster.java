package orrery.kernel.tty;

import static orrery.kernel.abi.TerminalIoctl.FIONREAD;
import static orrery.kernel.abi.TerminalIoctl.TIOCGPKT;
import static orrery.kernel.abi.TerminalIoctl.TIOCGPTLCK;
import static orrery.kernel.abi.TerminalIoctl.TIOCGPTN;
import static orrery.kernel.abi.TerminalIoctl.TIOCPKT;
import static orrery.kernel.abi.TerminalIoctl.TIOCSCTTY;
import static orrery.kernel.abi.TerminalIoctl.TIOCSIG;
import static orrery.kernel.abi.TerminalIoctl.TIOCSPTLCK;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.Signal;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;

/** The master's end of a pair, as opening /dev/ptmx gives it. */
final class PseudoTerminalMaster extends OpenFile {
  private final PseudoTerminals all;
  private final PseudoTerminal pair;

  PseudoTerminalMaster(Inode node, int flags, PseudoTerminals all, PseudoTerminal pair) {
    super(node, flags);
    this.all = all;
    this.pair = pair;
  }

  private boolean waits() {
    return (flags() & OpenFlag.O_NONBLOCK) == 0;
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    return pair.readMaster(c, to, waits());
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    return pair.writeMaster(c, from, waits());
  }

  @Override
  public int poll(PollTable table) {
    return pair.pollMaster(table);
  }

  @Override
  public long ioctl(Caller c, int request, long argument) {
    AddressSpace memory = c.memory();
    switch (request) {
      case TIOCGPTN -> memory.writeInt(argument, pair.index());
      case TIOCSPTLCK -> pair.lock(memory.readInt(argument) != 0);
      case TIOCGPTLCK -> memory.writeInt(argument, pair.isLocked() ? 1 : 0);
      case TIOCPKT -> pair.packetMode(memory.readInt(argument) != 0);
      case TIOCGPKT -> memory.writeInt(argument, pair.inPacketMode() ? 1 : 0);
      case FIONREAD -> memory.writeInt(argument, pair.shownSize());
      case TIOCSIG -> {
        return signal((int) argument);
      }
      case TIOCSCTTY -> {
        return -Errno.EIO;
      }
      default -> {
        return pair.terminal().requests().request((Task) c, request, argument);
      }
    }
    return 0;
  }

  private long signal(int number) {
    if (number != Signal.SIGINT && number != Signal.SIGQUIT && number != Signal.SIGTSTP) {
      return -Errno.EINVAL;
    }
    pair.terminal().jobs().signalForeground(number);
    return 0;
  }

  @Override
  protected void release() {
    all.closed(pair);
  }
}
