package orrery.kernel.task;

/** A process's user and group ids. See credentials(7). */
public final class Credentials {
  private static final int[] NO_GROUPS = {};

  private int realUid;
  private int effectiveUid;
  private int savedUid;
  private int realGid;
  private int effectiveGid;
  private int savedGid;
  private int[] groups = NO_GROUPS;

  Credentials copy() {
    Credentials c = new Credentials();
    c.realUid = realUid;
    c.effectiveUid = effectiveUid;
    c.savedUid = savedUid;
    c.realGid = realGid;
    c.effectiveGid = effectiveGid;
    c.savedGid = savedGid;
    c.groups = groups;
    return c;
  }

  public int realUid() {
    return realUid;
  }

  public int effectiveUid() {
    return effectiveUid;
  }

  public int savedUid() {
    return savedUid;
  }

  public int realGid() {
    return realGid;
  }

  public int effectiveGid() {
    return effectiveGid;
  }

  public int savedGid() {
    return savedGid;
  }

  /** Supplementary groups; not to be changed by the caller. */
  public int[] groups() {
    return groups;
  }

  public void groups(int[] ids) {
    groups = ids;
  }

  /** True for the super-user, who has every capability here. */
  public boolean isPrivileged() {
    return effectiveUid == 0;
  }

  public void uids(int real, int effective, int saved) {
    realUid = real;
    effectiveUid = effective;
    savedUid = saved;
  }

  public void gids(int real, int effective, int saved) {
    realGid = real;
    effectiveGid = effective;
    savedGid = saved;
  }
}
