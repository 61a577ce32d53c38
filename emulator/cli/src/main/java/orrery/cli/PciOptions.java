package orrery.cli;

import orrery.cli.console.Console;
import orrery.device.virtio.VirtioConsoleProvider;
import orrery.machine.MachineBuilder;
import orrery.machine.dma.GuardMode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options about PCI devices: {@code --pci} and {@code --dma-guard}.
 *
 * @param pci whether the machine has PCI even if no other option needs it
 * @param guard what happens when a device leaves the memory that it was lent
 */
record PciOptions(boolean pci, GuardMode guard) {
  private static final String PCI = "--pci";
  private static final String GUARD = "--dma-guard";

  static void addTo(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder(PCI)
            .description(
                "Add PCI with virtio devices: /dev/hwrng, and /dev/hvc0, whose output goes to"
                    + " stdout.")
            .build());
    spec.addOption(
        OptionSpec.builder(GUARD)
            .paramLabel("MODE")
            .arity("1")
            .type(String.class)
            .description(
                "What happens when a device reaches for memory that its driver has not lent it:"
                    + " strict refuses and reports (the default), log reports, off does nothing.")
            .build());
  }

  static PciOptions of(ParseResult arguments) throws UsageException {
    return new PciOptions(
        arguments.hasMatchedOption(PCI), guard(arguments.matchedOptionValue(GUARD, "strict")));
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
    builder.dmaGuard(guard, line -> System.err.println("orrery: " + line));
    if (pci) {
      builder.pci(true).backend(VirtioConsoleProvider.CONSOLE, console.outputLine());
    }
  }
}
