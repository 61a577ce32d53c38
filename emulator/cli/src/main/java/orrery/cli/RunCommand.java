package orrery.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import orrery.cli.console.Console;
import orrery.cli.root.RootImage;
import orrery.cli.root.Roots;
import orrery.device.console.ConsoleControlProvider;
import orrery.device.uart.Pl011Provider;
import orrery.kernel.MiniKernel;
import orrery.machine.Machine;
import orrery.machine.MachineBuilder;
import orrery.machine.boot.BootPayload;
import orrery.machine.fdt.DeviceTreeBuilder;
import orrery.unicorn.host.HostProcess;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code orrery run}: boots the mini-kernel with a command as its first process. */
final class RunCommand implements Command {
  private static final List<String> SHELL = List.of("/bin/sh");
  private static final String DEFAULT_TERM = "linux";

  /** How long a machine may take to end after its time-out. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "run";
  }

  @Override
  public void prepare() {
    Preparation.begin();
  }

  @Override
  public List<Option> options() {
    return RunOptions.all();
  }

  @Override
  public boolean takesWords() {
    return true;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .paramLabel("CMD [ARG...]")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .hideParamSyntax(true)
            .description("What to run; without it an interactive shell.")
            .build());
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
  public int run(Arguments arguments) throws UsageException {
    RunOptions options = RunOptions.of(arguments);
    Path archive = options.root() == null ? Roots.defaultArchive() : options.root();
    boolean sample = archive == null;
    if (sample) {
      System.err.println(
          "orrery: no root file system here, so the built-in sample runs: bring a root with"
              + " --root DIR, or a static AArch64 busybox with ORRERY_BUSYBOX=FILE");
    }
    List<String> command =
        sample
            ? List.of(Roots.SAMPLE_PROGRAM)
            : options.command().isEmpty() ? SHELL : options.command();
    BootPayload root =
        sample ? Roots.sample(options.copies()) : new RootImage(archive, options.copies());
    try (Console console = new Console(Console.EndOfInput.STATE);
        Machine machine = build(options, root, command, console)) {
      console.controls(machine::powerOff);
      console.start();
      int status = run(machine, options.timeout(), console);
      if (status == ExitStatus.FAILED) {
        report(machine.guestState().reason(), console);
      }
      return status;
    }
  }

  private static int run(Machine machine, Duration timeout, Console console) {
    if (timeout == null) {
      return machine.run();
    }
    try (Overtime _ =
        new Overtime(timeout.plus(GRACE), Thread.currentThread(), line -> abandon(line, console))) {
      return machine.run();
    }
  }

  private static void abandon(String line, Console console) {
    console.close();
    System.err.println("orrery: " + line);
    System.err.flush();
    HostProcess.exit(ExitStatus.TIMEOUT);
  }

  private static void report(String reason, Console console) {
    if (reason != null) {
      console.close(); // the terminal is to have line ends again
      System.err.println("orrery: the machine cannot go on: " + reason);
    }
  }

  private static Machine build(
      RunOptions options, BootPayload root, List<String> command, Console console) {
    MachineBuilder builder =
        Machine.builder()
            .memory(options.memory())
            .initrd(root)
            .hostedKernel(new MiniKernel())
            .verbose(options.verbose())
            .backend(Pl011Provider.CONSOLE, console.line())
            .backend(Pl011Provider.ERRORS, console.errorLine())
            .backend(ConsoleControlProvider.CONSOLE, console.control())
            .chosen(tree -> describe(tree, options, command, console));
    if (options.timeout() != null) {
      builder.timeLimit(options.timeout(), ExitStatus.TIMEOUT);
    }
    DriveOption.plug(options.drives(), builder);
    options.pci().plug(builder, console);
    return builder.build();
  }

  private static void describe(
      DeviceTreeBuilder chosen, RunOptions options, List<String> command, Console console) {
    String stream = console.isTerminal() ? "tty" : "pipe";
    chosen
        .strings("orrery,argv", command)
        .strings("orrery,env", environment(options, console))
        .string("orrery,cwd", "/")
        .string("orrery,stdin", stream)
        .string("orrery,stdout", stream)
        .string("orrery,stderr", console.hasSeparateErrors() ? "pipe" : "tty");
  }

  private static List<String> environment(RunOptions options, Console console) {
    List<String> environment = new ArrayList<>();
    environment.add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.add("HOME=/root");
    environment.add("USER=root");
    environment.add("LOGNAME=root");
    if (console.isTerminal()) {
      environment.add("TERM=" + System.getenv().getOrDefault("TERM", DEFAULT_TERM));
    }
    for (String setting : options.environment()) {
      String name = setting.substring(0, setting.indexOf('=') + 1);
      environment.removeIf(other -> other.startsWith(name));
      environment.add(setting);
    }
    return environment;
  }
}
