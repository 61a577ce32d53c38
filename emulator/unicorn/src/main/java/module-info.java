/** The ground floor: the Unicorn engine's C interface as Java, usable on its own. */
@SuppressWarnings("module") // the modules above are not there when this one is compiled
module orrery.unicorn {
  exports orrery.unicorn;
  exports orrery.unicorn.host to
      orrery.devices,
      orrery.machine,
      orrery.cli;
}
