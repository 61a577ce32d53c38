package orrery.device.nvme;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/**
 * What a drive knows besides its blocks, in a small text file beside the image ({@code
 * IMAGE.nvme}): the counters of its health, the format of its blocks, and whether it was shut down
 * properly. A drive without such a file, or with a damaged one, starts afresh.
 */
final class DriveRecord {
  static final String SUFFIX = ".nvme";

  private static final String FORMAT = "format.";
  private static final String CLEAN = "shut-down";

  private final Path file;
  private final Properties values = new Properties();

  /** A record in a file, or one that is forgotten if {@code file} is null. */
  DriveRecord(Path file) {
    this.file = file;
    if (file != null && Files.isRegularFile(file)) {
      try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        values.load(in);
      } catch (IOException | IllegalArgumentException e) {
        values.clear(); // counters are not worth refusing the drive for
      }
    }
  }

  /** Puts the counters into {@code health}. */
  void load(Health health) {
    health.sectorsRead = number("sectors-read");
    health.sectorsWritten = number("sectors-written");
    health.readCommands = number("read-commands");
    health.writeCommands = number("write-commands");
    health.busyNanos = number("busy-nanoseconds");
    health.powerCycles = number("power-cycles");
    health.poweredNanos = number("powered-nanoseconds");
    health.unsafeShutdowns = number("unsafe-shutdowns");
    health.mediaErrors = number("media-errors");
    health.errorEntries = number("error-log-entries");
  }

  /** Whether the last use ended without a shutdown. */
  boolean wasCutOff() {
    return "no".equals(values.getProperty(CLEAN));
  }

  /** Index of the namespace's block format. */
  int format(int namespace) {
    long index = number(FORMAT + namespace);
    return index < Namespace.FORMATS.length ? (int) index : 0;
  }

  private long number(String name) {
    try {
      return Math.max(0, Long.parseLong(values.getProperty(name, "0")));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /**
   * Writes the file.
   *
   * @param powered nanoseconds since the machine was switched on
   * @throws IOException if the host refuses
   */
  void save(Health health, Namespace[] namespaces, long powered, boolean clean) throws IOException {
    if (file == null) {
      return;
    }
    put("sectors-read", health.sectorsRead);
    put("sectors-written", health.sectorsWritten);
    put("read-commands", health.readCommands);
    put("write-commands", health.writeCommands);
    put("busy-nanoseconds", health.busyNanos);
    put("power-cycles", health.powerCycles);
    put("powered-nanoseconds", health.poweredNanos + powered);
    put("unsafe-shutdowns", health.unsafeShutdowns);
    put("media-errors", health.mediaErrors);
    put("error-log-entries", health.errorEntries);
    for (Namespace namespace : namespaces) {
      put(FORMAT + namespace.id, namespace.format());
    }
    values.setProperty(CLEAN, clean ? "yes" : "no");
    StringWriter text = new StringWriter();
    values.store(text, "What this drive counts; made by Orrery");
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text.toString());
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void put(String name, long value) {
    values.setProperty(name, Long.toString(value));
  }
}
