/**
 * What is in memory when the CPU leaves reset, by the Linux/arm64 boot protocol
 * (Documentation/arch/arm64/booting.rst). It touches the machine's RAM and nothing else of it.
 */
package orrery.machine.boot;
