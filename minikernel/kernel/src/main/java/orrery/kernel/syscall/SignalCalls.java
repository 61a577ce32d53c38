package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Credentials;
import orrery.kernel.task.Process;
import orrery.kernel.task.ProcessGroup;
import orrery.kernel.task.ProcessTable;
import orrery.kernel.task.SignalDelivery;
import orrery.kernel.task.SignalHandlers;
import orrery.kernel.task.SignalInfo;
import orrery.kernel.task.Signals;
import orrery.kernel.task.SystemCallDispatcher;
import orrery.kernel.task.Task;
import orrery.kernel.task.TaskSignals;
import orrery.kernel.wait.Caller;

/** Signals: actions, masks, sending and waiting. */
final class SignalCalls {
  /** {@code sizeof(sigset_t)} as the kernel has it. */
  private static final int SET_SIZE = 8;

  // struct sigaction, arch/arm64: the flags are a long
  private static final int ACTION_HANDLER = 0;
  private static final int ACTION_FLAGS = 8;
  private static final int ACTION_RESTORER = 16;
  private static final int ACTION_MASK = 24;

  private static final int KNOWN_FLAGS =
      Signal.SA_NOCLDSTOP
          | Signal.SA_NOCLDWAIT
          | Signal.SA_SIGINFO
          | Signal.SA_EXPOSE_TAGBITS
          | Signal.SA_RESTORER
          | Signal.SA_ONSTACK
          | Signal.SA_RESTART
          | Signal.SA_NODEFER
          | Signal.SA_RESETHAND;

  // struct sigaltstack
  private static final int STACK_BASE = 0;
  private static final int STACK_FLAGS = 8;
  private static final int STACK_SIZE = 16;

  private final ProcessTable table;
  private final Signals signals;
  private final SignalDelivery delivery;
  private final SignalInfo info = new SignalInfo();

  SignalCalls(ProcessTable table, Signals signals, SignalDelivery delivery) {
    this.table = table;
    this.signals = signals;
    this.delivery = delivery;
  }

  long action(Task t, int signal, long action, long old, long setSize) {
    boolean fixed = signal == Signal.SIGKILL || signal == Signal.SIGSTOP;
    if (setSize != SET_SIZE || !Signal.isValid(signal) || action != 0 && fixed) {
      return -Errno.EINVAL;
    }
    AddressSpace m = t.memory();
    SignalHandlers handlers = t.process().handlers();
    long oldHandler = handlers.handler(signal);
    int oldFlags = handlers.flags(signal);
    long oldRestorer = handlers.restorer(signal);
    long oldMask = handlers.mask(signal);
    if (action != 0) {
      long handler = m.readLong(action + ACTION_HANDLER);
      int flags = (int) m.readLong(action + ACTION_FLAGS) & KNOWN_FLAGS;
      long restorer = m.readLong(action + ACTION_RESTORER);
      handlers.set(signal, handler, flags, restorer, m.readLong(action + ACTION_MASK));
      if (handlers.ignores(signal)) {
        t.process().signals().forget(Signal.bit(signal));
      }
    }
    if (old != 0) {
      m.writeLong(old + ACTION_HANDLER, oldHandler);
      m.writeLong(old + ACTION_FLAGS, Integer.toUnsignedLong(oldFlags));
      m.writeLong(old + ACTION_RESTORER, oldRestorer);
      m.writeLong(old + ACTION_MASK, oldMask);
    }
    return 0;
  }

  long mask(Task t, int how, long set, long old, long setSize) {
    if (setSize != SET_SIZE) {
      return -Errno.EINVAL;
    }
    TaskSignals s = t.signals();
    long before = s.mask();
    if (set != 0) {
      long change = t.memory().readLong(set);
      switch (how) {
        case Signal.SIG_BLOCK -> s.mask(before | change);
        case Signal.SIG_UNBLOCK -> s.mask(before & ~change);
        case Signal.SIG_SETMASK -> s.mask(change);
        default -> {
          return -Errno.EINVAL;
        }
      }
    }
    if (old != 0) {
      t.memory().writeLong(old, before);
    }
    return 0;
  }

