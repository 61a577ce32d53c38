package orrery.kernel.hw;

import orrery.ownership.Unsafe;

/** The two names of one piece of memory, of which the driver has one at any time. */
@Unsafe("owns neither: each method that gives one name out ends the other")
final class PagesNames {
  CpuPages cpu;
  DevicePages device;
}
