package orrery.kernel.task;

import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;
import orrery.kernel.memory.AddressSpace;
import orrery.machine.cpu.Vcpu;

/**
 * Exceptions of programs other than system calls: faults go to the thread's memory first, what the
 * architecture keeps from EL0 and Linux emulates is emulated, everything else becomes a signal.
 *
 * <p>Source: Linux {@code arch/arm64/mm/fault.c}, {@code arch/arm64/kernel/traps.c}.
 */
public final class ExceptionHandler {
  private static final int INSTRUCTION = 4;

  private final Signals signals;
  private final SignalInfo info = new SignalInfo();

  public ExceptionHandler(Signals signals) {
    this.signals = signals;
  }

  /**
   * Handles an exception of the running thread, whose PC is at the instruction.
   *
   * @param syndrome as ESR_EL1 has it
   * @param address FAR_EL1, meaningful for aborts
   */
  public void handle(Task t, int syndrome, long address) {
    Vcpu cpu = t.scheduler().cpu();
    switch (Syndrome.exceptionClass(syndrome)) {
      case Syndrome.DATA_ABORT -> abort(t, syndrome, address, false);
      case Syndrome.INSTRUCTION_ABORT -> abort(t, syndrome, address, true);
      case Syndrome.SYSTEM_REGISTER -> systemRegister(t, cpu, syndrome);
      case Syndrome.UNKNOWN -> undefined(t, cpu, syndrome);
      case Syndrome.PC_ALIGNMENT, Syndrome.SP_ALIGNMENT ->
          raise(t, syndrome, Signal.SIGBUS, SigInfo.BUS_ADRALN, cpu.pc());
      case Syndrome.FLOATING_POINT ->
          raise(t, syndrome, Signal.SIGFPE, floatingPointCode(syndrome), cpu.pc());
      case Syndrome.BRK, Syndrome.BREAKPOINT ->
          raise(t, syndrome, Signal.SIGTRAP, SigInfo.TRAP_BRKPT, cpu.pc());
      case Syndrome.STEP, Syndrome.WATCHPOINT ->
          raise(t, syndrome, Signal.SIGTRAP, SigInfo.TRAP_TRACE, cpu.pc());
      default -> raise(t, syndrome, Signal.SIGILL, SigInfo.ILL_ILLOPC, cpu.pc());
    }
  }

  private void abort(Task t, int syndrome, long address, boolean execute) {
    int status = Syndrome.faultStatus(syndrome);
    if (status == Syndrome.ALIGNMENT) {
      raise(t, syndrome, Signal.SIGBUS, SigInfo.BUS_ADRALN, address);
      return;
    }
    if (status == Syndrome.EXTERNAL) {
      raise(t, syndrome, Signal.SIGBUS, SigInfo.BUS_OBJERR, address);
      return;
    }
    boolean write = !execute && Syndrome.isWrite(syndrome);
    int outcome = t.memory().fault(address, write, execute);
    if (outcome != AddressSpace.FAULT_SERVED) {
      raise(t, syndrome, outcome & 0xff, outcome >>> 8, address);
    }
  }

  private static int floatingPointCode(int syndrome) {
    if ((syndrome & Syndrome.FP_VALID) == 0) {
      return SigInfo.FPE_FLTUNK;
    } else if ((syndrome & Syndrome.FP_INVALID) != 0) {
      return SigInfo.FPE_FLTINV;
    } else if ((syndrome & Syndrome.FP_DIVIDE) != 0) {
      return SigInfo.FPE_FLTDIV;
    } else if ((syndrome & Syndrome.FP_OVERFLOW) != 0) {
      return SigInfo.FPE_FLTOVF;
    } else if ((syndrome & Syndrome.FP_UNDERFLOW) != 0) {
      return SigInfo.FPE_FLTUND;
    } else if ((syndrome & Syndrome.FP_INEXACT) != 0) {
      return SigInfo.FPE_FLTRES;
    }
    return SigInfo.FPE_FLTUNK;
  }

  /** EC 0: identification registers are undefined at EL0, not trapped. */
  private void undefined(Task t, Vcpu cpu, int syndrome) {
    int instruction;
    try {
      instruction = t.memory().readInt(cpu.pc());
    } catch (ErrnoException unreadable) {
      instruction = 0; // execute-only memory: nothing to emulate
    }
    long value = SystemInstruction.NOT_EMULATED;
    if (SystemInstruction.isRead(instruction)) {
      value = SystemInstruction.identification(SystemInstruction.registerOf(instruction));
    }
    if (value == SystemInstruction.NOT_EMULATED) {
      raise(t, syndrome, Signal.SIGILL, SigInfo.ILL_ILLOPC, cpu.pc());
    } else {
      finishRead(cpu, SystemInstruction.targetOf(instruction), value);
    }
  }

  private void systemRegister(Task t, Vcpu cpu, int syndrome) {
    int register = SystemInstruction.registerOfSyndrome(syndrome);
    int target = SystemInstruction.targetOfSyndrome(syndrome);
    if (SystemInstruction.readsBySyndrome(syndrome)) {
      long value = SystemInstruction.identification(register);
      if (value != SystemInstruction.NOT_EMULATED) {
        finishRead(cpu, target, value);
        return;
      }
    } else if (register == SystemInstruction.IC_IVAU
        || register == SystemInstruction.DC_CVAC
        || register == SystemInstruction.DC_CVAU
        || register == SystemInstruction.DC_CVAP
        || register == SystemInstruction.DC_CIVAC) {
      cacheMaintenance(t, cpu, syndrome, register, target == 31 ? 0 : cpu.x(target));
      return;
    }
    raise(t, syndrome, Signal.SIGILL, SigInfo.ILL_ILLOPC, cpu.pc());
  }

  /** Register 31 is XZR here. */
  private static void finishRead(Vcpu cpu, int target, long value) {
    if (target != 31) {
      cpu.x(target, value);
    }
    cpu.pc(cpu.pc() + INSTRUCTION);
  }

  /** There are no caches to clean, but there is translated code to forget. */
  private void cacheMaintenance(Task t, Vcpu cpu, int syndrome, int register, long address) {
    long line = address & -SystemInstruction.CACHE_LINE;
    try {
      long physical = t.memory().physical(line, false);
      if (register == SystemInstruction.IC_IVAU) {
        cpu.invalidateCode(physical, SystemInstruction.CACHE_LINE);
      }
      cpu.pc(cpu.pc() + INSTRUCTION);
    } catch (ErrnoException unmapped) {
      raise(t, syndrome, Signal.SIGSEGV, SigInfo.SEGV_MAPERR, address);
    }
  }

  private void raise(Task t, int syndrome, int signal, int code, long address) {
    t.signals().fault(address, syndrome);
    signals.force(t, info.fault(signal, code, address));
  }
}
