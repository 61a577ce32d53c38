package orrery.cli;

import java.util.List;
import orrery.cli.console.Console;
import orrery.device.virtio.VirtioConsoleProvider;
import orrery.machine.MachineBuilder;
import orrery.machine.dma.GuardMode;

/**
 * The options about PCI devices: {@code --pci} and {@code --dma-guard}.
 *
 * @param pci whether the machine has PCI even if no other option needs it
 * @param guard what happens when a device leaves the memory that it was lent
 */
record PciOptions(boolean pci, GuardMode guard) {
  private static final String PCI = "--pci";
  private static final String GUARD = "--dma-guard";

  static List<Option> all() {
    return List.of(
        Option.flag(
            PCI,
            "Add PCI with virtio devices: /dev/hwrng, and /dev/hvc0, whose output goes to stdout."),
        Option.valued(
            GUARD,
            "MODE",
            "What happens when a device reaches for memory that its driver has not lent it:"
                + " strict refuses and reports (the default), log reports, off does nothing."));
  }

  static PciOptions of(Arguments arguments) throws UsageException {
    return new PciOptions(arguments.has(PCI), guard(arguments.value(GUARD, "strict")));
  }

  /** {@code --dma-guard} for kernels that do not program the guard. */
  static Option guestGuard() {
    return Option.valued(
        GUARD,
        "MODE",
        "log reports a device that reaches for memory where there is none, or without the"
            + " guest's leave (Bus Master Enable); off, the default, does not. What a driver"
            + " lends its device a guest kernel does not say: strict is for run only.");
  }

  static GuardMode guestGuard(Arguments arguments) throws UsageException {
    String text = arguments.value(GUARD, "off");
    return switch (text) {
      case "log" -> GuardMode.BOUNDS;
      case "off" -> GuardMode.OFF;
      default -> throw new UsageException(GUARD + " is log or off with boot, not '" + text + "'");
    };
  }

  private static GuardMode guard(String text) throws UsageException {
    return switch (text) {
      case "strict" -> GuardMode.STRICT;
      case "log" -> GuardMode.LOG;
      case "off" -> GuardMode.OFF;
      default -> throw new UsageException(GUARD + " is strict, log or off, not '" + text + "'");
    };
  }

  void plug(MachineBuilder builder, Console console) {
    plug(guard, builder);
    if (pci) {
      builder.pci(true).backend(VirtioConsoleProvider.CONSOLE, console.outputLine());
    }
  }

  static void plug(GuardMode guard, MachineBuilder builder) {
    builder.dmaGuard(guard, line -> System.err.println("orrery: " + line));
  }
}
