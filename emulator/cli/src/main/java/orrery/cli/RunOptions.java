package orrery.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import orrery.cli.root.Copy;
import orrery.machine.Ram;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options of {@code orrery run}, parsed and checked.
 *
 * @param memory bytes of the guest's memory
 * @param root folder to be the root, or null for the default root
 * @param copies what to put into the root
 * @param environment {@code NAME=VALUE} settings, the user's last
 * @param timeout after which the machine is stopped, or null for never
 * @param verbose whether to tell what goes on inside
 * @param command what to run, empty for a shell
 */
record RunOptions(
    long memory,
    Path root,
    List<Copy> copies,
    List<String> environment,
    Duration timeout,
    boolean verbose,
    List<String> command) {
  private static final String MEMORY = "--memory";
  private static final String ROOT = "--root";
  private static final String COPY = "--copy";
  private static final String ENVIRONMENT = "--env";
  private static final String TIMEOUT = "--timeout";
  private static final String VERBOSE = "--verbose";

  private static final String DEFAULT_MEMORY = "512M";
  private static final long MIN_MEMORY = 16L << 20;
  private static final long MAX_MEMORY = 255L << 30;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([KMG]?)i?B?");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
  private static final Pattern SETTING = Pattern.compile("[^=\\x00]+=[^\\x00]*", Pattern.DOTALL);
  private static final int NANO_DIGITS = 9;

  /** The options, for the help and the parser. */
  static CommandSpec spec() {
    return CommandSpec.create()
        .addOption(
            option(
                    MEMORY,
                    "SIZE",
                    "The guest's memory, such as 64M or 2G (" + DEFAULT_MEMORY + ").")
                .build())
        .addOption(
            option(ROOT, "DIR", "Make this folder the guest's root; it is read, never written.")
                .build())
        .addOption(
            option(
                    COPY,
                    "HOST:GUEST",
                    "Put a file (its mode kept) or a folder into the root. Repeatable.")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build())
        .addOption(
            option(
                    ENVIRONMENT,
                    "NAME=VALUE",
                    "Set a variable of the guest's environment. Repeatable.")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build())
        .addOption(
            option(TIMEOUT, "SECONDS", "Stop after this time, with exit status 124.").build())
        .addOption(
            OptionSpec.builder("-v", VERBOSE)
                .description("Tell on stderr what goes on inside.")
                .build())
        .addPositional(
            PositionalParamSpec.builder()
                .index("0..*")
                .paramLabel("CMD [ARG...]")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .hideParamSyntax(true)
                .description("What to run; without it an interactive shell.")
                .build());
  }

  private static OptionSpec.Builder option(String name, String label, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .arity("1")
        .type(String.class)
        .description(description);
  }

  /**
   * Reads what the parser found.
   *
   * @throws UsageException if a value makes no sense
   */
  static RunOptions of(ParseResult arguments) throws UsageException {
    String timeout = arguments.matchedOptionValue(TIMEOUT, null);
    return new RunOptions(
        memory(arguments.matchedOptionValue(MEMORY, DEFAULT_MEMORY)),
        root(arguments.matchedOptionValue(ROOT, null)),
        copies(arguments.matchedOptionValue(COPY, List.of())),
        environment(arguments.matchedOptionValue(ENVIRONMENT, List.of())),
        timeout == null ? null : timeout(timeout),
        arguments.hasMatchedOption(VERBOSE),
        List.copyOf(arguments.matchedPositionalValue(0, List.<String>of())));
  }

  private static long memory(String text) throws UsageException {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new UsageException(
          MEMORY + ": '" + text + "' is no size; write a number of bytes or such as 512M or 2G");
    }
    int shift = size.group(2).isEmpty() ? 0 : 10 * ("KMG".indexOf(size.group(2)) + 1);
    BigInteger bytes = new BigInteger(size.group(1)).shiftLeft(shift);
    if (bytes.compareTo(BigInteger.valueOf(MIN_MEMORY)) < 0
        || bytes.compareTo(BigInteger.valueOf(MAX_MEMORY)) > 0) {
      throw new UsageException(MEMORY + " must be between 16M and 255G, not " + text);
    }
    long granule = Ram.ALIGNMENT;
    return bytes.longValue() + granule - 1 & -granule;
  }

  private static Path root(String text) throws UsageException {
    if (text == null) {
      return null;
    }
    Path root = Path.of(text);
    if (!Files.isDirectory(root)) {
      throw new UsageException(ROOT + ": " + text + " is no folder");
    }
    return root;
  }

  private static List<Copy> copies(List<String> texts) throws UsageException {
    List<Copy> copies = new ArrayList<>();
    for (String text : texts) {
      try {
        Copy copy = Copy.parse(text);
        if (!Files.exists(copy.host())) {
          throw new UsageException(COPY + ": there is no " + copy.host());
        }
        copies.add(copy);
      } catch (IllegalArgumentException e) {
        throw new UsageException(COPY + ": " + e.getMessage());
      }
    }
    return copies;
  }

  private static List<String> environment(List<String> settings) throws UsageException {
    for (String setting : settings) {
      if (!SETTING.matcher(setting).matches()) {
        throw new UsageException(ENVIRONMENT + ": '" + setting + "' is not NAME=VALUE");
      }
    }
    return List.copyOf(settings);
  }

  private static Duration timeout(String text) throws UsageException {
    if (!SECONDS.matcher(text).matches()) {
      throw new UsageException(
          TIMEOUT + ": '" + text + "' is no number of seconds, such as 10 or 0.5");
    }
    long nanos = new BigDecimal(text).movePointRight(NANO_DIGITS).longValueExact();
    if (nanos == 0) {
      throw new UsageException(TIMEOUT + " must be more than 0 seconds");
    }
    return Duration.ofNanos(nanos);
  }
}
