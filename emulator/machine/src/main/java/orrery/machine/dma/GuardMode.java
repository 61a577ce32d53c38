package orrery.machine.dma;

/** What the DMA guard does about a transfer to memory that the device was not lent. */
public enum GuardMode {
  /** The transfer is refused, as by an IOMMU, and reported. */
  STRICT,
  /** The transfer is reported and goes on. */
  LOG,
  /** Devices reach all memory, as on a machine without an IOMMU. */
  OFF
}
