/**
 * Network cards and what they plug into: the user network, hubs, packet captures. They know the
 * machine and nothing above it. Unfurnished yet.
 */
module orrery.net {
  requires transitive orrery.machine;
}
