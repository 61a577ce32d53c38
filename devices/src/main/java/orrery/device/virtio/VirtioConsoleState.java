package orrery.device.virtio;

/** The state of a console and nothing else. */
final class VirtioConsoleState {
  /** Bytes of the buffer being sent that the host has taken. */
  long sent;

  /** The terminal's size as the driver was told. */
  int columns;

  int rows;

  /** Emergency bytes that the host has not taken yet. */
  final byte[] emergency = new byte[1024];

  int emergencyCount;
}
