package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.BlockedException;
import orrery.kernel.log.KernelLog;
import orrery.kernel.task.SystemCallDispatcher;
import orrery.kernel.task.Task;

/**
 * Number to method: the system calls of Linux/arm64, a section per family. Source: {@code
 * include/uapi/asm-generic/unistd.h}.
 *
 * <p>A switch and not an array of objects: it needs no set-up when the kernel starts, and the JVM
 * compiles it to one jump.
 */
public final class SystemCallTable implements SystemCallDispatcher {
  /** What a family's table answers for a number that is not its own. */
  static final long UNKNOWN = Long.MIN_VALUE + 2;

  private static final int HIGHEST = 512;

  private final KernelLog log;
  private final boolean[] reported = new boolean[HIGHEST];
  private final ProcessCalls processes;
  private final IdentityCalls identities;
  private final LimitCalls limits;
  private final ScheduleCalls schedule;
  private final SignalCalls signals;
  private final TimeCalls times;
  private final FutexCalls futexes;
  private final MemoryCalls memory;
  private final ControlCalls control;
  private final SystemCalls system;
  private final LogCalls logs;
  private final SocketCalls sockets;
  private final SharedMemoryCalls shared;
  private final FileCallTable files;

  /** A table of calls on {@code k}'s rooms. */
  public SystemCallTable(Services k) {
    log = k.log();
    processes =
        new ProcessCalls(
            k.processes(), k.cloning(), k.exit(), k.childWait(), k.jobs(), k.execution());
    identities = new IdentityCalls();
    limits = new LimitCalls(k.processes());
    schedule = new ScheduleCalls(k.processes(), k.scheduler());
    signals = new SignalCalls(k.processes(), k.signals(), k.delivery());
    times = new TimeCalls(k.signals());
    futexes = new FutexCalls(k.processes(), k.futexes());
    memory = new MemoryCalls();
    control = new ControlCalls(k.processes());
    system =
        new SystemCalls(
            k.names(), k.random(), k.load(), k.memory().frames(), k.power(), k.bootNanos());
    logs = new LogCalls(k.log(), k.bootNanos());
    sockets = new SocketCalls();
    shared = new SharedMemoryCalls(k.memory(), k.vfs().clock());
    files =
        new FileCallTable(
            k.vfs(), k.shared(), k.signals(), new ProcessRingThreads(k.cloning(), k.exit()));
  }

  @Override
  public long call(Task t, int number, long a0, long a1, long a2, long a3, long a4, long a5) {
    try {
      return dispatch(t, number, a0, a1, a2, a3, a4, a5);
    } catch (ErrnoException e) {
      t.forgetQueues();
      return -e.errno();
    } catch (BlockedException e) {
      return e.answer();
    }
  }

