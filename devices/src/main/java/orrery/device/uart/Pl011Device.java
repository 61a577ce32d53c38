package orrery.device.uart;

import java.util.List;
import orrery.machine.PlatformDevice;
import orrery.machine.bus.MmioDevice;
import orrery.machine.fdt.DeviceTreeBuilder;
import orrery.machine.irq.InterruptLine;

/** A PL011 at its place in the machine. */
final class Pl011Device implements PlatformDevice {
  private final long base;
  private final int spi;
  private final boolean console;
  private final SerialBackend line;
  private final Pl011 registers;

  Pl011Device(long base, int spi, boolean console, SerialBackend line, InterruptLine interrupt) {
    this.base = base;
    this.spi = spi;
    this.console = console;
    this.line = line;
    this.registers = new Pl011(line, interrupt);
  }

  @Override
  public String name() {
    return "serial";
  }

  @Override
  public long base() {
    return base;
  }

  @Override
  public long size() {
    return Pl011Registers.REGISTERS_SIZE;
  }

  @Override
  public List<String> compatible() {
    return List.of("arm,pl011", "arm,primecell");
  }

  @Override
  public int[] interrupts() {
    return new int[] {spi};
  }

  @Override
  public List<String> clocks() {
    return List.of("uartclk", "apb_pclk");
  }

  @Override
  public boolean isConsole() {
    return console;
  }

  @Override
  public MmioDevice registers() {
    return registers;
  }

  @Override
  public void describe(DeviceTreeBuilder node) {
    node.string("label", console ? "console" : "errors");
  }

  @Override
  public void powerOff(long deadline) {
    line.drain(deadline);
  }
}
