/** /sys, as far as programs read it about block devices and their controllers. */
package orrery.kernel.sysfs;
