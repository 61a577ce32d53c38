/**
 * The ownership annotations that drivers and the kernel's hardware surface carry, and the run-time
 * guard behind them.
 */
module orrery.ownership {
  exports orrery.ownership;
}
