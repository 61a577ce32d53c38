package orrery.kernel.block;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A controller of disks, as the kernel knows it.
 *
 * @param kind its class: "nvme"
 * @param name in the class: "nvme0"
 * @param place of its device below /sys/devices
 * @param attributes what its driver says of it
 */
public record ControllerEntry(
    String kind, String name, String place, Map<String, String> attributes) {
  ControllerEntry(String kind, String name, String place) {
    this(kind, name, place, new LinkedHashMap<>());
  }
}
