package orrery.kernel.memory;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import orrery.kernel.hw.PhysicalMemory;

/**
 * Anonymous memory that processes share. Which frame holds which page is written in frames of its
 * own, in a tree of 512 entries per node, so that a program cannot make Java's heap grow.
 */
final class SharedMemory implements PageSource {
  private static final int BITS = FRAME_SHIFT - 3;
  private static final long MASK = (1 << BITS) - 1;

  private final PhysicalMemory memory;
  private final FrameAllocator frames;
  private final FileMappings mappings = new FileMappings();
  private final long size;
  private final int height;
  private long root;
  private int users;

  SharedMemory(FrameAllocator frames, long size) {
    this.memory = frames.memory();
    this.frames = frames;
    this.size = size;
    int levels = 1;
    while (size - 1 >>> FRAME_SHIFT + BITS * levels != 0) {
      levels++;
    }
    this.height = levels;
  }

  @Override
  public long page(long index) {
    if (index < 0 || index > size - 1 >>> FRAME_SHIFT) {
      return FrameAllocator.NONE;
    }
    if (root == 0) {
      root = newNode();
    }
    long node = root;
    for (int level = height - 1; node != 0 && level > 0; level--) {
      node = child(node + ((index >>> BITS * level & MASK) << 3));
    }
    long frame = node == 0 ? 0 : child(node + ((index & MASK) << 3));
    if (frame == 0) {
      return FrameAllocator.NONE;
    }
    frames.share(frame);
    return frame;
  }

  @Override
  public long residentPage(long index) {
    if (index < 0 || index > size - 1 >>> FRAME_SHIFT) {
      return FrameAllocator.NONE;
    }
    long node = root;
    for (int level = height - 1; node != 0 && level >= 0; level--) {
      node = memory.readLong(node + ((index >>> BITS * level & MASK) << 3));
    }
    if (node == 0) {
      return FrameAllocator.NONE;
    }
    frames.share(node);
    return node;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public FileMappings mappings() {
    return mappings;
  }

  @Override
  public void mapped() {
    users++;
  }

  @Override
  public void unmapped() {
    if (--users == 0 && root != 0) {
      free(root, height);
      root = 0;
    }
  }

  private long child(long slot) {
    long frame = memory.readLong(slot);
    if (frame == 0) {
      frame = newNode();
      memory.writeLong(slot, frame);
    }
    return frame;
  }

  private long newNode() {
    long frame = frames.allocateZeroed();
    return frame == FrameAllocator.NONE ? 0 : frame;
  }

  private void free(long node, int levels) {
    for (int i = 0; levels > 0 && i < FRAME_SIZE; i += Long.BYTES) {
      long child = memory.readLong(node + i);
      if (child != 0) {
        free(child, levels - 1);
      }
    }
    frames.release(node);
  }
}
