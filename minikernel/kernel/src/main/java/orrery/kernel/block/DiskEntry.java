package orrery.kernel.block;

import java.util.Map;
import orrery.kernel.device.Driven;

/**
 * A disk, as the kernel knows it.
 *
 * @param name under /dev
 * @param controller that it belongs to
 * @param driver behind it
 * @param queue takes its requests
 * @param attributes what its driver says of it
 */
public record DiskEntry(
    String name,
    ControllerEntry controller,
    Driven driver,
    RequestQueue queue,
    Map<String, String> attributes) {}
