package orrery.cli;

import java.nio.file.Path;
import java.time.Duration;
import orrery.cli.console.Console;
import orrery.device.uart.Pl011Provider;
import orrery.machine.Machine;
import orrery.machine.MachineBuilder;
import orrery.machine.boot.FilePayload;
import orrery.machine.boot.KernelFile;
import orrery.unicorn.host.Linkage;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code orrery boot}: boots a guest kernel, an unmodified Linux as a rule. */
final class BootCommand implements Command {
  @Override
  public String name() {
    return "boot";
  }

  @Override
  public void prepare() {
    Thread.ofPlatform().name("prepare").daemon().start(Linkage::prepare);
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = BootOptions.spec();
    spec.usageMessage()
        .description(
            "Boot a guest kernel with its console on stdin and stdout; the exit status is 0 when it"
                + " powers off. A guest that resets starts anew. Without --kernel: Debian's Linux"
                + " with a shell.")
        .footer(
            "",
            "Examples:",
            "  orrery boot                        Debian's Linux 6.1 and a shell; Ctrl-A x quits",
            "  orrery boot --debian 6.12 --cpus 4 --memory 1G",
            "  orrery boot --kernel Image --initrd initrd.gz --append 'quiet panic=-1'",
            "                                     panic=-1: a panic is a reset, not a halt",
            "  orrery boot --kernel hello.elf     a bare-metal program",
            "  echo uname -a | orrery boot        pipes work; the end of input is a Ctrl-D",
            "",
            "Exit status 124: time-out, 125: the guest cannot go on or Orrery failed, 2: wrong"
                + " usage.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws UsageException {
    BootOptions options = BootOptions.of(arguments);
    Files files = files(options);
    try (Console console = new Console(Console.EndOfInput.KEY)) {
      console.start();
      long deadline =
          options.timeout() == null ? 0 : System.nanoTime() + options.timeout().toNanos();
      while (true) {
        Duration left = null;
        if (options.timeout() != null) {
          left = Duration.ofNanos(deadline - System.nanoTime());
          if (left.isNegative() || left.isZero()) {
            return ExitStatus.TIMEOUT;
          }
        }
        try (Machine machine = build(options, files, console, left)) {
          console.controls(machine::powerOff);
          int status = machine.run();
          if (!machine.resetRequested()) {
            return status;
          }
        }
      }
    }
  }

  private record Files(Path kernel, Path initrd) {}

  private static Files files(BootOptions options) {
    return new Files(options.kernel(), options.initrd());
  }

  private static Machine build(
      BootOptions options, Files files, Console console, Duration timeLimit) {
    boolean serial = options.console().equals(BootOptions.SERIAL);
    MachineBuilder builder =
        Machine.builder()
            .cpus(options.cpus())
            .memory(options.memory())
            .pci(true)
            .kernel(KernelFile.of(files.kernel))
            .bootArguments(options.arguments())
            .verbose(options.verbose())
            .backend(Pl011Provider.CONSOLE, serial ? console.line() : console.outputLine());
    if (files.initrd != null) {
      builder.initrd(new FilePayload(files.initrd));
    }
    if (timeLimit != null) {
      builder.timeLimit(timeLimit, ExitStatus.TIMEOUT);
    }
    return builder.build();
  }
}