  private long dispatch(Task t, int number, long a0, long a1, long a2, long a3, long a4, long a5) {
    return switch (number) {
      // processes
      case 93 -> processes.exit(t, (int) a0);
      case 94 -> processes.exitGroup(t, (int) a0);
      case 95 -> processes.waitid(t, (int) a0, (int) a1, a2, (int) a3, a4);
      case 154 -> processes.setpgid(t, (int) a0, (int) a1);
      case 155 -> processes.getpgid(t, (int) a0);
      case 156 -> processes.getsid(t, (int) a0);
      case 157 -> processes.setsid(t);
      case 165 -> processes.getrusage(t, (int) a0, a1);
      case 172 -> processes.getpid(t);
      case 173 -> processes.getppid(t);
      case 178 -> processes.gettid(t);
      case 220 -> processes.clone(t, a0, a1, a2, a3, a4);
      case 221 -> processes.execve(t, a0, a1, a2);
      case 260 -> processes.wait4(t, (int) a0, a1, (int) a2, a3);
      case 281 -> processes.execveat(t, (int) a0, a1, a2, a3, (int) a4);
      case 435 -> processes.clone3(t, a0, a1);

      // memory
      case 214 -> memory.brk(t, a0);
      case 215 -> memory.munmap(t, a0, a1);
      case 216 -> memory.mremap(t, a0, a1, a2, (int) a3, a4);
      case 222 -> memory.mmap(t, a0, a1, (int) a2, (int) a3, (int) a4, a5);
      case 226 -> memory.mprotect(t, a0, a1, (int) a2);
      case 227 -> memory.msync(t, a0, a1, (int) a2);
      case 228 -> memory.mlock(t, a0, a1);
      case 229 -> memory.munlock(t, a0, a1);
      case 230 -> memory.mlockall(t, (int) a0);
      case 231 -> memory.munlockall(t);
      case 232 -> memory.mincore(t, a0, a1, a2);
      case 233 -> memory.madvise(t, a0, a1, (int) a2);
      case 284 -> memory.mlock2(t, a0, a1, (int) a2);

      // identities
      case 143 -> identities.setregid(t, (int) a0, (int) a1);
      case 144 -> identities.setgid(t, (int) a0);
      case 145 -> identities.setreuid(t, (int) a0, (int) a1);
      case 146 -> identities.setuid(t, (int) a0);
      case 147 -> identities.setresuid(t, (int) a0, (int) a1, (int) a2);
      case 148 -> identities.getresuid(t, a0, a1, a2);
      case 149 -> identities.setresgid(t, (int) a0, (int) a1, (int) a2);
      case 150 -> identities.getresgid(t, a0, a1, a2);
      case 151 -> identities.setfsuid(t);
      case 152 -> identities.setfsgid(t);
      case 158 -> identities.getgroups(t, (int) a0, a1);
      case 159 -> identities.setgroups(t, (int) a0, a1);
      case 174 -> identities.getuid(t);
      case 175 -> identities.geteuid(t);
      case 176 -> identities.getgid(t);
      case 177 -> identities.getegid(t);

      // limits
      case 163 -> limits.getrlimit(t, (int) a0, a1);
      case 164 -> limits.setrlimit(t, (int) a0, a1);
      case 261 -> limits.prlimit(t, (int) a0, (int) a1, a2, a3);

      // scheduling
      case 118 -> schedule.setParameter(t, (int) a0, a1);
      case 119 -> schedule.setScheduler(t, (int) a0, (int) a1, a2);
      case 120 -> schedule.getScheduler(t, (int) a0);
      case 121 -> schedule.getParameter(t, (int) a0, a1);
      case 122 -> schedule.setAffinity(t, (int) a0, (int) a1, a2);
      case 123 -> schedule.getAffinity(t, (int) a0, (int) a1, a2);
      case 124 -> schedule.yield(t);
      case 125 -> schedule.priorityMax((int) a0);
      case 126 -> schedule.priorityMin((int) a0);
      case 127 -> schedule.roundRobinInterval(t, (int) a0, a1);
      case 140 -> schedule.setPriority(t, (int) a0, (int) a1, (int) a2);
      case 141 -> schedule.getPriority(t, (int) a0, (int) a1);

      // signals
      case 128 -> signals.restart(t, this);
      case 129 -> signals.kill(t, (int) a0, (int) a1);
      case 130 -> signals.tkill(t, (int) a0, (int) a1);
      case 131 -> signals.tgkill(t, (int) a0, (int) a1, (int) a2);
      case 132 -> signals.alternateStack(t, a0, a1);
      case 133 -> signals.suspend(t, a0, a1);
      case 134 -> signals.action(t, (int) a0, a1, a2, a3);
      case 135 -> signals.mask(t, (int) a0, a1, a2, a3);
      case 136 -> signals.pending(t, a0, a1);
      case 137 -> signals.timedWait(t, a0, a1, a2, a3);
      case 138 -> signals.queueInfo(t, (int) a0, (int) a1, a2);
      case 139 -> signals.returnFromHandler(t);
      case 240 -> signals.queueInfoToThread(t, (int) a0, (int) a1, (int) a2, a3);

      // time
      case 101 -> times.nanosleep(t, a0, a1);
      case 102 -> times.getIntervalTimer(t, (int) a0, a1);
      case 103 -> times.setIntervalTimer(t, (int) a0, a1, a2);
      case 107 -> times.timerCreate(t, (int) a0, a1, a2);
      case 108 -> times.timerGetTime(t, (int) a0, a1);
      case 109 -> times.timerGetOverrun(t, (int) a0);
      case 110 -> times.timerSetTime(t, (int) a0, (int) a1, a2, a3);
      case 111 -> times.timerDelete(t, (int) a0);
      case 112 -> times.clockSetTime(t, (int) a0, a1);
      case 113 -> times.clockGetTime(t, (int) a0, a1);
      case 114 -> times.clockGetResolution(t, (int) a0, a1);
      case 115 -> times.clockNanosleep(t, (int) a0, (int) a1, a2, a3);
      case 153 -> times.times(t, a0);
      case 169 -> times.getTimeOfDay(t, a0, a1);
      case 170 -> times.setTimeOfDay(t, a0);
      case 171 -> times.adjustTime(t, a0);
      case 266 -> times.clockAdjustTime(t, (int) a0, a1);

      // futexes
      case 96 -> futexes.setTidAddress(t, a0);
      case 98 -> futexes.futex(t, a0, (int) a1, (int) a2, a3, a4, (int) a5);
      case 99 -> futexes.setRobustList(t, a0, a1);
      case 100 -> futexes.getRobustList(t, (int) a0, a1, a2);

      // the process's own affairs
      case 90 -> control.capget(t, a0, a1);
      case 91 -> control.capset(t, a0, a1);
      case 167 -> control.prctl(t, (int) a0, a1, a2, a3, a4);

      // the system
      case 58 -> system.hangUp(t);
      case 92 -> system.personality((int) a0);
      case 116 -> logs.syslog(t, (int) a0, a1, (int) a2);
      case 142 -> system.reboot(t, (int) a0, (int) a1, (int) a2);
      case 160 -> system.uname(t, a0);
      case 161 -> system.sethostname(t, a0, (int) a1);
      case 162 -> system.setdomainname(t, a0, (int) a1);
      case 168 -> system.getcpu(t, a0, a1);
      case 179 -> system.sysinfo(t, a0);
      case 278 -> system.getrandom(t, a0, a1, (int) a2);
      case 283 -> system.membarrier((int) a0, (int) a1);

      // shared memory
      case 194 -> shared.get(t, (int) a0, a1, (int) a2);
      case 195 -> shared.control(t, (int) a0, (int) a1, a2);
      case 196 -> shared.attach(t, (int) a0, a1, (int) a2);
      case 197 -> shared.detach(t, a0);

      // sockets
      case 198, 199 -> sockets.socket((int) a0, (int) a1);
      case 200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 242, 243, 269 ->
          sockets.onDescriptor(t, (int) a0);

      default -> {
        long result = files.call(t, number, a0, a1, a2, a3, a4, a5);
        yield result == UNKNOWN ? unknown(t, number) : result;
      }
    };
  }

  /** Reports a number once, so that a program which keeps asking does not flood the log. */
  private long unknown(Task t, int number) {
    if (number >= 0 && number < HIGHEST && !reported[number]) {
      reported[number] = true;
      log.line(
          "system call " + number + " of " + t.name() + " (" + t.tid() + ") is not implemented");
    }
    return -Errno.ENOSYS;
  }
}
