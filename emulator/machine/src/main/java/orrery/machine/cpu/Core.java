package orrery.machine.cpu;

import orrery.machine.irq.InterruptLine;

/**
 * One CPU of several that take turns on the engine: its state and its interrupt line. The line may
 * be driven by any thread, everything else belongs to the vCPU thread.
 */
final class Core implements InterruptLine {
  final int index;
  final CoreState state;

  /** Where the timers' interrupts go, by timer; null if nowhere. */
  final InterruptLine[] timerOutputs = new InterruptLine[TimerState.TIMERS];

  volatile boolean irqAsserted;
  private final Vcpu vcpu;

  Core(Vcpu vcpu, int index, int registerWords) {
    this.vcpu = vcpu;
    this.index = index;
    this.state = new CoreState(registerWords);
  }

  /** Whether it would run if it were its turn. */
  boolean canRun() {
    return state.on && (!state.waiting || irqAsserted);
  }

  @Override
  public void raise() {
    drive(true);
  }

  @Override
  public void lower() {
    drive(false);
  }

  private void drive(boolean asserted) {
    if (irqAsserted != asserted) {
      irqAsserted = asserted;
      vcpu.lineChanged(this, asserted);
    }
  }
}
