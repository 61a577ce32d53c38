package orrery.machine.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import orrery.machine.clock.MachineClock;
import orrery.machine.irq.InterruptLine;
import orrery.unicorn.Arm64Register;
import orrery.unicorn.CpuInternals;
import orrery.unicorn.SystemRegister;
import orrery.unicorn.Unicorn;
import orrery.unicorn.host.Callback;

/**
 * The EL1 virtual and physical timers of every CPU (ARM DDI 0487, D12.2.4): the engine has their
 * registers but never fires them, so their accessors are replaced. The counter itself stays the
 * engine's; it is the machine clock's.
 */
final class GenericTimer {
  /** CNTx_CTL bits. */
  private static final int ENABLE = 1;

  private static final int MASK = 1 << 1;
  private static final int STATUS = 1 << 2;

  // CRm of the two timers' registers, and op2 of each register.
  private static final int[] CRM = {3, 2};
  private static final int TVAL = 0;
  private static final int CTL = 1;
  private static final int CVAL = 2;
  private static final int REGISTERS = 3;

  /** X0 to X30. */
  private static final int GENERAL_REGISTERS = 31;

  /** Comparisons further away than this many ticks, about 146 years, are never. */
  private static final long FOREVER = 1L << 58;

  private final Vcpu vcpu;
  private final MachineClock clock;
  private final Kicker kicker;
  private final Core[] cores;
  private final long[] descriptions = new long[TimerState.TIMERS * REGISTERS];

  GenericTimer(Vcpu vcpu, Core[] cores, MachineClock clock, Kicker kicker) {
    this.vcpu = vcpu;
    this.cores = cores;
    this.clock = clock;
    this.kicker = kicker;
  }

  /** Replaces the registers' accessors; before the guest's first instruction. */
  void attach(CpuInternals cpu, Arena arena) {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    MemorySegment read = Callback.pointer(lookup, this, "read", arena);
    MemorySegment write = Callback.pointer(lookup, this, "write", arena);
    for (int timer = 0; timer < TimerState.TIMERS; timer++) {
      for (int register = 0; register < REGISTERS; register++) {
        descriptions[timer * REGISTERS + register] =
            cpu.replaceAccessors(new SystemRegister(3, 3, 14, CRM[timer], register), read, write);
      }
    }
  }

  /** Takes the registers' accesses by the engine's public interface; one CPU. */
  void attach(Unicorn engine) {
    engine.onSystemInstruction(
        Unicorn.INSTRUCTION_MRS,
        (target, register, value) -> {
          int index = index(register);
          if (index >= 0 && isGeneral(target)) {
            engine.write(target, read(index));
          }
          return index >= 0;
        });
    engine.onSystemInstruction(
        Unicorn.INSTRUCTION_MSR,
        (source, register, value) -> {
          int index = index(register);
          if (index >= 0) {
            write(index, value);
          }
          return index >= 0;
        });
  }

  private static boolean isGeneral(int register) {
    for (int n = 0; n < GENERAL_REGISTERS; n++) {
      if (Arm64Register.x(n) == register) {
        return true;
      }
    }
    return false;
  }

  /** Which of the timers' registers it is; negative if it is another. */
  private static int index(SystemRegister register) {
    boolean ours =
        register.op0() == 3
            && register.op1() == 3
            && register.crn() == 14
            && register.op2() < REGISTERS;
    for (int timer = 0; ours && timer < TimerState.TIMERS; timer++) {
      if (register.crm() == CRM[timer]) {
        return timer * REGISTERS + register.op2();
      }
    }
    return -1;
  }

  /** Where a CPU's interrupts go. */
  void outputs(int core, InterruptLine virtual, InterruptLine physical) {
    cores[core].timerOutputs[TimerState.VIRTUAL] = virtual;
    cores[core].timerOutputs[TimerState.PHYSICAL] = physical;
    update();
  }

  /** Drives all outputs and sets the next deadline; on the vCPU's thread. */
  void update() {
    long now = clock.counter();
    long next = Kicker.NEVER;
    for (Core core : cores) {
      next = Math.min(next, update(core, now));
    }
    kicker.timer(next);
  }

  /** Drives a CPU's outputs; in nanoseconds when one of them will change. */
  private static long update(Core core, long now) {
    TimerState timers = core.state.timers;
    long next = Kicker.NEVER;
    for (int i = 0; i < TimerState.TIMERS; i++) {
      boolean on = (timers.control[i] & (ENABLE | MASK)) == ENABLE;
      boolean fired = now - timers.compare[i] >= 0;
      if (timers.asserted[i] != (on && fired)) {
        timers.asserted[i] = on && fired;
        if (core.timerOutputs[i] != null) {
          core.timerOutputs[i].set(on && fired);
        }
      }
      if (on && !fired && timers.compare[i] - now < FOREVER) {
        next = Math.min(next, timers.compare[i] * MachineClock.NANOS_PER_TICK);
      }
    }
    return next;
  }

  private int index(long description) {
    for (int i = 0; i < descriptions.length; i++) {
      if (descriptions[i] == description) {
        return i;
      }
    }
    throw new IllegalStateException("a timer register that was not replaced");
  }

  private long read(int index) {
    int timer = index / REGISTERS;
    TimerState timers = vcpu.current().state.timers;
    long now = clock.counter();
    return switch (index % REGISTERS) {
      case TVAL -> timers.compare[timer] - now & 0xffff_ffffL;
      case CTL -> {
        int control = timers.control[timer];
        boolean fired = (control & ENABLE) != 0 && now - timers.compare[timer] >= 0;
        yield control | (fired ? STATUS : 0);
      }
      default -> timers.compare[timer];
    };
  }

  private void write(int index, long value) {
    int timer = index / REGISTERS;
    TimerState timers = vcpu.current().state.timers;
    switch (index % REGISTERS) {
      case TVAL -> timers.compare[timer] = clock.counter() + (int) value;
      case CTL -> timers.control[timer] = (int) value & (ENABLE | MASK);
      case CVAL -> timers.compare[timer] = value;
      default -> throw new AssertionError();
    }
    update();
    vcpu.afterAccess();
  }

  /** MRS, called by translated code. */
  long read(long env, long description, long c, long d, long e, long f) {
    try {
      return read(index(description));
    } catch (Throwable thrown) {
      vcpu.fail(thrown);
      return 0;
    }
  }

  /** MSR, called by translated code. */
  long write(long env, long description, long value, long d, long e, long f) {
    try {
      write(index(description), value);
    } catch (Throwable thrown) {
      vcpu.fail(thrown);
    }
    return 0;
  }
}
