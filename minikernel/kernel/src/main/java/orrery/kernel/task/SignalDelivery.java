package orrery.kernel.task;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;
import orrery.kernel.log.KernelLog;
import orrery.kernel.memory.AddressSpace;
import orrery.machine.cpu.Vcpu;

/**
 * What happens to a thread's signals before its program goes on: handlers are entered, default
 * actions are taken, interrupted calls are made again or fail with EINTR.
 *
 * <p>Source: Linux {@code arch/arm64/kernel/signal.c}, signal(7).
 */
public final class SignalDelivery {
  /** The condition flags: all of PSTATE that a program may set. */
  private static final long NZCV = 0xf000_0000L;

  /** PSTATE's mode, which must be EL0t, and its interrupt masks, which must be clear. */
  private static final long MODE_AND_MASKS = 0x1fL | 0x3c0L;

  /** restart_syscall(2). */
  private static final int RESTART_SYSCALL = 128;

  private static final int INSTRUCTION = 4;
  private static final int VECTORS = 32;

  private final Signals signals;
  private final JobControl jobs;
  private final Exit exit;
  private final KernelLog log;
  private final SignalInfo info = new SignalInfo();
  private final SignalInfo fault = new SignalInfo();
  private final SignalFrame frame = new SignalFrame();

  public SignalDelivery(Signals signals, JobControl jobs, Exit exit, KernelLog log) {
    this.signals = signals;
    this.jobs = jobs;
    this.exit = exit;
    this.log = log;
  }

  /**
   * Delivers every signal that {@code t} does not block. Its registers are in {@code cpu}.
   *
   * @param result what the call answered that {@code t} is on its way out of, 0 if it is in none
   * @return false if the thread does not go on now: it has ended or stopped
   */
  public boolean deliver(Task t, Vcpu cpu, long result) {
    TaskSignals s = t.signals();
    long interrupted = s.takeInterrupted();
    if (interrupted == 0 && isRestart(result)) {
      interrupted = result;
      rewind(t, cpu, result);
    }
    for (; ; ) {
      int signal = s.take(s.mask(), info);
      if (signal == 0) {
        if (s.restoreMask()) {
          continue; // what the temporary mask held back may come now
        }
        break;
      }
      SignalHandlers handlers = t.process().handlers();
      long handler = handlers.handler(signal);
      if (handler == Signal.SIG_IGN && signal != Signal.SIGKILL) {
        continue;
      }
      if (handler != Signal.SIG_DFL) {
        if (interrupted != 0) {
          settle(cpu, interrupted, handlers.flag(signal, Signal.SA_RESTART));
          interrupted = 0;
        }
        enterHandler(t, cpu, signal, handlers);
        continue;
      }
      if (!defaultAction(t, cpu, signal, interrupted)) {
        return false;
      }
    }
    if (interrupted == -Errno.ERESTART_RESTARTBLOCK) {
      cpu.x(8, RESTART_SYSCALL);
    }
    s.recalculate();
    return true;
  }

  private static boolean isRestart(long result) {
    return result == -Errno.ERESTARTSYS
        || result == -Errno.ERESTARTNOINTR
        || result == -Errno.ERESTARTNOHAND
        || result == -Errno.ERESTART_RESTARTBLOCK;
  }

  /** Puts the thread before its SVC again, as if the call had not been made. */
  private static void rewind(Task t, Vcpu cpu, long result) {
    cpu.pc(cpu.pc() - INSTRUCTION);
    cpu.x(0, t.a0);
    if (result == -Errno.ERESTART_RESTARTBLOCK && t.callNumber != RESTART_SYSCALL) {
      t.signals().restartBlock().remember(t);
    }
  }

  /** A handler will run: the call fails after all unless it is one that is made again then too. */
  private static void settle(Vcpu cpu, long interrupted, boolean restarts) {
    boolean again =
        interrupted == -Errno.ERESTARTNOINTR || interrupted == -Errno.ERESTARTSYS && restarts;
    if (!again) {
      cpu.pc(cpu.pc() + INSTRUCTION);
      cpu.x(0, -Errno.EINTR);
    }
  }

  /** Takes the default action; false if the thread does not go on. */
  private boolean defaultAction(Task t, Vcpu cpu, int signal, long interrupted) {
    Process p = t.process();
    if (Signal.in(Signal.IGNORED_BY_DEFAULT, signal)) {
      return true;
    }
    if (Signal.in(Signal.STOPPING, signal)) {
      if (signal != Signal.SIGSTOP && p.group().isOrphaned()) {
        return true;
      }
      // before the stop, which may be undone at once by a continue from the parent's side
      t.signals().stoppedWith(interrupted);
      jobs.stop(p, signal);
      return false;
    }
    if (Signal.in(Signal.SYNCHRONOUS, signal) && info.code() > 0) {
      reportCrash(t, cpu, signal);
    }
    exit.group(p, signal);
    return false;
  }

  private void reportCrash(Task t, Vcpu cpu, int signal) {
    log.line(
        t.name()
            + "["
            + t.tid()
            + "]: unhandled "
            + Signal.name(signal)
            + " code "
            + info.code()
            + " at address 0x"
            + Long.toHexString(info.word(0))
            + ", esr 0x"
            + Integer.toHexString(t.signals().faultSyndrome())
            + ", pc 0x"
            + Long.toHexString(cpu.pc())
            + ", lr 0x"
            + Long.toHexString(cpu.x(30))
            + ", sp 0x"
            + Long.toHexString(cpu.sp()));
  }

