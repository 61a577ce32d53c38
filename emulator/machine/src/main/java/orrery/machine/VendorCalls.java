package orrery.machine;

/**
 * The machine's own hypercalls, in the range for vendor-specific hypervisor services (Arm SMC
 * Calling Convention, DEN 0028, section 6.1): fast calls, reached by HVC or SMC from EL1. The
 * firmware's source repeats these numbers.
 */
public final class VendorCalls {
  /** Asks for the service's unique id in w0 to w3. */
  public static final int UID = 0x8600ff01;

  /** Asks for the revision of these calls: major in w0, minor in w1. */
  public static final int REVISION = 0x8600ff03;

  /**
   * Attaches the hosted kernel; x1 is the device tree's address. Does not return unless no kernel
   * is there to attach.
   */
  public static final int ATTACH = 0xc6000100;

  /** Switches off with the exit status in w1: the guest's start failed. */
  public static final int FAIL = 0xc6000101;

  /** The id that {@link #UID} answers, 6f727265-7279-4d61-8c68-696e65000001, as four words. */
  static final int[] UID_WORDS = {0x6572726f, 0x614d7972, 0x6e69688c, 0x01000065};

  static final int REVISION_MAJOR = 1;
  static final int REVISION_MINOR = 0;

  private VendorCalls() {}
}
