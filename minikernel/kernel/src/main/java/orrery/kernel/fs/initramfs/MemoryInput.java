package orrery.kernel.fs.initramfs;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import orrery.kernel.fs.tmpfs.TmpfsFile;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.FrameAllocator;

/**
 * An archive where the boot loader put it. Its frames are reserved, one reference each: whole pages
 * of file data that lie on page boundaries become the file's pages, all other frames are released.
 */
final class MemoryInput extends ArchiveInput {
  private static final int CHUNK = 16 << 10;

  private final PhysicalMemory memory;
  private final FrameAllocator frames;
  private final long start;
  private final long end;
  private long at;

  // A copy of the bytes from windowAt on: while the JVM is young and interprets, access to an array
  // is many times cheaper than access to guest memory.
  private byte[] window = new byte[CHUNK];
  private long windowAt;
  private int windowLength;

  /** The first frame that is neither adopted nor released. */
  private long keptFrom;

  MemoryInput(FrameAllocator frames, long start, long length) {
    this.frames = frames;
    this.memory = frames.memory();
    this.start = start;
    this.end = start + length;
    this.at = start;
    this.keptFrom = start & -FRAME_SIZE;
  }

  @Override
  long position() {
    return at - start;
  }

  /** The physical address of the next byte. */
  long address() {
    return at;
  }

  long remaining() {
    return end - at;
  }

  @Override
  int look(int n) {
    int there = (int) Math.min(n, end - at);
    if (at < windowAt || at + there > windowAt + windowLength) {
      if (there > window.length) {
        window = new byte[there];
      }
      windowAt = at;
      windowLength = (int) Math.min(window.length, end - at);
      memory.copyOut(at, window, 0, windowLength);
    }
    return there;
  }

  @Override
  byte[] window() {
    return window;
  }

  @Override
  int windowOffset() {
    return (int) (at - windowAt);
  }

  @Override
  void pass(long n) {
    at += n;
  }

  @Override
  long unpack(TmpfsFile file, long size) {
    long n = Math.min(size, end - at);
    long whole = (at & FRAME_SIZE - 1) == 0 ? n >>> FRAME_SHIFT : 0;
    if (whole > 0) {
      file.adopt(at, whole);
      releaseUpTo(at);
      keptFrom = at + (whole << FRAME_SHIFT);
    }
    long adopted = whole << FRAME_SHIFT;
    file.append(at + adopted, n - adopted, adopted);
    at += n;
    return n;
  }

  /** Releases all frames that no file has adopted. */
  void releaseRest() {
    releaseUpTo(end + FRAME_SIZE - 1 & -FRAME_SIZE);
  }

  private void releaseUpTo(long limit) {
    for (; keptFrom < limit; keptFrom += FRAME_SIZE) {
      frames.release(keptFrom);
    }
  }
}
