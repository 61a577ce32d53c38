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

  /** The interrupt controller's frame for message-signalled interrupts. */
  public static final long GIC_V2M = 0x0802_0000;

  /** PCI: the window to memory space below 4 GiB. */
  public static final long PCI_MEMORY_32 = 0x1000_0000;

  public static final long PCI_MEMORY_32_SIZE = 0x2eff_0000;

  /** PCI: the window to I/O space. */
  public static final long PCI_IO = 0x3eff_0000;

  public static final long PCI_IO_SIZE = 0x1_0000;

  /** PCI: configuration space of buses 0 to 15. */
  public static final long PCI_ECAM = 0x3f00_0000;

  public static final long PCI_ECAM_SIZE = 0x100_0000;

  /** PCI: the window to memory space above 4 GiB. */
  public static final long PCI_MEMORY_64 = 0x80_0000_0000L;

  public static final long PCI_MEMORY_64_SIZE = 0x80_0000_0000L;

  /** The guest's memory. */
  public static final long RAM = 0x4000_0000;

  private MemoryMap() {}
}
