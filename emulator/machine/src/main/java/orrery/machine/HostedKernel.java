package orrery.machine;

/** A kernel that is part of this process and takes EL1's place for programs at EL0. */
public interface HostedKernel {
  /**
   * Called once, on the vCPU's thread, when the firmware hands over ({@link VendorCalls#ATTACH}).
   * The kernel attaches itself to the vCPU's traps and returns with a user context loaded and an
   * address space activated, or powers off.
   */
  void start(HostedPlatform platform);
}
