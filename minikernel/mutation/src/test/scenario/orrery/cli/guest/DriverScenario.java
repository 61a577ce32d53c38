package orrery.cli.guest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import orrery.device.nvme.Drive;
import orrery.device.nvme.Drives;
import orrery.device.nvme.NvmeProvider;
import orrery.device.virtio.VirtioConsoleProvider;
import orrery.machine.dma.GuardMode;

/**
 * Lets a driver work on its device model, from probe to removal. Exit status 0: all is well; 3: a
 * run-time check has spoken; 4: the driver does not do its work; 5: it does not come to an end.
 * What was found is on the output.
 */
public final class DriverScenario {
  private static final int CAUGHT = 3;
  private static final int DIFFERS = 4;
  private static final int HANGS = 5;
  private static final int DISK = 1 << 20;

  /** What a machine that works needs a second or two for, on a loaded host. */
  private static final Duration MACHINE_LIMIT = Duration.ofSeconds(15);

  /** After which a driver that keeps the machine from looking at its own limit is given up. */
  private static final Duration WATCHDOG = MACHINE_LIMIT.plusSeconds(5);

  private final List<String> violations = new ArrayList<>();

  private final Thread cpu = Thread.currentThread();

  private DriverScenario() {}

  /** Drives the driver that {@code arguments} name. */
  public static void main(String[] arguments) {
    System.exit(new DriverScenario().drive(arguments[0]));
  }

  private int drive(String driver) {
    return switch (driver) {
      case "sample" ->
          run(
              "1000\n",
              m -> m.with(b -> b.devices(CounterModel.besideTheOthers())),
              "number",
              "/dev/counter");
      case "virtio" -> {
        int entropy = run("10000 bytes, 256 kinds\n", this::pci, "read", "/dev/hwrng", "10000");
        int echo = entropy != 0 ? entropy : console("hello\r", "6 bytes, a terminal\n", "echo");
        yield echo != 0 ? echo : console("", "", "fill");
      }
      case "nvme" -> {
        int read = disk("200000 bytes, 256 kinds\n", "read", "200000");
        yield read != 0 ? read : disk("", "fill", "300000");
      }
      default -> throw new IllegalArgumentException("no scenario for " + driver);
    };
  }

  private int disk(String output, String what, String bytes) {
    try {
      Path image = Files.createTempFile("disk", ".img");
      try {
        byte[] content = new byte[DISK];
        new Random(1).nextBytes(content);
        Files.write(image, content);
        Drives drives = new Drives(List.of(new Drive(image, false, false, false, null)));
        return run(
            output,
            m -> pci(m).with(b -> b.backend(NvmeProvider.DRIVES, drives)),
            what,
            "/dev/nvme0n1",
            bytes);
      } finally {
        Files.delete(image);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private GuestMachine pci(GuestMachine machine) {
    return machine.with(b -> b.pci(true).dmaGuard(GuardMode.STRICT, violations::add));
  }

  private int console(String input, String output, String what) {
    CapturedLine line = new CapturedLine(input);
    return run(
        output,
        m -> pci(m).with(b -> b.backend(VirtioConsoleProvider.CONSOLE, line)),
        what,
        "/dev/hvc0",
        "50000");
  }

  private int run(String expected, UnaryOperator<GuestMachine> device, String... words) {
    Thread watchdog = Thread.ofPlatform().daemon().start(this::watch);
    GuestMachine machine =
        new GuestMachine()
            .limit(MACHINE_LIMIT)
            .file(GuestPrograms.forGuest("devices"), "/bin/devices");
    List<String> command = new ArrayList<>(List.of("/bin/devices"));
    command.addAll(List.of(words));
    try {
      var outcome = device.apply(machine).run(command.toArray(String[]::new));
      if (!violations.isEmpty()) {
        return say(CAUGHT, violations.getFirst());
      }
      if (!outcome.errors().isEmpty()) {
        return say(CAUGHT, outcome.errors());
      }
      if (outcome.status() == GuestMachine.TIMED_OUT) {
        return say(HANGS, "the guest waits for the driver until --timeout ends it, status 124");
      }
      if (outcome.status() != 0 || !outcome.output().equals(expected)) {
        return say(DIFFERS, "status " + outcome.status() + ", output " + outcome.output());
      }
      return 0;
    } catch (RuntimeException | AssertionError e) {
      return say(CAUGHT, e.toString());
    } finally {
      watchdog.interrupt();
    }
  }

  /** Ends this Java machine if the emulated one does not end by itself. */
  private void watch() {
    try {
      Thread.sleep(WATCHDOG);
    } catch (InterruptedException e) {
      return; // the machine has ended
    }
    String where =
        Stream.of(cpu.getStackTrace())
            .filter(f -> f.getClassName().startsWith("orrery.driver."))
            .findFirst()
            .map(f -> f.getClassName().replaceAll(".*\\.", "") + "." + f.getMethodName())
            .orElse("no driver");
    say(HANGS, "the machine stands still in " + where + ", --timeout cannot end it");
    Runtime.getRuntime().halt(HANGS);
  }

  private static int say(int status, String what) {
    System.out.println(what.strip().replace('\n', ' '));
    return status;
  }
}
