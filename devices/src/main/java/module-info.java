/** Device models. They know the machine and nothing above it. */
module orrery.devices {
  requires transitive orrery.machine;

  exports orrery.device.uart;
}
