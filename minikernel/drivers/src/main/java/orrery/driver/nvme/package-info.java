/**
 * The driver of NVM Express controllers on PCI. Specifications: NVM Express Base 2.0 ("Base"), NVM
 * Command Set 1.0 ("NVM"), NVMe over PCIe Transport 1.0 ("PCIe Transport"); figures and sections
 * are quoted by number.
 *
 * <p>A request's way: {@link orrery.driver.nvme.Controller#submit} hands it to the {@link
 * orrery.driver.nvme.IoQueue} of the CPU, which puts it into a command slot, writes the command
 * with its {@link orrery.driver.nvme.PageLists pages} into the submission ring, and tells the
 * device on {@code commit}. A completion is found by its phase tag, its command identifier is
 * checked against the slot's generation, and the request leaves the slot by being completed.
 * Nothing on that way allocates.
 *
 * <p>What goes wrong climbs a ladder ({@link orrery.driver.nvme.Controller}): a command that is
 * late is looked for, aborted, and at last costs a reset of the controller, after which the
 * requests are issued anew; a controller that does not come back, or whose registers read as all
 * ones, is dead, and everything fails.
 */
package orrery.driver.nvme;
