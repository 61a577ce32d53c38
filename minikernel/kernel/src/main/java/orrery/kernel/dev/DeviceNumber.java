package orrery.kernel.dev;

/** Numbers of character devices. Source: Linux {@code Documentation/admin-guide/devices.txt}. */
final class DeviceNumber {
  static final int MEMORY_MAJOR = 1;
  static final int NULL = 3;
  static final int ZERO = 5;
  static final int FULL = 7;
  static final int RANDOM = 8;
  static final int URANDOM = 9;
  static final int KMSG = 11;

  static final int TTY_MAJOR = 5;
  static final int TTY = 0;
  static final int CONSOLE = 1;
  static final int PTMX = 2;

  static final int PTS_MAJOR = 136;

  private DeviceNumber() {}
}
