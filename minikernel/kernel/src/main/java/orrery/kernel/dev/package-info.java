/**
 * The device tree of files under /dev: the nodes, and the drivers behind those that have no
 * hardware (null, zero, full, random, kmsg) or lead to a terminal.
 */
package orrery.kernel.dev;
