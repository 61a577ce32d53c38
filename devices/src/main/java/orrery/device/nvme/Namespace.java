package orrery.device.nvme;

import java.io.IOException;
import orrery.device.storage.Medium;

/** A namespace: blocks on a medium, in one of the formats. Belongs to the vCPU's thread. */
final class Namespace {
  /**
   * How a block looks.
   *
   * @param shift log2 of its data bytes
   * @param metadata bytes of metadata for each block
   */
  record LbaFormat(int shift, int metadata) {}

  /** The formats a namespace can have. */
  static final LbaFormat[] FORMATS = {new LbaFormat(9, 0), new LbaFormat(12, 0)};

  final int id;
  final Medium medium;

  /** Index in {@link #FORMATS}. */
  private int format;

  private long capacity;

  /** Whether the controller has it at present: its NSID is active (Base, section 3.2.1.2). */
  boolean attached = true;

  /** Current value of the feature Error Recovery. */
  int errorRecovery;

  /**
   * A namespace.
   *
   * @param id its identifier, from 1 on
   */
  Namespace(int id, Medium medium) {
    this.id = id;
    this.medium = medium;
    capacity = medium.size();
  }

  int format() {
    return format;
  }

  void format(int index) {
    format = index;
  }

  int blockShift() {
    return FORMATS[format].shift();
  }

  /** How many blocks there are. */
  long blocks() {
    return capacity >>> blockShift();
  }

  /** Gives it this many bytes, but not more than its medium has; what was beyond stays there. */
  void resize(long bytes) {
    capacity = Math.min(bytes, medium.size());
  }

  /**
   * Takes what its medium has grown by, unless it has been made smaller than its medium.
   *
   * @return whether it has another size now
   */
  boolean grow() throws IOException {
    long before = blocks();
    boolean whole = capacity == medium.size();
    if (medium.grow() && whole) {
      capacity = medium.size();
    }
    return blocks() != before;
  }

  /** Whether {@code count} blocks from {@code first} on exist. */
  boolean contains(long first, long count) {
    long blocks = blocks();
    return first >= 0 && first <= blocks && count <= blocks - first;
  }
}
