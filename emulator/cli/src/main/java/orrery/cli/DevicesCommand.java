package orrery.cli;

import java.util.Comparator;
import java.util.ServiceLoader;
import orrery.machine.DeviceProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

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
  public int run(ParseResult arguments) {
    ServiceLoader.load(DeviceProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(DeviceProvider::name))
        .forEach(p -> System.out.printf("%-18s %s%n", p.name(), p.description()));
    return ExitStatus.OK;
  }
}
