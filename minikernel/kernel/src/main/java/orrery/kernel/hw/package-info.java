/**
 * The hardware surface: guest memory, device registers and interrupts. The only room that crosses
 * from typed to raw; all others reach the machine through it.
 */
package orrery.kernel.hw;
