package orrery.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import orrery.machine.Ram;

/** The options that every command with a machine has, and how their values are read. */
final class MachineOptions {
  static final String MEMORY = "--memory";
  static final String TIMEOUT = "--timeout";
  static final String VERBOSE = "--verbose";

  private static final String DEFAULT_MEMORY = "512M";
  private static final long MIN_MEMORY = 16L << 20;
  private static final long MAX_MEMORY = 255L << 30;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([KMG]?)i?B?");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
  private static final int NANO_DIGITS = 9;

  private MachineOptions() {}

  static Option memory() {
    return Option.valued(
        MEMORY, "SIZE", "The guest's memory, such as 64M or 2G (" + DEFAULT_MEMORY + ").");
  }

  static Option timeout() {
    return Option.valued(TIMEOUT, "SECONDS", "Stop after this time, with exit status 124.");
  }

  static Option verbose() {
    return Option.flag(VERBOSE, "-v", "Tell on stderr what goes on inside.");
  }

  /** The guest's memory in bytes. */
  static long memory(Arguments arguments) throws UsageException {
    String text = arguments.value(MEMORY, DEFAULT_MEMORY);
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new UsageException(
          MEMORY + ": '" + text + "' is no size; write a number of bytes or such as 512M or 2G");
    }
    int shift = size.group(2).isEmpty() ? 0 : 10 * ("KMG".indexOf(size.group(2)) + 1);
    BigInteger bytes = new BigInteger(size.group(1)).shiftLeft(shift);
    if (bytes.compareTo(BigInteger.valueOf(MIN_MEMORY)) < 0
        || bytes.compareTo(BigInteger.valueOf(MAX_MEMORY)) > 0) {
      throw new UsageException(MEMORY + " must be between 16M and 255G, not " + text);
    }
    long granule = Ram.ALIGNMENT;
    return bytes.longValue() + granule - 1 & -granule;
  }

  /** After which time the machine is stopped, or null for never. */
  static Duration timeout(Arguments arguments) throws UsageException {
    String text = arguments.value(TIMEOUT, null);
    if (text == null) {
      return null;
    }
    if (!SECONDS.matcher(text).matches()) {
      throw new UsageException(
          TIMEOUT + ": '" + text + "' is no number of seconds, such as 10 or 0.5");
    }
    long nanos = new BigDecimal(text).movePointRight(NANO_DIGITS).longValueExact();
    if (nanos == 0) {
      throw new UsageException(TIMEOUT + " must be more than 0 seconds");
    }
    return Duration.ofNanos(nanos);
  }
}
