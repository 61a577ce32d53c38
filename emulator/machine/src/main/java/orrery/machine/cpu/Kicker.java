package orrery.machine.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import orrery.machine.clock.MachineClock;
import orrery.unicorn.EngineCpu;

/**
 * Draws the vCPU's attention: at deadlines, and whenever another thread asks. It owns the flags
 * through which threads talk to the vCPU, and a thread that delivers deadlines and repeats stops
 * until the vCPU has taken notice, because a stop that meets the start of the engine is lost.
 *
 * <p>Protocol: whoever wants attention sets {@link #attention} first and then looks whether the
 * vCPU is parked or running; the vCPU says that it parks or runs first and then looks at {@link
 * #attention}. So one of both sees the other.
 */
final class Kicker {
  /** No deadline. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long FIRST_REPEAT_NANOS = 50_000;
  private static final long LAST_REPEAT_NANOS = 1_000_000;

  private static final VarHandle DEADLINE = field("deadline");
  private static final VarHandle TIMER = field("timer");

  private final EngineCpu cpu;
  private final MachineClock clock;
  private volatile Thread vcpu;
  private volatile Thread thread;

  /** Somebody wants the vCPU to look around; cleared by the vCPU before it looks. */
  volatile boolean attention;

  private volatile boolean running;
  private volatile boolean parked;
  private volatile boolean ended;

  /**
   * When the hosted kernel wants to be called or the running CPU's turn ends, and when the guest's
   * timers are due.
   */
  private volatile long deadline = NEVER;

  private volatile long timer = NEVER;

  /** Until when the kicker's thread sleeps at most. */
  private volatile long sleepsUntil = NEVER;

  Kicker(EngineCpu cpu, MachineClock clock) {
    this.cpu = cpu;
    this.clock = clock;
  }

  private static VarHandle field(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(Kicker.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The calling thread becomes the vCPU's. */
  void start() {
    vcpu = Thread.currentThread();
    ended = false;
    thread = Thread.ofPlatform().name("vcpu-kicker").daemon().start(this::loop);
  }

  /** The vCPU's thread has left its loop. */
  void end() throws InterruptedException {
    running = false;
    ended = true;
    Thread kicker = thread;
    LockSupport.unpark(kicker);
    kicker.join();
    vcpu = null;
  }

  /** Whether the calling thread is the vCPU's. */
  boolean isVcpu() {
    return Thread.currentThread() == vcpu;
  }

  /** Whether no thread is the vCPU's. */
  boolean isIdle() {
    return vcpu == null;
  }

  /** The vCPU is about to start the engine (true) or has left it. */
  void running(boolean now) {
    running = now;
  }

  /** Any thread: the vCPU shall look around soon. */
  void signal() {
    attention = true;
    Thread target = vcpu;
    if (target == null || target == Thread.currentThread()) {
      return; // it looks before it goes on
    }
    if (parked) {
      LockSupport.unpark(target);
    } else if (running) {
      cpu.stop();
      LockSupport.unpark(thread);
    }
  }

  /** On the vCPU's thread: attention is wanted again although nobody will signal. */
  void signalAgain() {
    attention = true;
    LockSupport.unpark(thread);
  }

  void deadline(long nanos) {
    deadline = nanos;
    if (nanos < sleepsUntil) {
      LockSupport.unpark(thread);
    }
  }

  void timer(long nanos) {
    timer = nanos;
    if (nanos < sleepsUntil) {
      LockSupport.unpark(thread);
    }
  }

  /** On the vCPU's thread: sleeps until attention is wanted or something is due. */
  void park() {
    parked = true;
    try {
      while (!attention) {
        long due = Math.min(deadline, timer);
        if (due == NEVER) {
          LockSupport.park(this);
          continue;
        }
        long wait = due - clock.nanos();
        if (wait <= 0) {
          expire(due);
          break;
        }
        LockSupport.parkNanos(this, wait);
      }
    } finally {
      parked = false;
    }
  }

  /** What was due at {@code due} has been noticed; what was set since then stays. */
  private void expire(long due) {
    if (deadline == due) {
      DEADLINE.compareAndSet(this, due, NEVER);
    }
    if (timer == due) {
      TIMER.compareAndSet(this, due, NEVER);
    }
  }

  private void loop() {
    long repeat = FIRST_REPEAT_NANOS;
    while (!ended) {
      if (attention && running && !parked) {
        cpu.stop();
        LockSupport.parkNanos(this, repeat);
        repeat = Math.min(2 * repeat, LAST_REPEAT_NANOS);
        continue;
      }
      repeat = FIRST_REPEAT_NANOS;
      long due = Math.min(deadline, timer);
      sleepsUntil = due;
      // Who sets an earlier time before it sees sleepsUntil is seen here.
      if (Math.min(deadline, timer) != due || attention && running && !parked) {
        continue;
      }
      if (due == NEVER) {
        LockSupport.park(this);
        continue;
      }
      long wait = due - clock.nanos();
      if (wait > 0) {
        LockSupport.parkNanos(this, wait);
      } else {
        expire(due);
        attention = true;
        if (parked) {
          LockSupport.unpark(vcpu);
        }
      }
    }
  }
}
