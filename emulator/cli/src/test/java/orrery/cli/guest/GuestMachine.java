package orrery.cli.guest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import orrery.cli.root.Copy;
import orrery.cli.root.RootImage;
import orrery.device.console.ConsoleBackend;
import orrery.device.console.ConsoleControlProvider;
import orrery.device.uart.Pl011Provider;
import orrery.kernel.MiniKernel;
import orrery.machine.Machine;
import orrery.machine.MachineBuilder;
import orrery.ownership.Census;

/** Boots the mini-kernel on a whole machine, for tests. */
final class GuestMachine {
  /** Exit status of a machine whose time is up. */
  static final int TIMED_OUT = 124;

  /**
   * What came of it.
   *
   * @param status exit status of the first program
   * @param output what it wrote on its standard output
   * @param errors what it wrote on its standard error
   */
  record Outcome(int status, String output, String errors) {}

  private final List<Copy> files = new ArrayList<>();
  private long memory = 256L << 20;
  private Duration limit = Duration.ofSeconds(60);
  private Census census = Census.withBirthPlaces();
  private String input = "";
  private String console = "pipe";
  private Consumer<MachineBuilder> changes = builder -> {};

  /**
   * Counts what drivers own as a machine outside of tests does, without noting where it is made.
   */
  GuestMachine countingOnly() {
    census = Census.ofHandles();
    return this;
  }

  /** Puts a host file into the root. */
  GuestMachine file(Path host, String guest) {
    files.add(new Copy(host, guest));
    return this;
  }

  GuestMachine memory(long bytes) {
    memory = bytes;
    return this;
  }

  GuestMachine limit(Duration time) {
    limit = time;
    return this;
  }

  GuestMachine input(String text) {
    input = text;
    return this;
  }

  /** Makes the console a terminal; else it is a pipe. */
  GuestMachine terminal() {
    console = "tty";
    return this;
  }

  /** Changes the machine before it is built. */
  GuestMachine with(Consumer<MachineBuilder> change) {
    changes = changes.andThen(change);
    return this;
  }

  /** Runs a program as the first process until it ends. */
  Outcome run(String... arguments) {
    CapturedLine output = new CapturedLine(input);
    CapturedLine errors = new CapturedLine("");
    MiniKernel kernel = new MiniKernel(census);
    MachineBuilder builder =
        Machine.builder()
            .memory(memory)
            .hostedKernel(kernel)
            .initrd(new RootImage(null, files))
            .backend(Pl011Provider.CONSOLE, output)
            .backend(Pl011Provider.ERRORS, errors)
            .backend(ConsoleControlProvider.CONSOLE, new Screen(output))
            .timeLimit(limit, TIMED_OUT)
            .chosen(
                chosen ->
                    chosen
                        .strings("orrery,argv", List.of(arguments))
                        .strings("orrery,env", List.of("PATH=/bin", "HOME=/"))
                        .string("orrery,cwd", "/")
                        .string("orrery,stdin", console)
                        .string("orrery,stdout", console)
                        .string("orrery,stderr", console));
    changes.accept(builder);
    try (Machine machine = builder.build()) {
      int status = machine.run();
      if (!kernel.leaks().isEmpty()) {
        throw new AssertionError("drivers leak: " + kernel.leaks());
      }
      return new Outcome(status, output.output(), errors.output());
    }
  }

  /** A terminal of 80 by 24 whose input ends when it was taken. */
  private record Screen(CapturedLine line) implements ConsoleBackend {
    @Override
    public boolean inputEnded() {
      return line.isInputTaken();
    }

    @Override
    public int columns() {
      return 80;
    }

    @Override
    public int rows() {
      return 24;
    }

    @Override
    public void addListener(Runnable changed) {
      // the size stays
    }
  }
}
