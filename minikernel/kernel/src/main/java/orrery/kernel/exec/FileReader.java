package orrery.kernel.exec;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.PageSource;

/** Reads a file's bytes into the kernel. */
final class FileReader {
  private final FrameAllocator frames;
  private final PhysicalMemory memory;

  FileReader(FrameAllocator frames) {
    this.frames = frames;
    this.memory = frames.memory();
  }

  /**
   * Fills {@code to} from {@code offset} of the file on.
   *
   * @return bytes read: fewer than wanted at the end of the file
   */
  int read(PageSource file, long offset, byte[] to) {
    long end = file.size();
    if (offset < 0 || offset >= end) {
      return 0;
    }
    int wanted = (int) Math.min(to.length, end - offset);
    int done = 0;
    while (done < wanted) {
      long at = offset + done;
      long frame = file.page(at >>> FRAME_SHIFT);
      if (frame == FrameAllocator.NONE) {
        break;
      }
      int within = (int) at & FRAME_SIZE - 1;
      int n = Math.min(wanted - done, FRAME_SIZE - within);
      memory.copyOut(frame + within, to, done, n);
      frames.release(frame);
      done += n;
    }
    return done;
  }
}
