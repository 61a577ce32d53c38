/** The mini-kernel: it knows the machine's hardware surface and never a device model. */
module orrery.kernel {
  requires transitive orrery.machine;
  requires orrery.ownership;

  exports orrery.kernel;
}
