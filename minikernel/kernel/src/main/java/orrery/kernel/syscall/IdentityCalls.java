package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.task.Credentials;
import orrery.kernel.task.Task;

/** User and group ids. See credentials(7). */
final class IdentityCalls {
  /** Leaves an id as it is. */
  private static final int SAME = -1;

  private static final int MAX_GROUPS = 65536;

  long getuid(Task t) {
    return Integer.toUnsignedLong(t.process().credentials().realUid());
  }

  long geteuid(Task t) {
    return Integer.toUnsignedLong(t.process().credentials().effectiveUid());
  }

  long getgid(Task t) {
    return Integer.toUnsignedLong(t.process().credentials().realGid());
  }

  long getegid(Task t) {
    return Integer.toUnsignedLong(t.process().credentials().effectiveGid());
  }

  long getresuid(Task t, long real, long effective, long saved) {
    Credentials c = t.process().credentials();
    t.memory().writeInt(real, c.realUid());
    t.memory().writeInt(effective, c.effectiveUid());
    t.memory().writeInt(saved, c.savedUid());
    return 0;
  }

  long getresgid(Task t, long real, long effective, long saved) {
    Credentials c = t.process().credentials();
    t.memory().writeInt(real, c.realGid());
    t.memory().writeInt(effective, c.effectiveGid());
    t.memory().writeInt(saved, c.savedGid());
    return 0;
  }

  long setuid(Task t, int id) {
    Credentials c = t.process().credentials();
    if (id == SAME) {
      return -Errno.EINVAL;
    }
    if (c.isPrivileged()) {
      c.uids(id, id, id);
    } else if (id == c.realUid() || id == c.savedUid()) {
      c.uids(c.realUid(), id, c.savedUid());
    } else {
      return -Errno.EPERM;
    }
    return 0;
  }

  long setgid(Task t, int id) {
    Credentials c = t.process().credentials();
    if (id == SAME) {
      return -Errno.EINVAL;
    }
    if (c.isPrivileged()) {
      c.gids(id, id, id);
    } else if (id == c.realGid() || id == c.savedGid()) {
      c.gids(c.realGid(), id, c.savedGid());
    } else {
      return -Errno.EPERM;
    }
    return 0;
  }

  long setresuid(Task t, int real, int effective, int saved) {
    Credentials c = t.process().credentials();
    if (!c.isPrivileged() && !(hasUid(c, real) && hasUid(c, effective) && hasUid(c, saved))) {
      return -Errno.EPERM;
    }
    c.uids(
        real == SAME ? c.realUid() : real,
        effective == SAME ? c.effectiveUid() : effective,
        saved == SAME ? c.savedUid() : saved);
    return 0;
  }

  long setresgid(Task t, int real, int effective, int saved) {
    Credentials c = t.process().credentials();
    if (!c.isPrivileged() && !(hasGid(c, real) && hasGid(c, effective) && hasGid(c, saved))) {
      return -Errno.EPERM;
    }
    c.gids(
        real == SAME ? c.realGid() : real,
        effective == SAME ? c.effectiveGid() : effective,
        saved == SAME ? c.savedGid() : saved);
    return 0;
  }

  long setreuid(Task t, int real, int effective) {
    Credentials c = t.process().credentials();
    boolean savedFollows = real != SAME || effective != SAME && effective != c.realUid();
    int saved = !savedFollows ? SAME : effective == SAME ? c.effectiveUid() : effective;
    return setresuid(t, real, effective, saved);
  }

  long setregid(Task t, int real, int effective) {
    Credentials c = t.process().credentials();
    boolean savedFollows = real != SAME || effective != SAME && effective != c.realGid();
    int saved = !savedFollows ? SAME : effective == SAME ? c.effectiveGid() : effective;
    return setresgid(t, real, effective, saved);
  }

  private static boolean hasUid(Credentials c, int id) {
    return id == SAME || id == c.realUid() || id == c.effectiveUid() || id == c.savedUid();
  }

  private static boolean hasGid(Credentials c, int id) {
    return id == SAME || id == c.realGid() || id == c.effectiveGid() || id == c.savedGid();
  }

  /** setfsuid and setfsgid: file access goes by the effective id here, which they report. */
  long setfsuid(Task t) {
    return geteuid(t);
  }

  long setfsgid(Task t) {
    return getegid(t);
  }

  long getgroups(Task t, int size, long list) {
    int[] groups = t.process().credentials().groups();
    if (size < 0 || size != 0 && size < groups.length) {
      return -Errno.EINVAL;
    }
    for (int i = 0; size != 0 && i < groups.length; i++) {
      t.memory().writeInt(list + 4L * i, groups[i]);
    }
    return groups.length;
  }

  long setgroups(Task t, int size, long list) {
    if (!t.process().credentials().isPrivileged()) {
      return -Errno.EPERM;
    }
    if (size < 0 || size > MAX_GROUPS) {
      return -Errno.EINVAL;
    }
    int[] groups = new int[size];
    for (int i = 0; i < size; i++) {
      groups[i] = t.memory().readInt(list + 4L * i);
    }
    t.process().credentials().groups(groups);
    return 0;
  }
}
