package orrery.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import orrery.cli.root.Copy;
import orrery.device.nvme.Drives;

/**
 * The options of {@code orrery run}, parsed and checked.
 *
 * @param memory bytes of the guest's memory
 * @param root folder to be the root, or null for the default root
 * @param copies what to put into the root
 * @param environment {@code NAME=VALUE} settings, the user's last
 * @param drives disk images and their faults
 * @param pci PCI devices and what confines them
 * @param timeout after which the machine is stopped, or null for never
 * @param verbose whether to tell what goes on inside
 * @param command what to run, empty for a shell
 */
record RunOptions(
    long memory,
    Path root,
    List<Copy> copies,
    List<String> environment,
    Drives drives,
    PciOptions pci,
    Duration timeout,
    boolean verbose,
    List<String> command) {
  private static final String ROOT = "--root";
  private static final String COPY = "--copy";
  private static final String ENVIRONMENT = "--env";

  private static final Pattern SETTING = Pattern.compile("[^=\\x00]+=[^\\x00]*", Pattern.DOTALL);

  /** The options. */
  static List<Option> all() {
    List<Option> options = new ArrayList<>(PciOptions.all());
    options.add(MachineOptions.memory());
    options.add(
        Option.valued(
            ROOT, "DIR", "Make this folder the guest's root; it is read, never written."));
    options.add(
        Option.repeatable(
            COPY,
            "HOST:GUEST",
            "Put a file (its mode kept) or a folder into the root. Repeatable."));
    options.add(
        Option.repeatable(
            ENVIRONMENT, "NAME=VALUE", "Set a variable of the guest's environment. Repeatable."));
    options.add(DriveOption.option());
    options.add(DriveOption.faults());
    options.add(MachineOptions.timeout());
    options.add(MachineOptions.verbose());
    return List.copyOf(options);
  }

  /**
   * Reads the arguments.
   *
   * @throws UsageException if a value makes no sense
   */
  static RunOptions of(Arguments arguments) throws UsageException {
    return new RunOptions(
        MachineOptions.memory(arguments),
        root(arguments.value(ROOT, null)),
        copies(arguments.values(COPY)),
        environment(arguments.values(ENVIRONMENT)),
        DriveOption.of(arguments),
        PciOptions.of(arguments),
        MachineOptions.timeout(arguments),
        arguments.has(MachineOptions.VERBOSE),
        List.copyOf(arguments.words()));
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
}
