package orrery.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import orrery.device.nvme.Drives;
import orrery.machine.dma.GuardMode;

/**
 * The options of {@code orrery boot}, parsed and checked.
 *
 * @param kernel the guest's kernel, or null for Debian's
 * @param initrd the initial file system, or null for none or, with Debian's kernel, its shell's
 * @param debian which of Debian's kernels, or null for none of them
 * @param arguments the kernel's command line
 * @param console the console that gets the input
 * @param cpus 1 to {@value #MAX_CPUS}
 * @param memory bytes of the guest's memory
 * @param drives disk images and their faults
 * @param guard what happens when a device reaches for what is no memory
 * @param timeout after which the machine is stopped, or null for never
 * @param reboots whether a guest that resets starts anew
 * @param verbose whether to tell what goes on inside
 */
record BootOptions(
    Path kernel,
    Path initrd,
    String debian,
    String arguments,
    String console,
    int cpus,
    long memory,
    Drives drives,
    GuardMode guard,
    Duration timeout,
    boolean reboots,
    boolean verbose) {
  /** The console on the PL011. */
  static final String SERIAL = "ttyAMA0";

  /** The console on virtio. */
  static final String VIRTIO = "hvc0";

  static final int MAX_CPUS = 8;

  private static final String KERNEL = "--kernel";
  private static final String INITRD = "--initrd";
  private static final String DEBIAN = "--debian";
  private static final String APPEND = "--append";
  private static final String CONSOLE = "--console";
  private static final String CPUS = "--cpus";
  private static final String NO_REBOOT = "--no-reboot";

  /** What Debian's kernel is told unless the user says something else. */
  private static final String QUIET = "quiet";

  private static final List<String> CONSOLES = List.of(SERIAL, VIRTIO);
  private static final List<String> DEBIAN_KERNELS = List.of("6.1", "6.12", "7.2");
  private static final Pattern CONSOLE_ARGUMENT =
      Pattern.compile("(?:^|\\s)console=([^\\s,]+)\\S*(?=\\s|$)");

  /** The options. */
  static List<Option> all() {
    return List.of(
        Option.valued(
            KERNEL,
            "FILE",
            "The kernel: an arm64 Image (raw, gzip or EFI zboot), an ELF file, or a flat"
                + " binary."),
        Option.valued(INITRD, "FILE", "The initial file system, as the kernel wants it."),
        Option.valued(APPEND, "ARGUMENTS", "The kernel's command line, as one word."),
        Option.optional(
            DEBIAN,
            "VERSION",
            DEBIAN_KERNELS.getFirst(),
            "Debian's kernel 6.1 (if not said), 6.12 or 7.2, with a busybox shell unless"
                + " --initrd is given; fetched once. The same as no --kernel."),
        Option.valued(
            CONSOLE,
            "NAME",
            "The guest's console: ttyAMA0 (serial line) or hvc0 (virtio). The same as"
                + " console=NAME at the end of --append."),
        Option.valued(CPUS, "N", "How many CPUs, 1 to " + MAX_CPUS + " (1)."),
        MachineOptions.memory(),
        DriveOption.option(),
        DriveOption.faults(),
        PciOptions.guestGuard(),
        MachineOptions.timeout(),
        Option.flag(
            NO_REBOOT,
            "A guest that resets, or panics under panic=-1, ends with status 125 instead of"
                + " starting anew."),
        MachineOptions.verbose());
  }

  /**
   * Reads the arguments.
   *
   * @throws UsageException if a value makes no sense
   */
  static BootOptions of(Arguments options) throws UsageException {
    Path kernel = file(options, KERNEL);
    String debian = debian(options, kernel);
    String append = options.value(APPEND, debian == null ? "" : QUIET);
    String chosen = options.value(CONSOLE, null);
    if (chosen != null) {
      if (!CONSOLES.contains(chosen)) {
        throw new UsageException(CONSOLE + ": choose one of " + String.join(", ", CONSOLES));
      }
      append = (append + " console=" + chosen).strip();
    }
    return new BootOptions(
        kernel,
        file(options, INITRD),
        debian,
        append,
        lastConsole(append),
        cpus(options.value(CPUS, "1")),
        MachineOptions.memory(options),
        DriveOption.of(options),
        PciOptions.guestGuard(options),
        MachineOptions.timeout(options),
        !options.has(NO_REBOOT),
        options.has(MachineOptions.VERBOSE));
  }

  private static Path file(Arguments options, String name) throws UsageException {
    String text = options.value(name, null);
    if (text == null) {
      return null;
    }
    Path file = Path.of(text);
    if (!Files.exists(file)) {
      throw new UsageException(name + ": there is no " + text);
    }
    if (Files.isDirectory(file)) {
      throw new UsageException(name + ": " + text + " is a folder, a file is wanted");
    }
    if (!Files.isReadable(file)) {
      throw new UsageException(name + ": " + text + " cannot be read: permission denied");
    }
    return file;
  }

  private static String debian(Arguments options, Path kernel) throws UsageException {
    if (kernel != null) {
      if (options.has(DEBIAN)) {
        throw new UsageException(DEBIAN + " and " + KERNEL + " are two kernels: choose one");
      }
      return null;
    }
    String version = options.value(DEBIAN, DEBIAN_KERNELS.getFirst());
    if (!DEBIAN_KERNELS.contains(version)) {
      throw new UsageException(DEBIAN + ": choose one of " + String.join(", ", DEBIAN_KERNELS));
    }
    return version;
  }

  /** The kernel's own rule: the last one is /dev/console. */
  static String lastConsole(String arguments) {
    String last = SERIAL;
    Matcher matcher = CONSOLE_ARGUMENT.matcher(arguments);
    while (matcher.find()) {
      if (CONSOLES.contains(matcher.group(1))) {
        last = matcher.group(1);
      }
    }
    return last;
  }

  private static int cpus(String text) throws UsageException {
    if (text.matches("\\d{1,3}")) {
      int count = Integer.parseInt(text);
      if (count >= 1 && count <= MAX_CPUS) {
        return count;
      }
    }
    throw new UsageException(CPUS + " must be 1 to " + MAX_CPUS + ", not " + text);
  }
}
