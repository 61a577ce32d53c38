package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.Signal;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Process;
import orrery.kernel.task.ProcessTable;
import orrery.kernel.task.Task;

/** prctl(2) and the capability calls: the super-user has all capabilities, others none. */
final class ControlCalls {
  // Options, include/uapi/linux/prctl.h
  private static final int PR_SET_PDEATHSIG = 1;
  private static final int PR_GET_PDEATHSIG = 2;
  private static final int PR_GET_DUMPABLE = 3;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int PR_GET_KEEPCAPS = 7;
  private static final int PR_SET_KEEPCAPS = 8;
  private static final int PR_SET_NAME = 15;
  private static final int PR_GET_NAME = 16;
  private static final int PR_GET_SECCOMP = 21;
  private static final int PR_CAPBSET_READ = 23;
  private static final int PR_SET_TIMERSLACK = 29;
  private static final int PR_GET_TIMERSLACK = 30;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int PR_GET_CHILD_SUBREAPER = 37;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_GET_NO_NEW_PRIVS = 39;
  private static final int PR_GET_TID_ADDRESS = 40;
  private static final int PR_SET_THP_DISABLE = 41;
  private static final int PR_GET_THP_DISABLE = 42;

  private static final int NAME_SIZE = 16;
  private static final int LAST_CAPABILITY = 40;
  private static final long TIMER_SLACK_NANOS = 50_000;

  // struct __user_cap_header_struct and __user_cap_data_struct, include/uapi/linux/capability.h
  private static final int CAPABILITY_VERSION_1 = 0x19980330;
  private static final int CAPABILITY_VERSION_2 = 0x20071026;
  private static final int CAPABILITY_VERSION_3 = 0x20080522;
  private static final int CAPABILITY_SET_SIZE = 12;
  private static final long ALL_CAPABILITIES = (1L << LAST_CAPABILITY + 1) - 1;

  private final ProcessTable table;

  ControlCalls(ProcessTable table) {
    this.table = table;
  }

  long prctl(Task t, int option, long a1, long a2, long a3, long a4) {
    Process p = t.process();
    AddressSpace m = t.memory();
    switch (option) {
      case PR_SET_PDEATHSIG -> {
        if (a1 != 0 && !Signal.isValid((int) a1)) {
          return -Errno.EINVAL;
        }
        p.parentDeathSignal((int) a1);
        return 0;
      }
      case PR_GET_PDEATHSIG -> {
        m.writeInt(a1, p.parentDeathSignal());
        return 0;
      }
      case PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS -> {
        return option == PR_GET_DUMPABLE ? 1 : p.gainsNoPrivileges() ? 1 : 0;
      }
      case PR_SET_DUMPABLE -> {
        return a1 == 0 || a1 == 1 ? 0 : -Errno.EINVAL;
      }
      case PR_GET_KEEPCAPS, PR_GET_SECCOMP, PR_GET_THP_DISABLE, PR_SET_THP_DISABLE -> {
        return 0;
      }
      case PR_SET_KEEPCAPS -> {
        return a1 == 0 || a1 == 1 ? 0 : -Errno.EINVAL;
      }
      case PR_SET_NAME -> {
        t.name(readName(m, a1));
        return 0;
      }
      case PR_GET_NAME -> {
        for (int i = 0; i < NAME_SIZE; i++) {
          m.writeByte(a1 + i, (byte) (i < t.name().length() ? t.name().charAt(i) : 0));
        }
        return 0;
      }
      case PR_CAPBSET_READ -> {
        return a1 >= 0 && a1 <= LAST_CAPABILITY ? 1 : -Errno.EINVAL;
      }
      case PR_SET_TIMERSLACK -> {
        return 0;
      }
      case PR_GET_TIMERSLACK -> {
        return TIMER_SLACK_NANOS;
      }
      case PR_SET_CHILD_SUBREAPER -> {
        p.adoptsOrphans(a1 != 0);
        return 0;
      }
      case PR_GET_CHILD_SUBREAPER -> {
        m.writeInt(a1, p.adoptsOrphans() ? 1 : 0);
        return 0;
      }
      case PR_SET_NO_NEW_PRIVS -> {
        if (a1 != 1 || (a2 | a3 | a4) != 0) {
          return -Errno.EINVAL;
        }
        p.gainNoPrivileges();
        return 0;
      }
      case PR_GET_TID_ADDRESS -> {
        m.writeLong(a1, t.clearChildTid());
        return 0;
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
  }

  private static String readName(AddressSpace m, long address) {
    StringBuilder name = new StringBuilder(NAME_SIZE);
    for (int i = 0; i < NAME_SIZE - 1; i++) {
      int c = m.readByte(address + i) & 0xff;
      if (c == 0) {
        break;
      }
      name.append((char) c);
    }
    return name.toString();
  }

  long capget(Task t, long header, long data) {
    int sets = capabilitySets(t, header);
    if (sets < 0) {
      return data == 0 ? 0 : -Errno.EINVAL;
    }
    int pid = t.memory().readInt(header + 4);
    Process p = pid == 0 ? t.process() : table.process(pid);
    if (pid < 0 || p == null) {
      return pid < 0 ? -Errno.EINVAL : -Errno.ESRCH;
    }
    long held = p.credentials().isPrivileged() ? ALL_CAPABILITIES : 0;
    for (int i = 0; i < sets && data != 0; i++) {
      long at = data + (long) i * CAPABILITY_SET_SIZE;
      t.memory().writeInt(at, (int) (held >>> 32 * i));
      t.memory().writeInt(at + 4, (int) (held >>> 32 * i));
      t.memory().writeInt(at + 8, 0);
    }
    return 0;
  }

  /** Capabilities go with the user id and cannot be changed on their own. */
  long capset(Task t, long header, long data) {
    int sets = capabilitySets(t, header);
    if (sets < 0) {
      return -Errno.EINVAL;
    }
    int pid = t.memory().readInt(header + 4);
    if (pid != 0 && pid != t.process().pid()) {
      return -Errno.EPERM;
    }
    long held = t.process().credentials().isPrivileged() ? ALL_CAPABILITIES : 0;
    for (int i = 0; i < sets; i++) {
      long at = data + (long) i * CAPABILITY_SET_SIZE;
      int wanted = t.memory().readInt(at) | t.memory().readInt(at + 4);
      if ((wanted & ~(int) (held >>> 32 * i)) != 0) {
        return -Errno.EPERM;
      }
    }
    return 0;
  }

  /** How many sets the header's version has; -1, and the version told, if it is not known. */
  private static int capabilitySets(Task t, long header) {
    switch (t.memory().readInt(header)) {
      case CAPABILITY_VERSION_1 -> {
        return 1;
      }
      case CAPABILITY_VERSION_2, CAPABILITY_VERSION_3 -> {
        return 2;
      }
      default -> {
        t.memory().writeInt(header, CAPABILITY_VERSION_3);
        return -1;
      }
    }
  }
}
