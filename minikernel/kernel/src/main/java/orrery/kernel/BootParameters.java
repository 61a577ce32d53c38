package orrery.kernel;

import java.util.List;
import orrery.machine.fdt.DeviceTree;
import orrery.machine.fdt.DeviceTreeException;
import orrery.machine.fdt.DeviceTreeNode;

/**
 * What the machine's {@code /chosen} node asks of the kernel. Source: Devicetree Specification
 * v0.4, section 3.6, and the Linux binding {@code chosen.yaml} for the initial file system.
 *
 * @param initrd guest-physical address of the initial file system
 * @param initrdSize its length in bytes; 0 if there is none
 * @param arguments the first program and its arguments
 * @param environment the first program's environment, {@code NAME=value}
 * @param folder where the first program starts
 * @param commandLine the kernel's own command line
 */
record BootParameters(
    long initrd,
    long initrdSize,
    List<String> arguments,
    List<String> environment,
    String folder,
    String commandLine) {
  private static final String INITRD_START = "linux,initrd-start";
  private static final String INITRD_END = "linux,initrd-end";
  private static final String ARGUMENTS = "orrery,argv";
  private static final String ENVIRONMENT = "orrery,env";
  private static final String FOLDER = "orrery,cwd";

  /**
   * Reads them.
   *
   * @throws DeviceTreeException if there is no {@code /chosen} or it is malformed
   */
  static BootParameters of(DeviceTree tree) {
    DeviceTreeNode chosen = tree.node("/chosen");
    if (chosen == null) {
      throw new DeviceTreeException("the device tree has no /chosen node");
    }
    long start = chosen.has(INITRD_START) ? chosen.u64(INITRD_START) : 0;
    long end = chosen.has(INITRD_END) ? chosen.u64(INITRD_END) : start;
    return new BootParameters(
        start,
        end - start,
        chosen.has(ARGUMENTS) ? chosen.strings(ARGUMENTS) : List.of("/bin/sh"),
        chosen.has(ENVIRONMENT) ? chosen.strings(ENVIRONMENT) : List.of(),
        chosen.string(FOLDER, "/"),
        chosen.string("bootargs", ""));
  }
}
