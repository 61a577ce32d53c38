package orrery.machine.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import orrery.machine.clock.MachineClock;
import orrery.machine.irq.InterruptLine;
import orrery.unicorn.CpuInternals;
import orrery.unicorn.SystemRegister;
import orrery.unicorn.host.Callback;

/**
 * The EL1 virtual and physical timers (ARM DDI 0487, D12.2.4): the engine has their registers but
 * never fires them, so their accessors are replaced. The counter itself stays the engine's; it is
 * the machine clock's.
 */
final class GenericTimer {
  /** CNTx_CTL bits. */
  private static final int ENABLE = 1;

  private static final int MASK = 1 << 1;
  private static final int STATUS = 1 << 2;

  private static final int VIRTUAL = 0;
  private static final int PHYSICAL = 1;
  private static final int TIMERS = 2;

  // CRm of the two timers' registers, and op2 of each register.
  private static final int[] CRM = {3, 2};
  private static final int TVAL = 0;
  private static final int CTL = 1;
  private static final int CVAL = 2;
  private static final int REGISTERS = 3;

  /** Comparisons further away than this many ticks, about 146 years, are never. */
  private static final long FOREVER = 1L << 58;

  private final Vcpu vcpu;
  private final MachineClock clock;
  private final Kicker kicker;
  private final long[] descriptions = new long[TIMERS * REGISTERS];
  private final int[] control = new int[TIMERS];
  private final long[] compare = new long[TIMERS];
  private final InterruptLine[] output = new InterruptLine[TIMERS];

  GenericTimer(Vcpu vcpu, MachineClock clock, Kicker kicker) {
    this.vcpu = vcpu;
    this.clock = clock;
    this.kicker = kicker;
  }

  /** Replaces the registers' accessors; before the guest's first instruction. */
  void attach(CpuInternals cpu, Arena arena) {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    MemorySegment read = Callback.pointer(lookup, this, "read", arena);
    MemorySegment write = Callback.pointer(lookup, this, "write", arena);
    for (int timer = 0; timer < TIMERS; timer++) {
      for (int register = 0; register < REGISTERS; register++) {
        descriptions[timer * REGISTERS + register] =
            cpu.replaceAccessors(new SystemRegister(3, 3, 14, CRM[timer], register), read, write);
      }
    }
  }

  void outputs(InterruptLine virtual, InterruptLine physical) {
    output[VIRTUAL] = virtual;
    output[PHYSICAL] = physical;
    update();
  }

  /** Drives the outputs and sets the next deadline; on the vCPU's thread. */
  void update() {
    long now = clock.counter();
    long next = Kicker.NEVER;
    for (int i = 0; i < TIMERS; i++) {
      boolean on = (control[i] & (ENABLE | MASK)) == ENABLE;
      boolean fired = now - compare[i] >= 0;
      if (output[i] != null) {
        output[i].set(on && fired);
      }
      if (on && !fired && compare[i] - now < FOREVER) {
        next = Math.min(next, compare[i] * MachineClock.NANOS_PER_TICK);
      }
    }
    kicker.timer(next);
  }

  private int index(long description) {
    for (int i = 0; i < descriptions.length; i++) {
      if (descriptions[i] == description) {
        return i;
      }
    }
    throw new IllegalStateException("a timer register that was not replaced");
  }

  /** MRS, called by translated code. */
  long read(long env, long description, long c, long d, long e, long f) {
    try {
      int index = index(description);
      int timer = index / REGISTERS;
      long now = clock.counter();
      return switch (index % REGISTERS) {
        case TVAL -> compare[timer] - now & 0xffff_ffffL;
        case CTL ->
            control[timer]
                | ((control[timer] & ENABLE) != 0 && now - compare[timer] >= 0 ? STATUS : 0);
        default -> compare[timer];
      };
    } catch (Throwable thrown) {
      vcpu.fail(thrown);
      return 0;
    }
  }

  /** MSR, called by translated code. */
  long write(long env, long description, long value, long d, long e, long f) {
    try {
      int index = index(description);
      int timer = index / REGISTERS;
      switch (index % REGISTERS) {
        case TVAL -> compare[timer] = clock.counter() + (int) value;
        case CTL -> control[timer] = (int) value & (ENABLE | MASK);
        case CVAL -> compare[timer] = value;
        default -> throw new AssertionError();
      }
      update();
      vcpu.afterAccess();
    } catch (Throwable thrown) {
      vcpu.fail(thrown);
    }
    return 0;
  }
}