  private void enterHandler(Task t, Vcpu cpu, int signal, SignalHandlers handlers) {
    TaskSignals s = t.signals();
    long handler = handlers.handler(signal);
    int flags = handlers.flags(signal);
    if ((flags & Signal.SA_RESETHAND) != 0) {
      handlers.reset(signal);
    }
    long sp = cpu.sp();
    long top = (flags & Signal.SA_ONSTACK) != 0 ? s.stackTop(sp) : sp;
    long record = (top - SignalFrame.FRAME_RECORD_SIZE) & -16;
    long address = record - SignalFrame.SIZE;
    AddressSpace m = t.memory();
    fill(t, cpu, signal);
    try {
      m.writeLong(record, cpu.x(29));
      m.writeLong(record + 8, cpu.x(30));
      frame.write(m, address);
    } catch (ErrnoException noStack) {
      if (signal == Signal.SIGSEGV) {
        handlers.reset(signal); // its handler cannot be entered: no second try
      }
      signals.force(t, fault.kernel(Signal.SIGSEGV));
      return;
    }
    s.handlerEntered();
    cpu.x(0, signal);
    if ((flags & Signal.SA_SIGINFO) != 0) {
      cpu.x(1, address);
      cpu.x(2, address + SignalFrame.UCONTEXT);
    }
    cpu.x(29, record);
    boolean ownReturn = (flags & Signal.SA_RESTORER) != 0;
    cpu.x(30, ownReturn ? handlers.restorer(signal) : AddressSpace.SIGRETURN_ADDRESS);
    cpu.sp(address);
    cpu.pc(handler);
    long blocked = s.mask() | handlers.mask(signal);
    if ((flags & Signal.SA_NODEFER) == 0) {
      blocked |= Signal.bit(signal);
    }
    s.mask(blocked);
  }

  private void fill(Task t, Vcpu cpu, int signal) {
    TaskSignals s = t.signals();
    frame.clear();
    frame.info(info);
    frame.putLong(SignalFrame.STACK_BASE, s.stackBase());
    frame.putInt(SignalFrame.STACK_FLAGS, s.stackFlags(cpu.sp()));
    frame.putLong(SignalFrame.STACK_SIZE, s.stackSize());
    frame.putLong(SignalFrame.MASK, s.maskForFrame());
    frame.putLong(SignalFrame.FAULT_ADDRESS, s.faultAddress());
    for (int i = 0; i < SignalFrame.GENERAL_REGISTERS; i++) {
      frame.x(i, cpu.x(i));
    }
    frame.putLong(SignalFrame.SP, cpu.sp());
    frame.putLong(SignalFrame.PC, cpu.pc());
    frame.putLong(SignalFrame.PSTATE, cpu.pstate() & NZCV);
    frame.beginVectors(cpu.fpsr(), cpu.fpcr());
    for (int i = 0; i < VECTORS; i++) {
      frame.v(i, cpu.vLow(i), cpu.vHigh(i));
    }
    if (s.faultSyndrome() != 0 && Signal.in(Signal.SYNCHRONOUS, signal)) {
      frame.addSyndrome(Integer.toUnsignedLong(s.faultSyndrome()));
    }
  }

  /**
   * rt_sigreturn(2): goes on where the signal came. The frame may have been changed at will by the
   * program: one that could not have been the kernel's ends in SIGSEGV.
   */
  public long returnFromHandler(Task t, Vcpu cpu) {
    long sp = cpu.sp();
    if (!restore(t, cpu, sp)) {
      signals.force(t, fault.fault(Signal.SIGSEGV, SigInfo.SEGV_MAPERR, sp));
    }
    return SystemCallDispatcher.NO_RESULT;
  }

  private boolean restore(Task t, Vcpu cpu, long sp) {
    if ((sp & 15) != 0) {
      return false;
    }
    try {
      frame.read(t.memory(), sp);
    } catch (ErrnoException noFrame) {
      return false;
    }
    long pstate = frame.getLong(SignalFrame.PSTATE);
    if ((pstate & MODE_AND_MASKS) != 0 || !frame.findVectors()) {
      return false;
    }
    for (int i = 0; i < SignalFrame.GENERAL_REGISTERS; i++) {
      cpu.x(i, frame.x(i));
    }
    cpu.sp(frame.getLong(SignalFrame.SP));
    cpu.pc(frame.getLong(SignalFrame.PC));
    cpu.pstate(pstate & NZCV);
    cpu.fpsr(frame.fpsr());
    cpu.fpcr(frame.fpcr());
    for (int i = 0; i < VECTORS; i++) {
      cpu.vLow(i, frame.vLow(i));
      cpu.vHigh(i, frame.vHigh(i));
    }
    TaskSignals s = t.signals();
    s.mask(frame.getLong(SignalFrame.MASK));
    // as on Linux, a bad stack in the frame is no reason to fail
    s.changeStack(
        frame.getLong(SignalFrame.STACK_BASE),
        frame.getLong(SignalFrame.STACK_SIZE),
        frame.getInt(SignalFrame.STACK_FLAGS),
        cpu.sp());
    return true;
  }
}
