package orrery.cli;

import orrery.machine.MachineException;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code orrery test}: the whole test suite. The launcher script carries it out, for it builds the
 * program first; this one says so to whoever started Java directly.
 */
final class TestCommand implements Command {
  @Override
  public String name() {
    return "test";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().description("Run the whole test suite (from a checkout).");
    return spec;
  }

  @Override
  public int run(Arguments arguments) {
    throw new MachineException("the test suite needs the sources: run ./orrery test in a checkout");
  }
}
