package orrery.kernel.abi;

/** Flags of clone(2) and clone3(2). Source: {@code include/uapi/linux/sched.h}. */
public final class CloneFlag {
  /** The low byte is the signal sent to the parent at the child's end. */
  public static final long CSIGNAL = 0xff;

  public static final long VM = 0x100;
  public static final long FS = 0x200;
  public static final long FILES = 0x400;
  public static final long SIGHAND = 0x800;
  public static final long PIDFD = 0x1000;
  public static final long PTRACE = 0x2000;
  public static final long VFORK = 0x4000;
  public static final long PARENT = 0x8000;
  public static final long THREAD = 0x10000;
  public static final long NEWNS = 0x20000;
  public static final long SYSVSEM = 0x40000;
  public static final long SETTLS = 0x80000;
  public static final long PARENT_SETTID = 0x100000;
  public static final long CHILD_CLEARTID = 0x200000;
  public static final long DETACHED = 0x400000;
  public static final long UNTRACED = 0x800000;
  public static final long CHILD_SETTID = 0x1000000;

  /** NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET and NEWTIME. */
  public static final long NAMESPACES = 0x7e000080L | NEWNS;

  public static final long IO = 0x80000000L;
  public static final long CLEAR_SIGHAND = 0x100000000L;
  public static final long INTO_CGROUP = 0x200000000L;

  private CloneFlag() {}
}
