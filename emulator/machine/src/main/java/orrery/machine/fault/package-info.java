/**
 * Faults on purpose: which requests to a device go wrong and how, in terms that every device with
 * requests shares. Knows no device.
 */
package orrery.machine.fault;
