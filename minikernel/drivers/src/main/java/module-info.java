/**
 * The mini-kernel's drivers: they reach their devices through the kernel's typed hardware surface
 * or not at all. Unfurnished yet: the console's drivers are part of the kernel.
 */
module orrery.drivers {
  requires orrery.kernel;
  requires orrery.ownership;
}
