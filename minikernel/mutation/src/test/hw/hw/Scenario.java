package hw;

import echo.Counters;
import echo.EchoDriver;
import orrery.ownership.IrqCtx;
import orrery.ownership.MaySleep;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Unsafe;

/** Drives the driver through all of its code; whatever it leaves alive is an error. */
public final class Scenario {
  private Scenario() {}

  @MaySleep
  @Unsafe("makes the tokens as a kernel's entries do")
  public static void main(String[] args) {
    // SAFETY: one thread, and interrupt context is left before process context goes on
    ProcessCtx process = ProcessCtx.enter();
    Port port = new Port();
    Counters counters = new Counters();
    EchoDriver driver = EchoDriver.probe(port, counters, process);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 6; i++) {
        driver.send(i, i % 5 == 4);
      }
      IrqCtx irq = IrqCtx.enter();
      Machine.enterAtomic();
      driver.interrupt(irq);
      Machine.leaveAtomic();
      irq.leave();
      driver.poll();
    }
    driver.remove(process);
    process.leave();
    if (Machine.CENSUS.live() != 0) {
      throw new IllegalStateException("leak: " + Machine.CENSUS.survivors());
    }
  }
}
