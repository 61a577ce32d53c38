/** The ground floor: the Unicorn engine's C interface as Java, usable on its own. */
module orrery.unicorn {
  exports orrery.unicorn;
}
