package orrery.cli.root;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Device nodes for an archive. They are only described there, so that making them needs no
 * privilege: {@code NAME:c|b:MAJOR:MINOR:MODE}, the name without a leading slash, the mode octal.
 */
final class DeviceNode {
  private static final Pattern FORM =
      Pattern.compile("([^/:][^:]*):([cb]):(\\d{1,4}):(\\d{1,3}):([0-7]{3})");
  private static final int MINOR_BITS = 8;
  private static final int OCTAL = 8;

  private DeviceNode() {}

  /**
   * Reads a description.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  static Entry parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not NAME:c|b:MAJOR:MINOR:MODE");
    }
    int type = matcher.group(2).equals("c") ? FileType.CHARACTER_DEVICE : FileType.BLOCK_DEVICE;
    long device = Long.parseLong(matcher.group(3)) << MINOR_BITS | Long.parseLong(matcher.group(4));
    return new Entry(
        matcher.group(1).getBytes(StandardCharsets.UTF_8),
        type | Integer.parseInt(matcher.group(5), OCTAL),
        0,
        0,
        device,
        null,
        null,
        null);
  }
}
