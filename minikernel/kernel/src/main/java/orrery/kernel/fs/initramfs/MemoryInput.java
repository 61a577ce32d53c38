package orrery.kernel.fs.initramfs;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import java.nio.charset.StandardCharsets;
import orrery.kernel.fs.tmpfs.TmpfsFile;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.FrameAllocator;

/**
 * An archive where the boot loader put it. Its frames are reserved, one reference each: whole pages
 * of file data that lie on page boundaries become the file's pages, all other frames are released.
 */
final class MemoryInput extends ArchiveInput {
  private final PhysicalMemory memory;
  private final FrameAllocator frames;
  private final long start;
  private final long end;
  private final byte[] scratch = new byte[256];
  private long at;

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
    return (int) Math.min(n, end - at);
  }

  @Override
  long word(int offset) {
    return memory.readLong(at + offset);
  }

  @Override
  int octet(int offset) {
    return memory.readByte(at + offset) & 0xff;
  }

  @Override
  String text(int length) {
    int n = memory.indexOfZero(at, length);
    byte[] bytes = n <= scratch.length ? scratch : new byte[n];
    memory.copyOut(at, bytes, 0, n);
    return new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
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
