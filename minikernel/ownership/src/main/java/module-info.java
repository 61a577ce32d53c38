/** The ownership annotations that drivers and the kernel's hardware surface carry. */
module orrery.ownership {
  exports orrery.ownership;
}
