package orrery.machine.pci;

/** The state of a function's MSI-X and nothing else. */
final class MsiXState {
  /** Copies of Message Control's bits. */
  boolean enabled;

  boolean masked;

  /** The table as software sees it. */
  final byte[] table;

  /** A bit for each vector. */
  final long[] pending;

  MsiXState(int vectors) {
    table = new byte[vectors * MsiX.ENTRY_SIZE];
    pending = new long[MsiX.pendingSize(vectors) / Long.BYTES];
  }
}
