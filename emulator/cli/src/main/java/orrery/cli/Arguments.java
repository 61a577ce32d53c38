package orrery.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The arguments of a command: the values of its options, and the words that are none. */
final class Arguments {
  private final Map<String, List<String>> options = new HashMap<>();
  private final List<String> words = new ArrayList<>();

  /** What picocli read. */
  static Arguments of(ParseResult result) {
    Arguments arguments = new Arguments();
    for (OptionSpec option : result.matchedOptionsSet()) {
      Object value = option.getValue();
      for (Object one : value instanceof List<?> all ? all : List.of(value)) {
        arguments.add(option.longestName(), one.toString());
      }
    }
    arguments.words.addAll(result.matchedPositionalValue(0, List.<String>of()));
    return arguments;
  }

  void add(String option, String value) {
    options.computeIfAbsent(option, unused -> new ArrayList<>()).add(value);
  }

  void addWord(String word) {
    words.add(word);
  }

  /** Whether an option was given; a name with its dashes. */
  boolean has(String option) {
    return options.containsKey(option);
  }

  /** The value of an option, or {@code other} if it was not given. */
  String value(String option, String other) {
    List<String> values = options.get(option);
    return values == null ? other : values.getFirst();
  }

  /** The values of an option that may be given more than once, in order. */
  List<String> values(String option) {
    return options.getOrDefault(option, List.of());
  }

  /** What is no option. */
  List<String> words() {
    return words;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Arguments that
        && options.equals(that.options)
        && words.equals(that.words);
  }

  @Override
  public int hashCode() {
    return 31 * options.hashCode() + words.hashCode();
  }

  @Override
  public String toString() {
    return options + " " + words;
  }
}
