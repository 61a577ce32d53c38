package orrery.device;

import orrery.machine.irq.InterruptLine;

/** An interrupt line whose state a test can see. */
public final class TestLine implements InterruptLine {
  private boolean asserted;

  @Override
  public void raise() {
    asserted = true;
  }

  @Override
  public void lower() {
    asserted = false;
  }

  /** Whether the device asserts it. */
  public boolean asserted() {
    return asserted;
  }
}
