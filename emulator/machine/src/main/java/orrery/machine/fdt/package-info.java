/**
 * Flattened device trees (Devicetree Specification v0.4, section 5): writing the one that describes
 * the machine and reading one back. It knows nothing else of the machine.
 */
package orrery.machine.fdt;
