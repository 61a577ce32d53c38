package orrery.kernel.task;

import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;

/** Sending signals. Nothing here allocates once the pool of queue entries is warm. */
public final class Signals {
  /** Nanoseconds in a tick of the clock that times are told in (USER_HZ = 100). */
  private static final long NANOS_PER_TICK = 10_000_000;

  private final SignalQuota quota = new SignalQuota();
  private final SignalInfo scratch = new SignalInfo();

  /** Apart, because a SIGCONT on its way out of {@link #scratch} makes a stopped process's news. */
  private final SignalInfo childStatus = new SignalInfo();

  private JobControl jobs;

  public Signals() {}

  /** Completes the circle: a continue signal acts through {@code control}. */
  public void attach(JobControl control) {
    jobs = control;
  }

  /**
   * Sends {@code info} to a process: any thread that does not block it takes it.
   *
   * @return false if there was no room to queue it
   */
  public boolean send(Process p, SignalInfo info) {
    Task leader = p.leader();
    return leader == null || send(p, leader, p.signals().pending(), info);
  }

  /** Sends {@code info} to one thread. */
  public boolean send(Task t, SignalInfo info) {
    return send(t.process(), t, t.signals().pending(), info);
  }

  /** Sends {@code signal} as the kernel itself. */
  public void sendFromKernel(Process p, int signal) {
    send(p, scratch.kernel(signal));
  }

  /** As {@link #sendFromKernel(Process, int)}, to one thread. */
  public void sendFromKernel(Task t, int signal) {
    send(t, scratch.kernel(signal));
  }

  /** As {@link #sendFromKernel(Process, int)}, to every process of a group. */
  public void sendFromKernel(ProcessGroup group, int signal) {
    for (int i = 0; i < group.members().size(); i++) {
      sendFromKernel(group.members().get(i), signal);
    }
  }

  /** Tells {@code parent} that {@code child} has ended, stopped or gone on. */
  public void sendChildStatus(Process parent, Process child, int signal) {
    int code = SigInfo.CLD_CONTINUED;
    int value = Signal.SIGCONT;
    if (child.isZombie()) {
      code = SigInfo.childCode(child.exitStatus());
      value = SigInfo.childValue(child.exitStatus());
    } else if (child.isStopped()) {
      code = SigInfo.CLD_STOPPED;
      value = child.stopSignal();
    }
    int uid = child.credentials().realUid();
    long ticks = child.runNanos() / NANOS_PER_TICK;
    send(parent, childStatus.child(signal, code, child.pid(), uid, value, ticks, 0));
  }

  /** Sends a signal that an instruction of {@code t} caused: it cannot be blocked or ignored. */
  void force(Task t, SignalInfo info) {
    SignalHandlers handlers = t.process().handlers();
    int signal = info.signal();
    boolean blocked = Signal.in(t.signals().mask(), signal);
    if (blocked || handlers.handler(signal) == Signal.SIG_IGN) {
      handlers.reset(signal);
      if (blocked) {
        t.signals().mask(t.signals().mask() & ~Signal.bit(signal));
      }
    }
    send(t, info);
  }

  /**
   * Sends a timer's own entry, which must not be queued now.
   *
   * @param t the thread, or null for any of process {@code p}
   * @return false if the signal is ignored and was not queued
   */
  boolean sendOwned(Process p, Task t, SignalInfo info) {
    Task receiver = t != null ? t : p.leader();
    if (receiver == null || !prepare(p, receiver, info.signal())) {
      return false;
    }
    PendingSignals queue = t != null ? t.signals().pending() : p.signals().pending();
    queue.addOwned(info);
    notify(p, receiver, queue, info.signal());
    return true;
  }

  private boolean send(Process p, Task receiver, PendingSignals queue, SignalInfo info) {
    if (!prepare(p, receiver, info.signal())) {
      return true;
    }
    boolean standard = info.signal() < Signal.SIGRTMIN;
    boolean killed = info.code() == SigInfo.SI_USER || info.code() == SigInfo.SI_KERNEL;
    boolean unlimited = standard && (info.code() >= 0 || killed);
    long limit = unlimited ? Limits.INFINITY : p.limits().soft(Limits.SIGPENDING);
    if (!queue.add(info, quota, limit, standard || killed)) {
      return false;
    }
    notify(p, receiver, queue, info.signal());
    return true;
  }

  /** What a signal does at once, delivered or not; false if that was all. */
  private boolean prepare(Process p, Task receiver, int signal) {
    if (p.isExiting()) {
      return false;
    }
    if (Signal.in(Signal.STOPPING, signal)) {
      p.signals().forget(Signal.bit(Signal.SIGCONT));
    } else if (signal == Signal.SIGCONT) {
      p.signals().forget(Signal.STOPPING);
      if (p.isStopped()) {
        jobs.goOn(p);
        p.signals().recalculate();
      }
    }
    return !p.signals().ignores(receiver, signal);
  }

  private static void notify(Process p, Task receiver, PendingSignals queue, int signal) {
    p.signals().arrivals().wakeAll();
    boolean shared = queue == p.signals().pending();
    Task t = receiver;
    if (shared) {
      t = p.signals().choose(signal);
    } else if (!receiver.signals().wants(signal)) {
      // blocked, stopped, or about to look anyway
      t = null;
    }
    if (t != null) {
      t.signals().interrupt();
      if (signal == Signal.SIGKILL) {
        t.goOn();
      }
    }
  }
}
