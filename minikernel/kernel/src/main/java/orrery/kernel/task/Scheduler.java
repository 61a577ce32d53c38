package orrery.kernel.task;

import orrery.kernel.abi.Errno;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.UserContext;
import orrery.machine.cpu.Vcpu;

/**
 * Who runs: one processor, a first-in first-out queue of runnable threads, and a time slice that is
 * enforced only while others wait.
 *
 * <p>The registers of the thread that ran last stay in the processor ({@link #loaded}) until
 * another thread needs it, so that a thread which sleeps and wakes alone costs no copying.
 */
public final class Scheduler {
  /** How long a thread may run while others wait, in nanoseconds. */
  private static final long SLICE = 4_000_000;

  private final Vcpu cpu;
  private final MachineClock clock;
  private final TimerQueue timers = new TimerQueue();
  private final UserContext blank = new UserContext();
  private final TimeSlice slice = new TimeSlice();
  private SystemCallDispatcher calls;
  private InterruptSource interrupts;
  private SignalDelivery signals;

  private Task current;
  private Task loaded;
  private Task first;
  private Task last;
  private boolean preempt;
  private boolean stopped;
  private long programmed = Long.MAX_VALUE;
  private long switches;
  private long idleNanos;
  private long chargedUntil;

  /** The interrupt controller's driver, as far as the scheduler needs it. */
  public interface InterruptSource {
    /** Handles every interrupt that is pending now. */
    void dispatch();
  }

  /** Ends the running thread's turn once it has had its slice and others wait. */
  private final class TimeSlice extends orrery.kernel.wait.KernelTimer {
    private long switchesAtStart;

    @Override
    protected void expired() {
      if (first == null) {
        return;
      }
      if (switchesAtStart == switches) {
        preempt = true;
      }
      start();
    }

    void start() {
      switchesAtStart = switches;
      timers.arm(this, clock.nanos() + SLICE);
    }
  }

  public Scheduler(Vcpu cpu, MachineClock clock) {
    this.cpu = cpu;
    this.clock = clock;
  }

  /** Completes the scheduler with the rooms that stand above it; before the first thread runs. */
  public void attach(
      SystemCallDispatcher calls, InterruptSource interrupts, SignalDelivery signals) {
    this.calls = calls;
    this.interrupts = interrupts;
    this.signals = signals;
    chargedUntil = clock.nanos();
  }

  public TimerQueue timers() {
    return timers;
  }

  public Vcpu cpu() {
    return cpu;
  }

  /** Machine time in nanoseconds. */
  public long now() {
    return clock.nanos();
  }

  public MachineClock clock() {
    return clock;
  }

  /** The thread whose call or exception is being handled. */
  public Task current() {
    return current;
  }

  /** Switches between threads since boot. */
  public long switches() {
    return switches;
  }

  /** Nanoseconds without a runnable thread since boot. */
  public long idleNanos() {
    return idleNanos;
  }

  /** Threads that are runnable, the running one included. */
  public int runnable() {
    int n = current != null && current.state == Task.State.RUNNING ? 1 : 0;
    for (Task t = first; t != null; t = t.nextRunnable) {
      n++;
    }
    return n;
  }

  /** Puts {@code t} at the end of the queue. */
  void enqueue(Task t) {
    t.state = Task.State.RUNNABLE;
    t.nextRunnable = null;
    if (last == null) {
      first = t;
    } else {
      last.nextRunnable = t;
    }
    last = t;
    if (!slice.isArmed()) {
      slice.start();
    }
  }

  /** Takes {@code t} out of the queue, if it is there. */
  void dequeue(Task t) {
    Task before = null;
    for (Task q = first; q != null; before = q, q = q.nextRunnable) {
      if (q == t) {
        if (before == null) {
          first = q.nextRunnable;
        } else {
          before.nextRunnable = q.nextRunnable;
        }
        if (last == q) {
          last = before;
        }
        q.nextRunnable = null;
        return;
      }
    }
  }

  /** The running thread gives others a turn before it goes on. */
  public void yield() {
    preempt = true;
  }

  /** Copies the running thread's registers into {@code to}; for clone. */
  void copyRegisters(Task to) {
    cpu.save(to.context());
  }

  /** {@code t} is to begin a new program: all registers are 0 but PC and SP. */
  void enter(Task t, long entry, long stackPointer) {
    t.context().copyFrom(blank);
    t.context().pc(entry);
    t.context().sp(stackPointer);
    if (loaded == t) {
      cpu.load(t.context());
      cpu.activate(t.memory().translation());
    }
  }

  /** {@code t} has ended: its registers need not be kept. */
  void forget(Task t) {
    if (loaded == t) {
      loaded = null;
    }
  }

  /** No thread runs any more; the machine is about to stop. */
  public void stop() {
    stopped = true;
  }

