package orrery.kernel.device;

import java.util.HashMap;
import java.util.Map;

/**
 * Parameters of drivers on the kernel's command line: {@code driver.parameter=value}, separated by
 * blanks (Linux: Documentation/admin-guide/kernel-parameters.rst).
 */
final class DriverParameters {
  private final Map<String, String> values = new HashMap<>();

  /** Reads a command line; what comes later wins. */
  DriverParameters(String commandLine) {
    for (String word : commandLine.split("\\s+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        values.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
  }

  /** A number; {@code otherwise} if there is none from {@code low} to {@code high}. */
  int number(String name, int otherwise, int low, int high) {
    String text = values.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text);
      return value < low || value > high ? otherwise : value;
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
