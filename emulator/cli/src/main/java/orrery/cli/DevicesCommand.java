package orrery.cli;

import java.util.Map;
import java.util.TreeMap;
import orrery.machine.DeviceProvider;
import orrery.machine.Providers;
import orrery.machine.pci.PciDeviceProvider;
import picocli.CommandLine.Model.CommandSpec;

/** {@code orrery devices}: the device models that were found, one a line. */
final class DevicesCommand implements Command {
  @Override
  public String name() {
    return "devices";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().description("List the device models and what they take.");
    return spec;
  }

  @Override
  public int run(Arguments arguments) {
    Map<String, String> models = new TreeMap<>();
    for (DeviceProvider provider : Providers.of(DeviceProvider.class)) {
      models.put(provider.name(), provider.description());
    }
    for (PciDeviceProvider provider : Providers.of(PciDeviceProvider.class)) {
      models.put(provider.name(), provider.description());
    }
    models.forEach((name, description) -> System.out.printf("%-18s %s%n", name, description));
    return ExitStatus.OK;
  }
}