  /** Makes {@code init} run as the first thread; its registers are in its context. */
  public void startWith(Task init) {
    enqueue(init);
    switchToNext();
  }

  /** A system call of the running thread. */
  void systemCall() {
    Task t = current;
    t.beginCall();
    t.callNumber = (int) cpu.x(8);
    t.a0 = cpu.x(0);
    t.a1 = cpu.x(1);
    t.a2 = cpu.x(2);
    t.a3 = cpu.x(3);
    t.a4 = cpu.x(4);
    t.a5 = cpu.x(5);
    long result = calls.call(t, t.callNumber, t.a0, t.a1, t.a2, t.a3, t.a4, t.a5);
    if (result == Caller.BLOCKED) {
      switchToNext();
    } else {
      if (result != SystemCallDispatcher.NO_RESULT) {
        cpu.x(0, result);
      }
      if (t.attention || preempt) {
        t.inCall = result != SystemCallDispatcher.NO_RESULT;
        t.result = result;
        leave();
      }
    }
    programDeadline();
  }

  /** Interrupts, deadlines and wake-ups while a thread ran. */
  void interrupted() {
    serviceInterrupts();
    leave();
    programDeadline();
  }

  /** After an exception of the running thread: signals, preemption. */
  void leaveException() {
    if (current.attention || preempt) {
      leave();
    }
    programDeadline();
  }

  private void serviceInterrupts() {
    interrupts.dispatch();
    timers.expire(clock.nanos());
    programmed = Long.MAX_VALUE;
  }

  /** The way back to the program: signals first, then whose turn it is. */
  private void leave() {
    Task t = current;
    if (t.state != Task.State.RUNNING) {
      switchToNext();
      return;
    }
    if (t.attention && !attend(t)) {
      switchToNext();
      return;
    }
    t.inCall = false;
    if (preempt) {
      preempt = false;
      if (first != null) {
        enqueue(t);
        switchToNext();
      }
    }
  }

  /**
   * Handles what stands between a loaded thread and its program: deadly, stopping and caught
   * signals, and the restart of an interrupted call.
   *
   * @return false if the thread does not go on now (it has ended or stopped)
   */
  private boolean attend(Task t) {
    t.attention = false;
    boolean goesOn = signals.deliver(t, cpu, t.inCall ? t.result : 0);
    t.inCall = false;
    return goesOn && t.state == Task.State.RUNNING;
  }

  /** Runs others until one is ready for its program, with its registers and memory in place. */
  private void switchToNext() {
    chargeRunning();
    for (; ; ) {
      if (stopped || cpu.isHalting()) {
        return;
      }
      Task next = first;
      if (next == null) {
        idle();
        continue;
      }
      first = next.nextRunnable;
      if (first == null) {
        last = null;
      }
      next.nextRunnable = null;
      current = next;
      next.state = Task.State.RUNNING;
      switches++;
      if (next.asleepInCall && !resume(next)) {
        continue;
      }
      load(next);
      if (next.attention && !attend(next)) {
        chargeRunning();
        continue;
      }
      next.inCall = false;
      preempt = false;
      return;
    }
  }

  /** Makes the call again that {@code t} slept in; false if it sleeps again or has ended. */
  private boolean resume(Task t) {
    t.resumeCall();
    t.asleepInCall = false;
    if (t.fatalSignalPending()) {
      t.abandonCall();
      t.inCall = true;
      t.result = -Errno.EINTR;
      return true;
    }
    if (t.isKernels()) {
      t.runWork();
      return false;
    }
    long result = calls.call(t, t.callNumber, t.a0, t.a1, t.a2, t.a3, t.a4, t.a5);
    if (result == Caller.BLOCKED || t.state != Task.State.RUNNING) {
      return false;
    }
    t.inCall = true;
    t.result = result;
    if (result != SystemCallDispatcher.NO_RESULT) {
      if (loaded == t) {
        cpu.x(0, result);
      } else {
        t.context().x(0, result);
      }
    }
    return true;
  }

  private void load(Task t) {
    if (loaded != t) {
      if (loaded != null) {
        cpu.save(loaded.context());
      }
      cpu.load(t.context());
      loaded = t;
    }
    cpu.activate(t.memory().translation());
  }

  private void idle() {
    long began = clock.nanos();
    programDeadline();
    cpu.waitForInterrupt();
    serviceInterrupts();
    long ended = clock.nanos();
    idleNanos += ended - began;
    chargedUntil = ended;
  }

  /** Charges the time since the last switch to the thread that runs, or ran last. */
  public void chargeRunning() {
    long now = clock.nanos();
    if (current != null) {
      current.charge(now - chargedUntil);
    }
    chargedUntil = now;
  }

  /** The processor's deadline follows the earliest timer; an early one left behind does no harm. */
  private void programDeadline() {
    long earliest = timers.earliest();
    if (earliest < programmed) {
      programmed = earliest;
      cpu.deadline(earliest);
    }
  }
}
