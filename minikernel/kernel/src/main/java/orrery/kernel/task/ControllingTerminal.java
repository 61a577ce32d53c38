package orrery.kernel.task;

/** The terminal that controls a session, as far as the session's life concerns it. */
public interface ControllingTerminal {
  /** The session's leader has ended: hang up. */
  void leaderEnded(Session session);

  /** The group in the foreground, null if there is none. */
  ProcessGroup foreground();

  /** Device number, for {@code /proc/PID/stat}. */
  long deviceNumber();
}
