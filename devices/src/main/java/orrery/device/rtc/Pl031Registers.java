package orrery.device.rtc;

/** Registers of the PL031 (Arm DDI 0224C, chapter 3), named as there. */
final class Pl031Registers {
  // Byte offsets, table 3-1.
  static final int RTCDR = 0x000;
  static final int RTCMR = 0x004;
  static final int RTCLR = 0x008;
  static final int RTCCR = 0x00c;
  static final int RTCIMSC = 0x010;
  static final int RTCRIS = 0x014;
  static final int RTCMIS = 0x018;
  static final int RTCICR = 0x01c;

  /** Four peripheral and four cell identification registers of one byte, a word apart. */
  static final int IDENTIFICATION = 0xfe0;

  static final int REGISTERS_SIZE = 0x1000;

  /** The only bit of RTCCR, RTCIMSC, RTCRIS, RTCMIS and RTCICR. */
  static final int ENABLE = 1;

  /** RTCPeriphID0-3: part 0x031, designer Arm; RTCPCellID0-3. */
  private static final int[] IDENTIFICATION_BYTES = {
    0x31, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1
  };

  private Pl031Registers() {}

  /** The identification byte at an offset from {@link #IDENTIFICATION} on. */
  static int identification(int offset) {
    return IDENTIFICATION_BYTES[(offset - IDENTIFICATION) / Integer.BYTES];
  }
}
