package orrery.machine;

import orrery.machine.bus.Bus;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.DeadEnd;
import orrery.machine.cpu.Vcpu;
import orrery.machine.dma.DmaGuard;

/** What a running machine does for those inside it: PSCI, the firmware, the hosted kernel. */
final class RunningMachine implements Psci.SystemPower, Hypercalls.Vendor, HostedPlatform, DeadEnd {
  private static final int STATUS_MASK = 0xff;

  private final Machine.Parts parts;
  private final PowerSwitch power;
  private final DmaGuard dmaGuard;
  private final boolean verbose;
  private HostedKernel kernel;
  private long deviceTree;

  /** {@code kernel} may be null. */
  RunningMachine(
      Machine.Parts parts,
      PowerSwitch power,
      HostedKernel kernel,
      DmaGuard dmaGuard,
      boolean verbose) {
    this.parts = parts;
    this.power = power;
    this.kernel = kernel;
    this.dmaGuard = dmaGuard;
    this.verbose = verbose;
  }

  @Override
  public void reached(String reason) {
    power.fail(reason);
  }

  /** Why the guest cannot go on; null if it can. Once the CPUs have stopped. */
  String failure() {
    return power.reason();
  }

  @Override
  public void systemOff() {
    power.off(PowerSwitch.Cause.GUEST, 0);
  }

  @Override
  public void systemReset() {
    power.off(PowerSwitch.Cause.RESET, 0);
  }

  @Override
  public boolean attach(long tree) {
    if (kernel == null) {
      return false;
    }
    HostedKernel attached = kernel;
    kernel = null;
    deviceTree = tree;
    attached.start(this);
    return true;
  }

  @Override
  public void fail(int status) {
    power.off(PowerSwitch.Cause.GUEST, status & STATUS_MASK);
  }

  @Override
  public Ram ram() {
    return parts.ram();
  }

  @Override
  public Bus bus() {
    return parts.bus();
  }

  @Override
  public Vcpu cpu() {
    return parts.cpu();
  }

  @Override
  public MachineClock clock() {
    return parts.clock();
  }

  @Override
  public long deviceTree() {
    return deviceTree;
  }

  @Override
  public void powerOff(int status) {
    power.off(PowerSwitch.Cause.GUEST, status & STATUS_MASK);
  }

  @Override
  public DmaGuard dmaGuard() {
    return dmaGuard;
  }

  @Override
  public boolean verbose() {
    return verbose;
  }
}
