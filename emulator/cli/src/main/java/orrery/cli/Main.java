package orrery.cli;

import java.io.PrintWriter;
import java.util.List;
import orrery.machine.MachineException;
import orrery.unicorn.UnicornException;
import orrery.unicorn.host.HostProcess;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Where Orrery starts: picks the command, runs it and ends the process with its exit status. */
public final class Main {
  private static final String VERBOSE = "--verbose";

  private final PrintWriter out;
  private final PrintWriter err;

  Main(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /** Runs the command line and ends the process. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int status = new Main(out, err).run(arguments);
    out.flush();
    err.flush();
    // No thread of ours may keep the process alive, and no hook is left to run.
    if (Preparation.hasBegun()) {
      HostProcess.exit(status);
    }
    Runtime.getRuntime().halt(status);
  }

  /**
   * Runs the command line.
   *
   * @return the exit status
   */
  int run(String... arguments) {
    boolean verbose = false;
    try {
      List<Command> commands = commandsFor(arguments);
      if (commands.size() == 1) {
        Arguments plain = PlainReader.read(commands.getFirst(), arguments, 1);
        if (plain != null) {
          verbose = plain.has(VERBOSE);
          return commands.getFirst().run(plain);
        }
      }
      CommandLine line = commandLine(commands);
      ParseResult result = line.parseArgs(arguments);
      ParseResult chosen = result.hasSubcommand() ? result.subcommand() : result;
      if (chosen.isUsageHelpRequested()) {
        chosen.commandSpec().commandLine().usage(out);
        return ExitStatus.OK;
      }
      if (result.isVersionHelpRequested()) {
        line.printVersionHelp(out);
        return ExitStatus.OK;
      }
      if (!result.hasSubcommand()) {
        line.usage(err);
        return ExitStatus.USAGE;
      }
      verbose = chosen.hasMatchedOption(VERBOSE);
      for (Command command : commands) {
        if (command.name().equals(chosen.commandSpec().name())) {
          return command.run(Arguments.of(chosen));
        }
      }
      throw new IllegalStateException("command without code: " + chosen.commandSpec().name());
    } catch (ParameterException e) {
      return usage(e.getMessage(), e.getCommandLine().getCommandSpec().qualifiedName());
    } catch (UsageException e) {
      return usage(e.getMessage(), "orrery " + arguments[0]);
    } catch (MachineException | UnicornException e) {
      return failed(e.getMessage(), e, verbose);
    } catch (RuntimeException | Error e) {
      return failed("internal error: " + e + " (--verbose shows where)", e, verbose);
    }
  }

  /** Every command, in the order of the help. */
  private static List<Command> commands() {
    return List.of(new RunCommand(), new BootCommand(), new DevicesCommand(), new TestCommand());
  }

  /** Only the command that was named, if it was: the others' help need not be built to run it. */
  private static List<Command> commandsFor(String[] arguments) {
    List<Command> all = commands();
    if (arguments.length > 0) {
      for (Command command : all) {
        if (command.name().equals(arguments[0])) {
          command.prepare();
          return List.of(command);
        }
      }
    }
    return all;
  }

  private static CommandLine commandLine(List<Command> commands) {
    CommandSpec root =
        CommandSpec.create()
            .name("orrery")
            .version("orrery " + Version.string())
            .addOption(help())
            .addOption(
                OptionSpec.builder("-V", "--version")
                    .versionHelp(true)
                    .description("Print the version and leave.")
                    .build());
    root.usageMessage()
        .description(
            "An AArch64 machine for Linux, with a Linux-compatible kernel in Java of its own.")
        .commandListHeading("%nCommands:%n")
        .footer(
            "",
            "Examples:",
            "  orrery run                             an interactive shell",
            "  orrery run -- busybox uname -a         one command, with its exit status",
            "  orrery boot                            Debian's Linux on the machine, with a shell",
            "  orrery run --help                      the options of a command");
    for (Command command : commands) {
      root.addSubcommand(command.name(), spec(command));
    }
    return new CommandLine(root).setStopAtPositional(true);
  }

  static CommandSpec spec(Command command) {
    CommandSpec spec = command.spec().name(command.name()).addOption(help());
    for (Option option : command.options()) {
      spec.addOption(option.spec());
    }
    return spec;
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("Print this help and leave.")
        .build();
  }

  private int usage(String message, String command) {
    err.println("orrery: " + message + " (try " + command + " --help)");
    return ExitStatus.USAGE;
  }

  private int failed(String message, Throwable cause, boolean verbose) {
    err.println("orrery: " + message);
    if (verbose) {
      cause.printStackTrace(err);
    }
    return ExitStatus.FAILED;
  }
}
