package orrery.driver.virtio;

import java.util.List;
import orrery.kernel.device.BoundDriver;
import orrery.kernel.device.PciDevice;
import orrery.kernel.device.PciDriver;
import orrery.kernel.device.PciId;
import orrery.kernel.device.SerialInput;
import orrery.ownership.MaySleep;
import orrery.ownership.ProcessCtx;

/** Finds consoles (5.3). */
public final class VirtioConsoleDriver implements PciDriver {
  private static final int RED_HAT = 0x1af4;

  /** 0x1040 and the device's ID (4.1.2). */
  private static final int CONSOLE = 0x1043;

  // Linux: Documentation/admin-guide/devices.txt, hvc.
  private static final int HVC_MAJOR = 229;

  /** For {@link java.util.ServiceLoader}. */
  public VirtioConsoleDriver() {}

  @Override
  public String name() {
    return "virtio-console";
  }

  @Override
  public List<PciId> ids() {
    return List.of(PciId.of(RED_HAT, CONSOLE));
  }

  @Override
  @MaySleep
  public BoundDriver probe(ProcessCtx ctx, PciDevice device) {
    Structure place = Structure.find(device, Structure.DEVICE);
    device.require(place != null, "it has no configuration of its own");
    Transport transport = Transport.open(device, ConsoleConfiguration.F_SIZE, 2);
    Virtqueue input = transport.queue(device, ConsoleLine.INPUT, ConsoleLine.INPUT_BUFFERS);
    Virtqueue output = transport.queue(device, ConsoleLine.OUTPUT, ConsoleLine.OUTPUT_BUFFERS);
    transport.start();
    SerialInput terminal = device.terminal("hvc0", HVC_MAJOR, 0);
    return new ConsoleLine(
        transport,
        place.map(device, ConsoleConfiguration.BLOCK),
        input,
        output,
        terminal,
        device.completion());
  }
}
