package orrery.cli;

import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/**
 * One option of a command, for {@link PlainReader} and, by {@link #spec}, for picocli.
 *
 * @param name with its two dashes
 * @param letter the short name with its dash, or null
 * @param label what the help calls its value, or null if it has none
 * @param fallback the value if none is given, or null if one must be
 * @param repeatable whether it may be given more than once
 * @param description the help
 */
record Option(
    String name,
    String letter,
    String label,
    String fallback,
    boolean repeatable,
    String description) {
  private static final String ONE = "1";
  private static final String AT_MOST_ONE = "0..1";

  /** An option with one value. */
  static Option valued(String name, String label, String description) {
    return new Option(name, null, label, null, false, description);
  }

  /** An option with one value that may be given more than once. */
  static Option repeatable(String name, String label, String description) {
    return new Option(name, null, label, null, true, description);
  }

  /** An option whose value may be left out. */
  static Option optional(String name, String label, String fallback, String description) {
    return new Option(name, null, label, fallback, false, description);
  }

  /** An option without a value. */
  static Option flag(String name, String description) {
    return flag(name, null, description);
  }

  /** An option without a value and with a short name. */
  static Option flag(String name, String letter, String description) {
    return new Option(name, letter, null, null, false, description);
  }

  boolean isFlag() {
    return label == null;
  }

  /** The option as picocli wants it. */
  OptionSpec spec() {
    OptionSpec.Builder builder =
        (letter == null ? OptionSpec.builder(name) : OptionSpec.builder(letter, name))
            .description(description);
    if (isFlag()) {
      return builder.build();
    }
    builder.paramLabel(label).arity(fallback == null ? ONE : AT_MOST_ONE);
    if (repeatable) {
      return builder.type(List.class).auxiliaryTypes(String.class).build();
    }
    if (fallback != null) {
      builder.fallbackValue(fallback);
    }
    return builder.type(String.class).build();
  }
}
