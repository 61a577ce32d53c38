/**
 * The console-control device: what a serial line cannot say about the terminal at its other end. It
 * touches the machine's bus, interrupt lines and nothing above.
 */
package orrery.device.console;