  long pending(Task t, long set, long setSize) {
    if (Long.compareUnsigned(setSize, SET_SIZE) > 0) {
      return -Errno.EINVAL;
    }
    long waiting = t.signals().waiting() & t.signals().mask();
    for (int i = 0; i < setSize; i++) {
      t.memory().writeByte(set + i, (byte) (waiting >>> 8 * i));
    }
    return 0;
  }

  long suspend(Task t, long set, long setSize) {
    if (setSize != SET_SIZE) {
      return -Errno.EINVAL;
    }
    if (!t.restarted()) {
      t.signals().saveMask(t.memory().readLong(set));
    }
    return t.sleep(Errno.ERESTARTNOHAND);
  }

  long timedWait(Task t, long set, long result, long timeout, long setSize) {
    if (setSize != SET_SIZE) {
      return -Errno.EINVAL;
    }
    AddressSpace m = t.memory();
    long wanted = m.readLong(set) & ~Signal.UNBLOCKABLE;
    if (!t.restarted() && timeout != 0) {
      t.deadlineOnce(TimeSpec.after(t.now(), TimeSpec.read(m, timeout)));
    }
    TaskSignals s = t.signals();
    int signal = s.take(~wanted, info);
    long answer = signal;
    if (signal == 0) {
      s.await(wanted);
      answer = t.timedOut() ? -Errno.EAGAIN : t.sleep(Errno.EINTR);
    }
    if (answer != Caller.BLOCKED) {
      s.await(0);
    }
    if (signal != 0 && result != 0) {
      writeInfo(m, result);
    }
    return answer;
  }

  private void writeInfo(AddressSpace m, long address) {
    m.writeInt(address + SigInfo.SIGNO, info.signal());
    m.writeInt(address + SigInfo.ERRNO, info.errno());
    m.writeLong(address + SigInfo.CODE, Integer.toUnsignedLong(info.code()));
    for (int at = SigInfo.FIELDS; at < SigInfo.SIZE; at += Long.BYTES) {
      m.writeLong(address + at, at < SigInfo.KEPT ? info.word((at - SigInfo.FIELDS) / 8) : 0);
    }
  }

  private void readInfo(AddressSpace m, long address, int signal) {
    info.set(
        signal,
        m.readInt(address + SigInfo.ERRNO),
        m.readInt(address + SigInfo.CODE),
        m.readLong(address + SigInfo.FIELDS),
        m.readLong(address + SigInfo.FIELDS + 8),
        m.readLong(address + SigInfo.FIELDS + 16),
        m.readLong(address + SigInfo.FIELDS + 24));
  }

  long alternateStack(Task t, long stack, long old) {
    AddressSpace m = t.memory();
    TaskSignals s = t.signals();
    long sp = t.scheduler().cpu().sp();
    long oldBase = s.stackBase();
    long oldSize = s.stackSize();
    int oldFlags = s.stackFlags(sp);
    if (stack != 0) {
      long base = m.readLong(stack + STACK_BASE);
      int flags = m.readInt(stack + STACK_FLAGS);
      long result = s.changeStack(base, m.readLong(stack + STACK_SIZE), flags, sp);
      if (result != 0) {
        return result;
      }
    }
    if (old != 0) {
      m.writeLong(old + STACK_BASE, oldBase);
      m.writeLong(old + STACK_FLAGS, Integer.toUnsignedLong(oldFlags));
      m.writeLong(old + STACK_SIZE, oldSize);
    }
    return 0;
  }

  long returnFromHandler(Task t) {
    return delivery.returnFromHandler(t, t.scheduler().cpu());
  }

  long restart(Task t, SystemCallDispatcher calls) {
    return t.signals().restartBlock().restart(t, calls);
  }

