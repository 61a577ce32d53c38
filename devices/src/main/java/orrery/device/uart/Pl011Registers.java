package orrery.device.uart;

/** Registers and fields of the PL011 (Arm DDI 0183G, chapter 3), named as there. */
final class Pl011Registers {
  // Byte offsets, table 3-1.
  static final int UARTDR = 0x000;
  static final int UARTRSR = 0x004;
  static final int UARTFR = 0x018;
  static final int UARTILPR = 0x020;
  static final int UARTIBRD = 0x024;
  static final int UARTFBRD = 0x028;
  static final int UARTLCR_H = 0x02c;
  static final int UARTCR = 0x030;
  static final int UARTIFLS = 0x034;
  static final int UARTIMSC = 0x038;
  static final int UARTRIS = 0x03c;
  static final int UARTMIS = 0x040;
  static final int UARTICR = 0x044;
  static final int UARTDMACR = 0x048;

  /** Four peripheral and four cell identification registers of one byte, a word apart. */
  static final int IDENTIFICATION = 0xfe0;

  static final int REGISTERS_SIZE = 0x1000;

  /** UARTPeriphID0-3: part 0x011, designer Arm, revision 3 (r1p5); UARTPCellID0-3. */
  private static final int[] IDENTIFICATION_BYTES = {
    0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1
  };

  /** UARTDR: the byte; error flags in 11:8 are always zero here. */
  static final int DATA_MASK = 0xff;

  // UARTFR, section 3.3.3.
  static final int FR_CTS = 1;
  static final int FR_DSR = 1 << 1;
  static final int FR_DCD = 1 << 2;
  static final int FR_BUSY = 1 << 3;
  static final int FR_RXFE = 1 << 4;
  static final int FR_TXFF = 1 << 5;
  static final int FR_RXFF = 1 << 6;
  static final int FR_TXFE = 1 << 7;

  // UARTLCR_H, section 3.3.7.
  static final int LCR_H_FEN = 1 << 4;
  static final int LCR_H_MASK = 0xff;

  // UARTCR, section 3.3.8.
  static final int CR_UARTEN = 1;
  static final int CR_LBE = 1 << 7;
  static final int CR_TXE = 1 << 8;
  static final int CR_RXE = 1 << 9;
  static final int CR_RTS = 1 << 11;
  static final int CR_RESET = CR_TXE | CR_RXE;
  static final int CR_MASK = 0xff87;

  // UARTIFLS, section 3.3.9.
  static final int IFLS_RESET = 0x12;
  static final int IFLS_MASK = 0x3f;
  static final int IFLS_RX_SHIFT = 3;
  static final int IFLS_LEVEL_MASK = 7;

  // Interrupts, sections 3.3.10 to 3.3.13.
  static final int INT_RX = 1 << 4;
  static final int INT_TX = 1 << 5;
  static final int INT_RT = 1 << 6;
  static final int INT_MASK = 0x7ff;

  static final int IBRD_MASK = 0xffff;
  static final int FBRD_MASK = 0x3f;
  static final int ILPR_MASK = 0xff;
  static final int DMACR_MASK = 7;

  /** Bytes in each FIFO (r1p5); one when FIFOs are off. */
  static final int FIFO_DEPTH = 32;

  /** UARTIFLS settings as eighths of the depth; reserved settings as the last. */
  private static final int[] LEVEL_EIGHTHS = {1, 2, 4, 6, 7, 7, 7, 7};

  private static final int EIGHTHS = 8;

  private Pl011Registers() {}

  /** The identification byte at an offset from {@link #IDENTIFICATION} on. */
  static int identification(int offset) {
    return IDENTIFICATION_BYTES[(offset - IDENTIFICATION) / Integer.BYTES];
  }

  /** The bytes in a FIFO that a setting of UARTIFLS stands for. */
  static int triggerLevel(int setting) {
    return FIFO_DEPTH * LEVEL_EIGHTHS[setting & IFLS_LEVEL_MASK] / EIGHTHS;
  }
}
