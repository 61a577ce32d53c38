/**
 * What the typed NVMe driver is measured against: a driver that does the same without types, one
 * that does nothing, and a controller that moves no data, so that neither hides the drivers.
 */
package orrery.perf.twin;