  long kill(Task t, int pid, int signal) {
    if (signal != 0 && !Signal.isValid(signal)) {
      return -Errno.EINVAL;
    }
    if (pid > 0) {
      Process p = table.process(pid);
      return p == null ? -Errno.ESRCH : killOne(t, p, signal);
    }
    if (pid == -1) {
      return killAll(t, signal);
    }
    ProcessGroup group = pid == 0 ? t.process().group() : table.group(-pid);
    if (group == null) {
      return -Errno.ESRCH;
    }
    long result = -Errno.ESRCH;
    for (int i = 0; i < group.members().size(); i++) {
      long one = killOne(t, group.members().get(i), signal);
      result = result == 0 ? 0 : one;
    }
    return result;
  }

  /** Everybody but init and the caller. */
  private long killAll(Task t, int signal) {
    long result = -Errno.ESRCH;
    Process p = table.next(ProcessTable.INIT + 1);
    while (p != null) {
      if (p != t.process()) {
        long one = killOne(t, p, signal);
        result = result == 0 ? 0 : one;
      }
      p = table.next(p.pid() + 1);
    }
    return result;
  }

  private long killOne(Task t, Process p, int signal) {
    if (!mayKill(t, p, signal)) {
      return -Errno.EPERM;
    }
    if (signal != 0) {
      int uid = t.process().credentials().realUid();
      signals.send(p, info.from(signal, SigInfo.SI_USER, t.process().pid(), uid));
    }
    return 0;
  }

  private static boolean mayKill(Task t, Process p, int signal) {
    Process sender = t.process();
    if (p == sender || sender.credentials().isPrivileged()) {
      return true;
    }
    Credentials from = sender.credentials();
    Credentials to = p.credentials();
    return from.effectiveUid() == to.savedUid()
        || from.effectiveUid() == to.realUid()
        || from.realUid() == to.savedUid()
        || from.realUid() == to.realUid()
        || signal == Signal.SIGCONT && p.session() == sender.session();
  }

  long tkill(Task t, int tid, int signal) {
    return tid <= 0 ? -Errno.EINVAL : killThread(t, null, tid, signal);
  }

  long tgkill(Task t, int pid, int tid, int signal) {
    if (pid <= 0 || tid <= 0) {
      return -Errno.EINVAL;
    }
    Process p = table.process(pid);
    return p == null ? -Errno.ESRCH : killThread(t, p, tid, signal);
  }

  private long killThread(Task t, Process within, int tid, int signal) {
    if (signal != 0 && !Signal.isValid(signal)) {
      return -Errno.EINVAL;
    }
    Task to = table.task(tid);
    if (to == null || within != null && to.process() != within) {
      return -Errno.ESRCH;
    }
    if (!mayKill(t, to.process(), signal)) {
      return -Errno.EPERM;
    }
    if (signal != 0) {
      int uid = t.process().credentials().realUid();
      signals.send(to, info.from(signal, SigInfo.SI_TKILL, t.process().pid(), uid));
    }
    return 0;
  }

  long queueInfo(Task t, int pid, int signal, long address) {
    readInfo(t.memory(), address, signal);
    Process p = table.process(pid);
    long refusal = refuseQueue(t, p, signal);
    if (refusal != 0 || signal == 0) {
      return refusal;
    }
    return signals.send(p, info) ? 0 : -Errno.EAGAIN;
  }

  long queueInfoToThread(Task t, int pid, int tid, int signal, long address) {
    if (pid <= 0 || tid <= 0) {
      return -Errno.EINVAL;
    }
    readInfo(t.memory(), address, signal);
    Task to = table.task(tid);
    Process p = to == null || to.process().pid() != pid ? null : to.process();
    long refusal = refuseQueue(t, p, signal);
    if (refusal != 0 || signal == 0) {
      return refusal;
    }
    return signals.send(to, info) ? 0 : -Errno.EAGAIN;
  }

  /** Nobody may pretend to another process to be the kernel or kill(2). */
  private long refuseQueue(Task t, Process p, int signal) {
    boolean pretends = info.code() >= 0 || info.code() == SigInfo.SI_TKILL;
    if (pretends && p != t.process()) {
      return -Errno.EPERM;
    }
    if (signal != 0 && !Signal.isValid(signal)) {
      return -Errno.EINVAL;
    }
    if (p == null) {
      return -Errno.ESRCH;
    }
    return mayKill(t, p, signal) ? 0 : -Errno.EPERM;
  }
}
