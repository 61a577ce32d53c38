package orrery.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import orrery.device.nvme.Drive;
import orrery.device.nvme.DriveFaults;
import orrery.device.nvme.Drives;
import orrery.device.nvme.NvmeProvider;
import orrery.machine.MachineBuilder;
import orrery.machine.fault.FaultFile;
import orrery.machine.fault.FaultFileException;

/**
 * {@code --drive} and {@code --faults}: disk images that the machine gets as NVMe namespaces, and
 * what goes wrong with them.
 */
final class DriveOption {
  private static final String DRIVE = "--drive";
  private static final String FAULTS = "--faults";
  private static final String FORM = "FILE[,overlay][,readonly][,direct][,serial=S]";
  private static final String SERIAL = "serial=";

  /** What an NVMe serial number can be: 20 bytes of printable ASCII without outer spaces. */
  private static final Pattern SERIAL_NUMBER = Pattern.compile("[!-~]([ -~]{0,18}[!-~])?");

  private DriveOption() {}

  static Option option() {
    return Option.repeatable(
        DRIVE,
        FORM,
        "Give the machine a disk image as NVMe drive: overlay forgets what is written, readonly"
            + " refuses it, direct does not map the file; drives with the same serial are"
            + " namespaces of one controller. Repeatable.");
  }

  /** The images, in order. */
  static List<Drive> drives(Arguments arguments) throws UsageException {
    List<Drive> drives = new ArrayList<>();
    for (String text : arguments.values(DRIVE)) {
      drives.add(parse(text));
    }
    return drives;
  }

  static Option faults() {
    return Option.valued(
        FAULTS,
        "FILE.toml",
        "Make commands of the drives fail as the file says, a table [[nvme]] for each fault, with"
            + " command = \"read\", nth = 3, status = \"read-error\", say: devices/faults.md has it"
            + " all.");
  }

  /**
   * The drives and what goes wrong with them.
   *
   * @throws UsageException if a value makes no sense
   */
  static Drives of(Arguments arguments) throws UsageException {
    List<Drive> drives = drives(arguments);
    String file = arguments.value(FAULTS, null);
    if (file == null) {
      return new Drives(drives);
    }
    if (drives.isEmpty()) {
      throw new UsageException(FAULTS + ": there is no drive to fail; add " + DRIVE + " FILE");
    }
    try {
      FaultFile faults = FaultFile.read(Path.of(file));
      DriveFaults planned = DriveFaults.read(faults);
      faults.finish();
      return new Drives(drives, planned);
    } catch (InvalidPathException e) {
      throw new UsageException(FAULTS + ": '" + file + "' is no name of a file");
    } catch (FaultFileException | IllegalArgumentException e) {
      throw new UsageException(FAULTS + ": " + e.getMessage());
    }
  }

  /** A machine with drives has PCI. */
  static void plug(Drives drives, MachineBuilder builder) {
    if (!drives.isEmpty()) {
      builder.pci(true).backend(NvmeProvider.DRIVES, drives);
    }
  }

  private static Drive parse(String text) throws UsageException {
    String[] parts = text.split(",", -1);
    boolean overlay = false;
    boolean readOnly = false;
    boolean direct = false;
    String serial = null;
    for (int i = 1; i < parts.length; i++) {
      switch (parts[i]) {
        case "overlay" -> overlay = true;
        case "readonly" -> readOnly = true;
        case "direct" -> direct = true;
        default -> serial = serial(parts[i]);
      }
    }
    return new Drive(image(parts[0]), overlay, readOnly, direct, serial);
  }

  private static String serial(String part) throws UsageException {
    if (!part.startsWith(SERIAL)) {
      throw new UsageException(DRIVE + ": '" + part + "' is unknown; write " + FORM);
    }
    String serial = part.substring(SERIAL.length());
    if (!SERIAL_NUMBER.matcher(serial).matches()) {
      throw new UsageException(
          DRIVE + ": the serial '" + serial + "' is not 1 to 20 printable ASCII characters");
    }
    return serial;
  }

  private static Path image(String name) throws UsageException {
    try {
      Path image = Path.of(name);
      if (name.isEmpty() || !Files.exists(image)) {
        throw new UsageException(
            DRIVE + ": there is no '" + name + "'; make an image with truncate -s 1G " + name);
      }
      if (Files.isDirectory(image)) {
        throw new UsageException(DRIVE + ": " + name + " is a folder, an image file is wanted");
      }
      return image;
    } catch (InvalidPathException e) {
      throw new UsageException(DRIVE + ": '" + name + "' is no name of a file");
    }
  }
}
