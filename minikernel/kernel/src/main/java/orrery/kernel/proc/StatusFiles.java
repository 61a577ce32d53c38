package orrery.kernel.proc;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.ProgramAddresses;
import orrery.kernel.task.ControllingTerminal;
import orrery.kernel.task.Credentials;
import orrery.kernel.task.Limits;
import orrery.kernel.task.Process;
import orrery.kernel.task.ProcessGroup;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** How a process is: stat, statm, status, comm. */
final class StatusFiles {
  private static final int PAGE = 4096;
  private static final int KIB_PER_PAGE = 4;
  private static final int BASE_PRIORITY = 20;
  private static final long ALL_CAPABILITIES = (1L << 41) - 1;

  /** PF_FORKNOEXEC and PF_SUPERPRIV of Linux {@code include/linux/sched.h}. */
  private static final int PF_FORKNOEXEC = 0x40;

  private static final int PF_RANDOMIZE = 0x400000;
  private static final int MAX_NAME = 15;

  private final Subject subject;
  private final Process process;

  StatusFiles(Subject subject) {
    this.subject = subject;
    this.process = subject.process();
  }

  private char state() {
    Task t = subject.task();
    if (t == null || process.isZombie()) {
      return 'Z';
    }
    return switch (t.state()) {
      case RUNNING, RUNNABLE -> 'R';
      case SLEEPING -> 'S';
      case STOPPED -> 'T';
      case DEAD -> 'Z';
    };
  }

  private static String describe(char state) {
    return switch (state) {
      case 'R' -> "R (running)";
      case 'S' -> "S (sleeping)";
      case 'T' -> "T (stopped)";
      default -> "Z (zombie)";
    };
  }

  private int parent() {
    return process.parent() == null ? 0 : process.parent().pid();
  }

  /** The 52 fields of /proc/PID/stat. */
  void stat(Caller c, StringBuilder to) {
    subject.require();
    Task t = subject.task();
    ControllingTerminal terminal = process.session().terminal();
    ProcessGroup front = terminal == null ? null : terminal.foreground();
    AddressSpace m = subject.memory();
    long nanos = subject.thread() == 0 || t == null ? process.runNanos() : t.runNanos();
    to.append(subject.id()).append(" (").append(subject.name()).append(") ").append(state());
    field(to, parent());
    field(to, process.group().id());
    field(to, process.session().id());
    field(to, terminal == null ? 0 : terminal.deviceNumber());
    field(to, front == null ? -1 : front.id());
    field(to, PF_RANDOMIZE | (process.hasExecuted() ? 0 : PF_FORKNOEXEC));
    zeros(to, 4); // minflt cminflt majflt cmajflt
    field(to, ProcContext.ticks(nanos));
    field(to, 0); // stime
    field(to, ProcContext.ticks(process.childrenNanos()));
    field(to, 0); // cstime
    field(to, BASE_PRIORITY + process.nice());
    field(to, process.nice());
    field(to, Math.max(1, process.threads().size()));
    field(to, 0); // itrealvalue
    long started = process.startNanos() - subject.context().clock().startNanos();
    field(to, ProcContext.ticks(Math.max(0, started)));
    field(to, m == null ? 0 : m.totalPages() * PAGE);
    field(to, m == null ? 0 : m.residentPages());
    to.append(' ').append(Long.toUnsignedString(Limits.INFINITY));
    ProgramAddresses at = m == null ? null : m.program();
    field(to, at == null ? 0 : at.codeStart());
    field(to, at == null ? 0 : at.codeEnd());
    field(to, at == null ? 0 : at.stackStart());
    zeros(to, 2); // kstkesp kstkeip
    signals(to, t);
    zeros(to, 3); // wchan nswap cnswap
    field(to, process.exitSignal());
    zeros(to, 6); // processor rt_priority policy delayacct_blkio_ticks guest_time cguest_time
    if (at == null) {
      zeros(to, 7);
    } else {
      field(to, at.dataStart());
      field(to, at.dataEnd());
      field(to, at.dataEnd()); // start_brk
      field(to, at.argumentsStart());
      field(to, at.argumentsEnd());
      field(to, at.environmentStart());
      field(to, at.environmentEnd());
    }
    field(to, process.isZombie() ? process.exitStatus() : 0);
    to.append('\n');
  }

  private void signals(StringBuilder to, Task t) {
    field(to, t == null ? 0 : (int) t.signals().waiting() & Integer.MAX_VALUE);
    field(to, t == null ? 0 : (int) t.signals().mask() & Integer.MAX_VALUE);
    field(to, (int) process.handlers().ignored() & Integer.MAX_VALUE);
    field(to, (int) process.handlers().caught() & Integer.MAX_VALUE);
  }

  private static void field(StringBuilder to, long value) {
    to.append(' ').append(value);
  }

  private static void zeros(StringBuilder to, int n) {
    to.repeat(" 0", n);
  }

  /** Pages: size resident shared text lib data dirty. */
  void statm(Caller c, StringBuilder to) {
    subject.require();
    AddressSpace m = subject.memory();
    if (m == null) {
      to.append("0 0 0 0 0 0 0\n");
      return;
    }
    to.append(m.totalPages()).append(' ').append(m.residentPages()).append(' ');
    to.append(m.residentSourcePages()).append(' ').append(m.executablePages()).append(" 0 ");
    to.append(m.dataPages() + m.stackPages()).append(" 0\n");
  }

