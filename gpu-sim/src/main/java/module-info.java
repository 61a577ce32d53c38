/**
 * The GPU: coprocessor mailbox, MMU, firmware, command streams, shaders, rasteriser, display. It
 * knows the machine and nothing above it. Unfurnished yet.
 */
module orrery.gpu {
  requires transitive orrery.machine;
}
