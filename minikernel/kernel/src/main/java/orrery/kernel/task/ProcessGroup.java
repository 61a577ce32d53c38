package orrery.kernel.task;

import java.util.ArrayList;
import java.util.List;

/** Processes that a terminal treats as one job. See setpgid(2) and credentials(7). */
public final class ProcessGroup {
  private final int id;
  private final Session session;
  private final List<Process> members = new ArrayList<>();

  ProcessGroup(int id, Session session) {
    this.id = id;
    this.session = session;
  }

  public int id() {
    return id;
  }

  public Session session() {
    return session;
  }

  /** The members, zombies included; not to be changed by the caller. */
  public List<Process> members() {
    return members;
  }

  /**
   * True if no member has a parent in another group of the same session: nobody there could
   * continue a stopped job.
   */
  public boolean isOrphaned() {
    return isOrphanedWithout(null);
  }

  /** As {@link #isOrphaned}, as if {@code leaving} had ended already. */
  boolean isOrphanedWithout(Process leaving) {
    for (int i = 0; i < members.size(); i++) {
      Process p = members.get(i);
      Process parent = p.parent();
      if (p != leaving
          && !p.isZombie()
          && parent != null
          && parent.group() != this
          && parent.group().session() == session) {
        return false;
      }
    }
    return true;
  }

  boolean hasStoppedMember() {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).isStopped()) {
        return true;
      }
    }
    return false;
  }
}
