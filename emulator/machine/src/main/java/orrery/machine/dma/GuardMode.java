package orrery.machine.dma;

/** What the DMA guard does about a transfer to memory that the device was not lent. */
public enum GuardMode {
  /** The transfer is refused, as by an IOMMU, and reported. */
  STRICT,
  /** The transfer is reported and goes on. */
  LOG,
  /**
   * Devices reach all memory, and what is refused on any machine is reported: transfers outside of
   * memory and by devices that may not master the bus. For kernels that lend nothing.
   */
  BOUNDS,
  /** Devices reach all memory, as on a machine without an IOMMU. */
  OFF
}
