package orrery.kernel.exec;

import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.PageSource;

/** A file opened to be executed: while it is, nobody writes it (ETXTBSY). */
final class OpenedProgram implements ProgramFile {
  private final OpenFile file;

  /** Takes {@code file} over, whose inode permits execution now. */
  OpenedProgram(OpenFile file) {
    this.file = file;
  }

  /** Hands the open file over to the process; it must not be closed here then. */
  OpenFile file() {
    return file;
  }

  @Override
  public PageSource pages() {
    return file.mapping();
  }

  @Override
  public String path() {
    return file.path();
  }

  @Override
  public int mode() {
    return file.inode().mode();
  }

  @Override
  public int uid() {
    return file.inode().uid();
  }

  @Override
  public int gid() {
    return file.inode().gid();
  }

  @Override
  public void close() {
    file.inode().endExecution();
    file.drop();
  }
}
