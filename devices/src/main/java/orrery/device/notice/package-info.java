/**
 * The host-notice device, through which a guest tells its host what no hardware wants to know: that
 * it is ready for input, and how it ended. A device of this machine's own. It touches the machine's
 * bus and nothing above.
 */
package orrery.device.notice;
