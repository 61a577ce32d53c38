/**
 * An NVM Express controller behind PCI: registers, queues, the admin and NVM command sets, over any
 * {@link orrery.device.storage.Medium}. Specifications: NVM Express Base 2.0 ("Base"), NVM Command
 * Set 1.0 ("NVM"), NVMe over PCIe Transport 1.0 ("PCIe Transport").
 *
 * <p>A command's way: {@link orrery.device.nvme.Registers} takes the doorbell, {@link
 * orrery.device.nvme.Engine} arbitrates and fetches into the one {@link
 * orrery.device.nvme.Request}, a {@link orrery.device.nvme.CommandTable} names its handler, {@link
 * orrery.device.nvme.DataPointer} turns PRPs or SGLs into extents, {@link
 * orrery.device.nvme.Transfer} moves the data between guest and medium, and {@link
 * orrery.device.nvme.Interrupts} tells the host. Nothing on that way allocates.
 *
 * <p>A new command set (zones), reservations or metadata are further entries in command tables and
 * further LBA formats.
 *
 * <p>Threads: everything on the vCPU's thread; the timer's own thread does nothing but request work
 * there. All mutable state that a guest can see sits in {@link orrery.device.nvme.NvmeState}.
 */
package orrery.device.nvme;
