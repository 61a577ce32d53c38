package orrery.kernel.task;

/** Process groups that share a controlling terminal. See setsid(2). */
public final class Session {
  private final int id;
  private ControllingTerminal terminal;

  Session(int id) {
    this.id = id;
  }

  /** The pid of the process that made the session. */
  public int id() {
    return id;
  }

  /** Null if the session has none. */
  public ControllingTerminal terminal() {
    return terminal;
  }

  public void terminal(ControllingTerminal t) {
    terminal = t;
  }
}
