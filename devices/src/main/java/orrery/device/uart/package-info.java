/**
 * The UART (Arm PL011, DDI 0183G) and the host's end of its line. It touches the machine's bus,
 * interrupt lines and nothing above.
 */
package orrery.device.uart;
