package orrery.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

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

  /** Its options but for {@code --help}. */
  default List<Option> options() {
    return List.of();
  }

  /** Whether it takes words that are no options. */
  default boolean takesWords() {
    return false;
  }

  /** Its help, for picocli; {@link #options} are not in it. */
  CommandSpec spec();

  /**
   * Does it.
   *
   * @return the exit status
   * @throws UsageException if the arguments make no sense together
   * @throws orrery.machine.MachineException if it cannot be done
   */
  int run(Arguments arguments) throws UsageException;
}
