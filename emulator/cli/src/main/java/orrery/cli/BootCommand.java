package orrery.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import orrery.cli.console.Console;
import orrery.device.console.ConsoleControlProvider;
import orrery.device.notice.HostNoticeProvider;
import orrery.device.notice.NoticeListener;
import orrery.device.uart.Pl011Provider;
import orrery.device.virtio.VirtioConsoleProvider;
import orrery.machine.GuestState;
import orrery.machine.Machine;
import orrery.machine.MachineBuilder;
import orrery.machine.boot.FilePayload;
import orrery.machine.boot.KernelFile;
import picocli.CommandLine.Model.CommandSpec;

/** {@code orrery boot}: boots a guest kernel, an unmodified Linux as a rule. */
final class BootCommand implements Command {
  private static final String DEFAULT_TERM = "linux";

  @Override
  public String name() {
    return "boot";
  }

  @Override
  public void prepare() {
    Preparation.begin();
  }

  @Override
  public List<Option> options() {
    return BootOptions.all();
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description(
            "Boot a guest kernel with its console on stdin and stdout, until it powers off; one"
                + " that resets starts anew. Without --kernel: Debian's Linux with a shell.")
        .footer(
            "",
            "Examples:",
            "  orrery boot                        Debian's Linux 6.1 and a shell; Ctrl-A x quits",
            "  orrery boot --debian 6.12 --cpus 4 --memory 1G --append ''",
            "                                     another one, with all that it has to say",
            "  echo uname -a | orrery boot        pipes work; the end of input is a Ctrl-D",
            "  orrery boot --kernel Image --initrd initrd.gz --append 'quiet panic=-1' --no-reboot",
            "                                     your own; a panic ends it with status 125",
            "  orrery boot --kernel hello.elf     a bare-metal program",
            "",
            "Exit status: 0 or what the guest left in the host-notice device; 124: time-out, 125:"
                + " the guest cannot go on (its state is printed) or Orrery failed, 2: wrong"
                + " usage.");
    return spec;
  }

  @Override
  public int run(Arguments arguments) throws UsageException {
    BootOptions options = BootOptions.of(arguments);
    Images images = Images.of(options);
    try (Console console = new Console(Console.EndOfInput.KEY)) {
      if (!waitsForReady(options, console)) {
        console.start();
      }
      return run(options, images, console);
    }
  }

  private static int run(BootOptions options, Images images, Console console) {
    Duration limit = options.timeout();
    long started = System.nanoTime();
    while (true) {
      Notices notices = new Notices(console);
      try (Machine machine = build(options, images, console, limit, notices)) {
        console.controls(machine::powerOff);
        int status = machine.run();
        if (!machine.resetRequested()) {
          return status == ExitStatus.OK ? notices.exitStatus : report(machine, status, console);
        }
      }
      if (!options.reboots()) {
        System.err.println("orrery: the guest reset the machine (--no-reboot)");
        return ExitStatus.FAILED;
      }
      if (limit != null) {
        limit = options.timeout().minusNanos(System.nanoTime() - started);
        if (!limit.isPositive()) {
          return ExitStatus.TIMEOUT;
        }
      }
    }
  }

  /** Says what the guest was doing if it did not end by itself. */
  private static int report(Machine machine, int status, Console console) {
    GuestState state = machine.guestState();
    String why =
        state.reason() != null
            ? "the guest cannot go on: " + state.reason()
            : status == ExitStatus.TIMEOUT ? "the guest did not end within --timeout" : null;
    if (why != null) {
      console.close(); // the terminal is to have line ends again
      System.err.println("orrery: " + why + "\n" + state.describe(machine.symbols()));
    }
    return status;
  }

  private static Machine build(
      BootOptions options,
      Images images,
      Console console,
      Duration timeLimit,
      NoticeListener notices) {
    boolean serial = options.console().equals(BootOptions.SERIAL);
    MachineBuilder builder =
        Machine.builder()
            .cpus(options.cpus())
            .memory(options.memory())
            .pci(true)
            .kernel(KernelFile.of(images.kernel))
            .bootArguments(arguments(options, console))
            .verbose(options.verbose())
            .backend(HostNoticeProvider.LISTENER, notices)
            .backend(Pl011Provider.CONSOLE, serial ? console.line() : console.outputLine())
            .backend(VirtioConsoleProvider.CONSOLE, serial ? console.outputLine() : console.line())
            .backend(ConsoleControlProvider.CONSOLE, console.control());
    if (images.initrd != null) {
      builder.initrd(new FilePayload(images.initrd));
    }
    if (timeLimit != null) {
      builder.timeLimit(timeLimit, ExitStatus.TIMEOUT);
    }
    DriveOption.plug(options.drives(), builder);
    PciOptions.plug(options.guard(), builder);
    return builder.build();
  }

  /** What the guest tells the host; all on the vCPU's thread, which is the one that runs this. */
  private static final class Notices implements NoticeListener {
    private final Console console;
    private int exitStatus;

    Notices(Console console) {
      this.console = console;
    }

    @Override
    public void ready() {
      console.start();
    }

    @Override
    public void exitStatus(int status) {
      exitStatus = status;
    }
  }

  /** The shell that is ours says when a pipe's input can come, so that nothing echoes it before. */
  private static boolean waitsForReady(BootOptions options, Console console) {
    return isOurShell(options) && !console.isTerminal();
  }

  private static boolean isOurShell(BootOptions options) {
    return options.debian() != null && options.initrd() == null;
  }

  /** The shell of Debian's kernel also learns what it talks to. */
  private static String arguments(BootOptions options, Console console) {
    if (!isOurShell(options)) {
      return options.arguments();
    }
    if (!console.isTerminal()) {
      return options.arguments() + " ORRERY_INPUT=pipe";
    }
    return options.arguments()
        + " TERM="
        + System.getenv().getOrDefault("TERM", DEFAULT_TERM)
        + " ORRERY_SIZE=\""
        + console.control().rows()
        + " "
        + console.control().columns()
        + '"';
  }

  /** What is booted: the user's files, or Debian's. */
  private record Images(Path kernel, Path initrd) {
    static Images of(BootOptions options) {
      if (options.debian() == null) {
        return new Images(options.kernel(), options.initrd());
      }
      Path kernel = DebianLinux.kernel(options.debian());
      Path initrd =
          options.initrd() == null ? DebianLinux.shell(options.debian()) : options.initrd();
      return new Images(kernel, initrd);
    }
  }
}