  void name(Caller c, StringBuilder to) {
    subject.require();
    to.append(subject.name()).append('\n');
  }

  void rename(Caller c, String text) {
    subject.requireAccess(c);
    Task t = subject.task();
    if (t == null) {
      throw ErrnoException.of(Errno.ESRCH);
    }
    int end = text.indexOf('\n');
    String name = end < 0 ? text : text.substring(0, end);
    t.name(name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name);
  }

  void schedule(Caller c, StringBuilder to) {
    subject.require();
    to.append(process.runNanos()).append(" 0 ").append(0).append('\n');
  }

  void status(Caller c, StringBuilder to) {
    subject.require();
    Task t = subject.task();
    to.append("Name:\t").append(subject.name());
    if (t != null) {
      to.append("\nUmask:\t").append(octal(t.fs().umask()));
    }
    to.append("\nState:\t").append(describe(state()));
    to.append("\nTgid:\t").append(process.pid()).append("\nNgid:\t0\nPid:\t").append(subject.id());
    to.append("\nPPid:\t").append(parent()).append("\nTracerPid:\t0");
    identity(to);
    to.append("FDSize:\t").append(t == null ? 0 : descriptors(t)).append("\nGroups:\t");
    for (int group : process.credentials().groups()) {
      to.append(Integer.toUnsignedString(group)).append(' ');
    }
    to.append("\nNStgid:\t").append(process.pid()).append("\nNSpid:\t").append(subject.id());
    to.append("\nNSpgid:\t").append(process.group().id());
    to.append("\nNSsid:\t").append(process.session().id()).append('\n');
    memory(to);
    to.append("Threads:\t").append(Math.max(1, process.threads().size()));
    signalMasks(to, t);
    capabilities(to);
    to.append("NoNewPrivs:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\n");
    to.append("Cpus_allowed:\t1\nCpus_allowed_list:\t0\n");
    to.append("Mems_allowed:\t1\nMems_allowed_list:\t0\n");
    to.append("voluntary_ctxt_switches:\t0\nnonvoluntary_ctxt_switches:\t0\n");
  }

  private static int descriptors(Task t) {
    return Math.max(64, Integer.highestOneBit(Math.max(1, t.files().bound() - 1)) * 2);
  }

  private static String octal(int umask) {
    String digits = Integer.toOctalString(umask);
    return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
  }

  private void identity(StringBuilder to) {
    Credentials id = process.credentials();
    to.append("\nUid:\t");
    ids(to, id.realUid(), id.effectiveUid(), id.savedUid());
    to.append("Gid:\t");
    ids(to, id.realGid(), id.effectiveGid(), id.savedGid());
  }

  private static void ids(StringBuilder to, int real, int effective, int saved) {
    to.append(Integer.toUnsignedString(real)).append('\t');
    to.append(Integer.toUnsignedString(effective)).append('\t');
    to.append(Integer.toUnsignedString(saved)).append('\t');
    to.append(Integer.toUnsignedString(effective)).append('\n');
  }

  private void memory(StringBuilder to) {
    AddressSpace m = subject.memory();
    if (m == null) {
      return;
    }
    kib(to, "VmPeak:", m.peakTotalPages());
    kib(to, "VmSize:", m.totalPages());
    kib(to, "VmLck:", m.lockedPages());
    kib(to, "VmPin:", 0);
    kib(to, "VmHWM:", m.peakResidentPages());
    kib(to, "VmRSS:", m.residentPages());
    kib(to, "RssAnon:", m.residentAnonymousPages());
    kib(to, "RssFile:", m.residentSourcePages());
    kib(to, "RssShmem:", 0);
    kib(to, "VmData:", m.dataPages());
    kib(to, "VmStk:", m.stackPages());
    kib(to, "VmExe:", m.executablePages());
    kib(to, "VmLib:", 0);
    kib(to, "VmPTE:", m.tablePages());
    kib(to, "VmSwap:", 0);
  }

  private static void kib(StringBuilder to, String name, long pages) {
    String digits = Long.toString(pages * KIB_PER_PAGE);
    to.append(name).append('\t').repeat(' ', Math.max(0, 8 - digits.length()));
    to.append(digits).append(" kB\n");
  }

  private void signalMasks(StringBuilder to, Task t) {
    to.append("\nSigQ:\t0/").append(process.limits().soft(Limits.SIGPENDING));
    long own = t == null ? 0 : t.signals().waiting();
    mask(to, "SigPnd", 0);
    mask(to, "ShdPnd", own);
    mask(to, "SigBlk", t == null ? 0 : t.signals().mask());
    mask(to, "SigIgn", process.handlers().ignored());
    mask(to, "SigCgt", process.handlers().caught());
    to.append('\n');
  }

  private void capabilities(StringBuilder to) {
    long held = process.credentials().isPrivileged() ? ALL_CAPABILITIES : 0;
    to.setLength(to.length() - 1);
    mask(to, "CapInh", 0);
    mask(to, "CapPrm", held);
    mask(to, "CapEff", held);
    mask(to, "CapBnd", ALL_CAPABILITIES);
    mask(to, "CapAmb", 0);
    to.append('\n');
  }

  private static void mask(StringBuilder to, String name, long bits) {
    String digits = Long.toHexString(bits);
    to.append('\n').append(name).append(":\t").repeat('0', 16 - digits.length()).append(digits);
  }
}
