package orrery.kernel.exec;

import orrery.kernel.memory.PageSource;

/** A file that is being executed; nobody can open it for writing meanwhile. */
public interface ProgramFile extends AutoCloseable {
  /** Its contents. */
  PageSource pages();

  /** Its path, for /proc. */
  String path();

  /** Mode as in stat(2): the set-user-id bits matter. */
  int mode();

  /** Owner. */
  int uid();

  /** Group. */
  int gid();

  /** One user less. */
  @Override
  void close();
}
