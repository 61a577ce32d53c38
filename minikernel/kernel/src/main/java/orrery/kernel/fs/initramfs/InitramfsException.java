package orrery.kernel.fs.initramfs;

/**
 * The initial root is damaged or does not fit; the message names the entry and says what is wrong.
 */
public final class InitramfsException extends Exception {
  private static final long serialVersionUID = 1;

  InitramfsException(String message) {
    super(message);
  }
}
