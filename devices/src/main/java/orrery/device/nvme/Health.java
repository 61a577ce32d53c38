package orrery.device.nvme;

/**
 * What the SMART / Health Information log counts (Base, section 5.2.12.1.3) over the life of the
 * drive: it outlives resets and, kept by a {@link DriveRecord}, machines.
 */
final class Health {
  /** Critical Warning of the temperature. */
  static final int WARNING_TEMPERATURE = 1 << 1;

  /** In kelvins: 30 degrees Celsius. */
  private static final int ROOM_TEMPERATURE = 303;

  private static final int SECTOR_SHIFT = 9;

  /** Data units are thousands of 512-byte sectors, rounded up. */
  private static final long DATA_UNIT = 1000;

  private static final long NANOS_PER_MINUTE = 60_000_000_000L;
  private static final long MINUTES_PER_HOUR = 60;

  /** The composite temperature in kelvins. */
  int temperature = ROOM_TEMPERATURE;

  long sectorsRead;
  long sectorsWritten;
  long readCommands;
  long writeCommands;
  long busyNanos;
  long powerCycles;
  long poweredNanos;
  long unsafeShutdowns;
  long mediaErrors;
  long errorEntries;

  /** Critical warnings: the only one that can be is that of the temperature. */
  int warnings(FeatureState features) {
    boolean outside =
        temperature >= features.overTemperature || temperature <= features.underTemperature;
    return outside ? WARNING_TEMPERATURE : 0;
  }

  void read(long bytes) {
    sectorsRead += bytes >>> SECTOR_SHIFT;
    readCommands++;
  }

  void written(long bytes) {
    sectorsWritten += bytes >>> SECTOR_SHIFT;
    writeCommands++;
  }

  long dataUnitsRead() {
    return units(sectorsRead);
  }

  long dataUnitsWritten() {
    return units(sectorsWritten);
  }

  private static long units(long sectors) {
    return (sectors + DATA_UNIT - 1) / DATA_UNIT;
  }

  long busyMinutes() {
    return busyNanos / NANOS_PER_MINUTE;
  }

  long poweredHours(long nanosSinceStart) {
    return (poweredNanos + nanosSinceStart) / NANOS_PER_MINUTE / MINUTES_PER_HOUR;
  }
}
