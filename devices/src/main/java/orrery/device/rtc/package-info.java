/**
 * The real-time clock (Arm PL031, DDI 0224C). It touches the machine's bus, clock, interrupt lines
 * and nothing above.
 */
package orrery.device.rtc;
