/**
 * Interrupts: the line a device pulls and the controller (GICv2) between the lines and the CPUs. It
 * knows the bus, over which the controller is programmed, and nothing else.
 */
package orrery.machine.irq;
