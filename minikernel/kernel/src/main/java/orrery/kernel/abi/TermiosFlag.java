package orrery.kernel.abi;

/**
 * Terminal settings: the flags of {@code struct termios} and the places of its control characters.
 * Source: Linux {@code include/uapi/asm-generic/termbits.h} and {@code termbits-common.h}.
 */
public final class TermiosFlag {
  // c_iflag
  public static final int IGNBRK = 0x1;
  public static final int BRKINT = 0x2;
  public static final int ISTRIP = 0x20;
  public static final int INLCR = 0x40;
  public static final int IGNCR = 0x80;
  public static final int ICRNL = 0x100;
  public static final int IUCLC = 0x200;
  public static final int IXON = 0x400;
  public static final int IXANY = 0x800;
  public static final int IXOFF = 0x1000;
  public static final int IMAXBEL = 0x2000;
  public static final int IUTF8 = 0x4000;
  public static final int PARMRK = 0x8;

  // c_oflag
  public static final int OPOST = 0x1;
  public static final int OLCUC = 0x2;
  public static final int ONLCR = 0x4;
  public static final int OCRNL = 0x8;
  public static final int ONOCR = 0x10;
  public static final int ONLRET = 0x20;
  public static final int TABDLY = 0x1800;
  public static final int XTABS = 0x1800;

  // c_cflag
  public static final int CBAUD = 0x100f;
  public static final int B38400 = 0xf;
  public static final int B115200 = 0x1002;
  public static final int CS8 = 0x30;
  public static final int CREAD = 0x80;
  public static final int HUPCL = 0x400;
  public static final int CLOCAL = 0x800;

  // c_lflag
  public static final int ISIG = 0x1;
  public static final int ICANON = 0x2;
  public static final int ECHO = 0x8;
  public static final int ECHOE = 0x10;
  public static final int ECHOK = 0x20;
  public static final int ECHONL = 0x40;
  public static final int NOFLSH = 0x80;
  public static final int TOSTOP = 0x100;
  public static final int ECHOCTL = 0x200;
  public static final int ECHOPRT = 0x400;
  public static final int ECHOKE = 0x800;
  public static final int IEXTEN = 0x8000;
  public static final int EXTPROC = 0x10000;

  // places in c_cc
  public static final int VINTR = 0;
  public static final int VQUIT = 1;
  public static final int VERASE = 2;
  public static final int VKILL = 3;
  public static final int VEOF = 4;
  public static final int VTIME = 5;
  public static final int VMIN = 6;
  public static final int VSTART = 8;
  public static final int VSTOP = 9;
  public static final int VSUSP = 10;
  public static final int VEOL = 11;
  public static final int VREPRINT = 12;
  public static final int VDISCARD = 13;
  public static final int VWERASE = 14;
  public static final int VLNEXT = 15;
  public static final int VEOL2 = 16;

  /** Control characters in {@code c_cc}. */
  public static final int NCCS = 19;

  /** The value that switches a control character off. */
  public static final int DISABLED = 0;

  private TermiosFlag() {}
}
