package orrery.machine;

/** Where the machine's own parts lie in guest-physical memory, in bytes. */
public final class MemoryMap {
  /** The firmware's ROM; the CPU starts at its first byte. */
  public static final long FIRMWARE = 0;

  public static final long FIRMWARE_SIZE = 0x1_0000;

  /** The interrupt controller's distributor. */
  public static final long GIC_DISTRIBUTOR = 0x0800_0000;

  public static final long GIC_DISTRIBUTOR_SIZE = 0x1_0000;

  /** The interrupt controller's CPU interface. */
  public static final long GIC_CPU_INTERFACE = 0x0801_0000;

  public static final long GIC_CPU_INTERFACE_SIZE = 0x1_0000;

  /** The guest's memory. */
  public static final long RAM = 0x4000_0000;

  private MemoryMap() {}
}
