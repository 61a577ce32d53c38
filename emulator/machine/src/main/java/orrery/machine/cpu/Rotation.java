package orrery.machine.cpu;

import java.util.function.Consumer;
import java.util.function.IntConsumer;
import orrery.machine.clock.MachineClock;
import orrery.unicorn.CpuInternals;

/**
 * Lets several CPUs take turns on one engine. A CPU runs until it waits for an interrupt, goes off,
 * says that it spins (WFE, YIELD), or its turn is over and another can run.
 *
 * <p>At a switch the whole register file changes places and the engine forgets what it has
 * translated of addresses, because its software TLB belongs to no CPU in particular. So nothing
 * that one CPU does to its TLB, and no code it writes, is missed by another: a broadcast TLB
 * invalidation reaches those that do not run by their having no TLB. The exclusive monitor is
 * cleared: a store-exclusive never succeeds across a switch (ARM DDI 0487, B2.9.4, allows it to
 * fail at any time).
 *
 * <p>Everything on the vCPU's thread. Nothing allocates.
 */
final class Rotation {
  /** How long a CPU runs while others can, in nanoseconds. */
  static final long TURN_NANOS = 2_000_000;

  private final Core[] cores;

  /** Null if there is only one CPU. */
  private final CpuInternals cpu;

  private final Kicker kicker;
  private final MachineClock clock;

  /** What every CPU's registers are when it is switched on; null if there is only one. */
  private final long[] reset;

  private IntConsumer listener = index -> {};
  private Core current;

  /** Until when the current CPU may run, in machine time; never while no other can. */
  private long turnEnds = Kicker.NEVER;

  /** The current CPU's turn is over whatever the time. */
  private boolean yielded;

  Rotation(Core[] cores, CpuInternals cpu, Kicker kicker, MachineClock clock) {
    this.cores = cores;
    this.cpu = cpu;
    this.kicker = kicker;
    this.clock = clock;
    this.current = cores[0];
    this.reset = cores.length == 1 ? null : new long[cpu.registerFileWords()];
    if (reset != null) {
      cpu.copyRegisterFile(reset);
    }
    current.state.on = true;
  }

  /** Whom to tell which CPU runs. */
  void listener(IntConsumer told) {
    listener = told;
    told.accept(current.index);
  }

  Core current() {
    return current;
  }

  /** Another CPU can run from now on: the current one's time is limited. */
  void limitTurn() {
    if (turnEnds == Kicker.NEVER) {
      turn();
    }
  }

  /** Looks whether another CPU can run. */
  void lookAround() {
    for (int i = 0; i < cores.length && turnEnds == Kicker.NEVER; i++) {
      if (cores[i] != current && cores[i].canRun()) {
        turn();
      }
    }
  }

  private void turn() {
    turnEnds = clock.nanos() + TURN_NANOS;
    kicker.deadline(turnEnds);
  }

  /** Whether another CPU could run. */
  boolean isContended() {
    return turnEnds != Kicker.NEVER;
  }

  /** The current CPU has nothing to do for now. */
  void giveWay() {
    yielded = true;
  }

  /** Whether the current CPU must leave the engine for another. */
  boolean isOver() {
    return yielded || turnEnds != Kicker.NEVER && clock.nanos() >= turnEnds;
  }

  /**
   * Makes a CPU current that can run; the same one if its turn is not over.
   *
   * @return false if none can
   */
  boolean choose() {
    boolean over = isOver();
    yielded = false;
    int runnable = 0;
    Core next = null;
    for (int i = 1; i <= cores.length; i++) {
      Core core = cores[(current.index + i) % cores.length];
      if (core.canRun()) {
        runnable++;
        next = next == null ? core : next;
      }
    }
    if (next == null) {
      endTurns();
      return false;
    }
    if (!over && current.canRun()) {
      next = current;
    }
    if (runnable == 1) {
      endTurns();
    } else if (over || next != current || turnEnds == Kicker.NEVER) {
      turn();
    }
    if (next != current) {
      switchTo(next);
    }
    current.state.waiting = false;
    return true;
  }

  private void endTurns() {
    if (turnEnds != Kicker.NEVER) {
      turnEnds = Kicker.NEVER;
      kicker.deadline(Kicker.NEVER);
    }
  }

  private void switchTo(Core next) {
    cpu.copyRegisterFile(current.state.registers);
    cpu.setRegisterFile(next.state.registers);
    cpu.clearExclusive();
    cpu.flushTlb();
    current = next;
    listener.accept(next.index);
  }

  /** Prepares a CPU that is off to start in reset state; it can run from now on. */
  void start(Core core, long entry, long context) {
    cpu.copyRegisterFile(current.state.registers);
    cpu.setRegisterFile(reset);
    SystemState.identify(cpu.engine(), core.index);
    cpu.pc(entry);
    cpu.x(0, context);
    cpu.copyRegisterFile(core.state.registers);
    cpu.setRegisterFile(current.state.registers);
    core.state.timers.reset();
    core.state.waiting = false;
    core.state.on = true;
    limitTurn();
  }

  /** Looks at every CPU with its registers in the engine; then all is as it was. */
  void visit(Consumer<Core> visitor) {
    if (cores.length == 1) {
      visitor.accept(current);
      return;
    }
    cpu.copyRegisterFile(current.state.registers);
    for (Core core : cores) {
      cpu.setRegisterFile(core.state.registers);
      visitor.accept(core);
    }
    cpu.setRegisterFile(current.state.registers);
  }
}
