/**
 * The system bus: which device answers at which guest-physical address. It knows no device, no RAM
 * and no CPU.
 */
package orrery.machine.bus;
