package orrery.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * One command of the command line. Its options are described by calls and not by annotations:
 * reading those by reflection costs every start tens of milliseconds.
 */
interface Command {
  /** The word that selects it. */
  String name();

  /**
   * The word was read: what the command will surely need, and what takes long, may be begun on
   * another thread while the arguments are parsed.
   */
  default void prepare() {}

  /** Its options and help. */
  CommandSpec spec();

  /**
   * Does it.
   *
   * @return the exit status
   * @throws UsageException if the arguments make no sense together
   * @throws orrery.machine.MachineException if it cannot be done
   */
  int run(ParseResult arguments) throws UsageException;
}
