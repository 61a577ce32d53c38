package orrery.driver.nvme;

/** A command failed, or the controller did not do what it should. */
final class NvmeException extends Exception {
  private static final long serialVersionUID = 1;

  NvmeException(String message) {
    super(message, null, false, false);
  }
}
