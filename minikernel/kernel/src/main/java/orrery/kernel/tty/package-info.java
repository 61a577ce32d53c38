/**
 * Terminals: the line discipline (a pure state machine of bytes in and bytes out), terminals with
 * their settings and job control, the drivers of the machine's serial ports and console control,
 * and pseudo-terminal pairs.
 *
 * <p>May touch: {@code orrery.kernel.hw} for registers and interrupts, and the rooms below ({@code
 * abi}, {@code memory}, {@code wait}, {@code fs}, {@code task}). Everything runs on the vCPU's
 * thread.
 */
package orrery.kernel.tty;
