package orrery.device.nvme;

/** What {@code devices/fuzz} has Jazzer feed with programs of hostile hosts. */
public final class NvmeFuzzTarget {
  private NvmeFuzzTarget() {}

  /** Runs one; whatever it throws is a fault of the controller. */
  public static void fuzzerTestOneInput(byte[] program) {
    new FuzzProgram(program).run();
  }
}
