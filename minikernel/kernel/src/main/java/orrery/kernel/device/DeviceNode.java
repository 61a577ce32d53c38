package orrery.kernel.device;

import orrery.kernel.fs.DeviceTable;

/**
 * A file under /dev that a driver stands behind.
 *
 * @param name under /dev
 * @param major device number
 * @param minor device number
 * @param permissions of the file, octal
 * @param opener opens it
 */
@SuppressWarnings("exports") // for the kernel itself, not for drivers
public record DeviceNode(
    String name, int major, int minor, int permissions, DeviceTable.Driver opener) {}
