package orrery.machine;

import java.util.List;
import orrery.machine.bus.Bus;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.Vcpu;
import orrery.machine.pci.PciHost;

/**
 * A machine: CPUs, memory, devices. {@link MachineBuilder} makes it, {@link #run} runs it once.
 *
 * <p>Threads: {@link #run} and everything it calls (guest code, hosted kernel, register accesses)
 * use the caller's thread; {@link #powerOff} may be called from any.
 */
public final class Machine implements AutoCloseable {
  /** Exit status of a guest that could not start. */
  public static final int STATUS_FAILED = 125;

  /** How long devices may go on delivering after the host switched off, in nanoseconds. */
  private static final long HOST_POWER_OFF_GRACE = 1_000_000_000;

  private final Ram rom;
  private final Ram ram;
  private final Bus bus;
  private final Vcpu cpu;
  private final MachineClock clock;
  private final List<PlatformDevice> devices;
  private final Symbolizer symbols;
  private final PowerSwitch power;
  private final RunningMachine inside;
  private final TimeLimit timeLimit;
  private final PciHost pci;

  /** {@code timeLimit} and {@code pci} may be null. */
  Machine(Parts parts, PowerSwitch power, RunningMachine inside, TimeLimit timeLimit, PciHost pci) {
    this.rom = parts.rom;
    this.ram = parts.ram;
    this.bus = parts.bus;
    this.cpu = parts.cpu;
    this.clock = parts.clock;
    this.devices = parts.devices;
    this.symbols = parts.symbols;
    this.power = power;
    this.inside = inside;
    this.timeLimit = timeLimit;
    this.pci = pci;
  }

  /** What a machine is made of. */
  record Parts(
      Ram rom,
      Ram ram,
      Bus bus,
      Vcpu cpu,
      MachineClock clock,
      List<PlatformDevice> devices,
      Symbolizer symbols) {}

  /** Starts to describe a machine. */
  public static MachineBuilder builder() {
    return new MachineBuilder();
  }

  /** The guest's memory. */
  public Ram ram() {
    return ram;
  }

  /** The devices' registers; for the thread that runs the machine. */
  public Bus bus() {
    return bus;
  }

  /** The CPUs. */
  public Vcpu cpu() {
    return cpu;
  }

  /** The clock. */
  public MachineClock clock() {
    return clock;
  }

  /** The guest kernel's symbols; they know nothing if its file has none. */
  public Symbolizer symbols() {
    return symbols;
  }

  /**
   * Runs from reset until the machine is off and its devices have delivered what the guest gave
   * them. Once only.
   *
   * @return the exit status; {@link #STATUS_FAILED} if the guest cannot go on, of which {@link
   *     #guestState} tells more
   */
  public int run() {
    if (timeLimit != null) {
      timeLimit.start(power);
    }
    boolean returned = false;
    try {
      cpu.run();
      returned = true;
    } finally {
      if (timeLimit != null) {
        timeLimit.cancel();
      }
      // A failure inside must not hang on a host that does not read.
      boolean unhurried = returned && power.cause() != PowerSwitch.Cause.HOST;
      long deadline = unhurried ? Long.MAX_VALUE : System.nanoTime() + HOST_POWER_OFF_GRACE;
      // PCI first: its consoles may still have bytes for a line they share with a UART.
      if (pci != null) {
        pci.powerOff(deadline);
      }
      for (PlatformDevice device : devices) {
        device.powerOff(deadline);
      }
    }
    if (power.cause() == null) {
      throw new MachineException("the CPU stopped although the machine is on");
    }
    return power.status();
  }

  /**
   * Switches the machine off from the host's side; {@link #run} returns soon. Any thread; once it
   * is off, nothing changes any more.
   *
   * @param status what {@link #run} returns, 0 to 255
   */
  public void powerOff(int status) {
    power.off(PowerSwitch.Cause.HOST, status);
  }

  /** Whether the guest went off in order to start anew: build the same machine again. */
  public boolean resetRequested() {
    return power.cause() == PowerSwitch.Cause.RESET;
  }

  /**
   * What the guest is doing, or was when the machine went off. Any thread may ask while it runs,
   * afterwards the one that ran it; not while it starts.
   *
   * @throws MachineException if the thread is interrupted while it waits for the answer
   */
  public GuestState guestState() {
    try {
      return new GuestState(inside.failure(), cpu.reports());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MachineException("interrupted while asking for the guest's state", e);
    }
  }

  /** Frees CPU and memory. Not while it runs. */
  @Override
  public void close() {
    cpu.close();
    ram.close();
    rom.close();
  }
}
