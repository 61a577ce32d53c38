package orrery.kernel.device;

/**
 * One line of a driver's ID table.
 *
 * @param vendor of the device
 * @param device by its vendor's list, or {@link #ANY}
 * @param classCode what the class code must be where {@code classMask} has ones
 * @param classMask 0 if the class does not matter
 */
public record PciId(int vendor, int device, int classCode, int classMask) {
  /** Matches everything. */
  public static final int ANY = -1;

  /** One device of one vendor. */
  public static PciId of(int vendor, int device) {
    return new PciId(vendor, device, 0, 0);
  }

  /**
   * Every device of a class, whoever made it.
   *
   * @param classCode base class, sub-class and programming interface, 24 bits
   * @param mask the bits that count
   */
  public static PciId ofClass(int classCode, int mask) {
    return new PciId(ANY, ANY, classCode, mask);
  }

  boolean matches(int itsVendor, int itsDevice, int itsClass) {
    return (vendor == ANY || vendor == itsVendor)
        && (device == ANY || device == itsDevice)
        && ((itsClass ^ classCode) & classMask) == 0;
  }
}
