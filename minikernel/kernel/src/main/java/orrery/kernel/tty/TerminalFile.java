package orrery.kernel.tty;

import orrery.kernel.abi.OpenFlag;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;

/** A terminal as a program has it open; a hang-up cuts it off for good. */
final class TerminalFile extends OpenFile {
  private final Terminal terminal;
  private final int generation;

  TerminalFile(Inode node, int flags, Terminal terminal) {
    super(node, flags);
    this.terminal = terminal;
    this.generation = terminal.opened();
  }

  Terminal terminal() {
    return terminal;
  }

  /** True once the terminal was hung up: nothing read, nothing written, no requests. */
  boolean isHungUp() {
    return terminal.generation() != generation;
  }

  /** A window on what a stopped call needs to know of the open file. */
  boolean waits() {
    return (flags() & OpenFlag.O_NONBLOCK) == 0;
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    return terminal.read(c, this, to);
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    return terminal.write(c, this, from);
  }

  @Override
  public int poll(PollTable table) {
    return terminal.poll(this, table);
  }

  @Override
  public long ioctl(Caller c, int request, long argument) {
    return terminal.requests().request(c, this, request, argument);
  }

  @Override
  protected void release() {
    terminal.closed(this);
  }
}
