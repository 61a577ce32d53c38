package orrery.machine.cpu;

import java.util.function.Consumer;
import java.util.function.Supplier;
import orrery.machine.MachineException;
import orrery.unicorn.InternalsUnavailableException;

/**
 * Which way the CPU takes into the engine: by the library's internals, or, where these are not as
 * expected, by its public interface only, which is slower and runs a guest kernel on one CPU.
 */
public enum CpuChoice {
  /** The internals; the public interface if the library's internals are not as expected. */
  AUTOMATIC,
  /** The internals, or the machine does not start. */
  INTERNALS,
  /** The public interface. */
  PUBLIC;

  /** The environment variable that chooses; automatic if it is not set. */
  public static final String ENVIRONMENT_VARIABLE = "ORRERY_CPU";

  /**
   * What the value of the environment variable says.
   *
   * @param value null if it is not set
   * @throws MachineException if it is no choice
   */
  public static CpuChoice of(String value) {
    return switch (value == null ? "" : value) {
      case "" -> AUTOMATIC;
      case "internals" -> INTERNALS;
      case "public" -> PUBLIC;
      default ->
          throw new MachineException(
              ENVIRONMENT_VARIABLE + " must be internals or public, not " + value);
    };
  }

  /**
   * Opens the engine.
   *
   * @param notices is told, in one line, that the public interface is used and why
   */
  EngineAccess open(
      Supplier<? extends EngineAccess> internals,
      Supplier<? extends EngineAccess> publicly,
      Consumer<String> notices) {
    String reason = ENVIRONMENT_VARIABLE + " says so";
    if (this != PUBLIC) {
      try {
        return internals.get();
      } catch (InternalsUnavailableException e) {
        if (this == INTERNALS) {
          throw new MachineException(e.getMessage(), e);
        }
        reason = e.getMessage();
      }
    }
    EngineAccess access = publicly.get();
    notices.accept("the CPU uses the engine's public interface only, which is slower: " + reason);
    return access;
  }
}
