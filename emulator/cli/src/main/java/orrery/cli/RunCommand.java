package orrery.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code orrery run}: boots the mini-kernel with a command as its first process. */
final class RunCommand implements Command {
  @Override
  public String name() {
    return "run";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = RunOptions.spec();
    spec.usageMessage()
        .description(
            "Boot the mini-kernel and run CMD as process 1 with the console on stdin and stdout;"
                + " the exit status is CMD's (128 + n if signal n ended it).")
        .footer(
            "",
            "Examples:",
            "  orrery run                         a shell; Ctrl-A x quits",
            "  orrery run -- busybox uname -a",
            "  orrery run --copy prog:/bin/prog -- prog",
            "                                     run a program of your own",
            "  orrery run --root DIR -- bash -c 'ls /'",
            "                                     a root of test-images/root",
            "  echo hello | orrery run -- wc -c   pipes work",
            "",
            "Exit status 124: time-out, 125: Orrery failed, 2: wrong usage.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws UsageException {
    RunOptions options = RunOptions.of(arguments);
    return ExitStatus.OK;
  }
}
