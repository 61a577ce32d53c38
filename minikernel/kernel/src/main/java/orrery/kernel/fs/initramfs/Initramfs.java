package orrery.kernel.fs.initramfs;

import orrery.kernel.fs.tmpfs.Tmpfs;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.FrameAllocator;

/** Loads the initial root. */
public final class Initramfs {
  /** How many bytes are searched for the next archive at a time. */
  private static final int CHUNK = 4096;

  private static final int GZIP = 0x8b1f;
  private static final int BZIP2 = 0x5a42;
  private static final int XZ = 0x37fd;
  private static final int ZSTD = 0xb528;
  private static final int LZ4 = 0x2102;

  private final Tmpfs fs;
  private final FrameAllocator frames;
  private final PhysicalMemory memory;

  /** Loads into {@code fs}. */
  public Initramfs(Tmpfs fs, FrameAllocator frames) {
    this.fs = fs;
    this.frames = frames;
    this.memory = frames.memory();
  }

  /**
   * Unpacks the archives at {@code address}. The frames that they overlap are {@linkplain
   * FrameAllocator#reserve reserved} and nobody else's; each is adopted by a file or released,
   * whatever happens.
   *
   * @param length bytes
   * @throws InitramfsException if an archive is damaged or the memory does not suffice
   */
  public void load(long address, long length) throws InitramfsException {
    MemoryInput in = new MemoryInput(frames, address, length);
    CpioUnpacker unpacker = new CpioUnpacker(fs);
    try {
      while (skipZeros(in)) {
        loadOne(in, unpacker);
      }
    } finally {
      in.releaseRest();
    }
  }

  private void loadOne(MemoryInput in, CpioUnpacker unpacker) throws InitramfsException {
    if (CpioHeader.isNext(in)) {
      unpacker.unpack(in);
      return;
    }
    int magic = in.look(2) == 2 ? in.octet(0) | in.octet(1) << 8 : 0;
    if (magic != GZIP) {
      String format =
          switch (magic) {
            case BZIP2 -> "bzip2";
            case XZ -> "xz";
            case ZSTD -> "zstd";
            case LZ4 -> "lz4";
            default ->
                throw new InitramfsException(
                    "the initial root has no cpio archive at byte "
                        + in.position()
                        + ": neither newc nor gzip");
          };
      throw new InitramfsException(
          "the initial root is compressed by " + format + "; use gzip or none");
    }
    try (GzipInput unzipped = new GzipInput(in, memory)) {
      while (skipZeros(unzipped)) {
        if (!CpioHeader.isNext(unzipped)) {
          throw new InitramfsException(
              "the initial root's gzip data has no cpio archive at byte " + unzipped.position());
        }
        unpacker.unpack(unzipped);
      }
      unzipped.finish();
    }
  }

  /** Passes the zeros that may stand between archives; false at the end. */
  private static boolean skipZeros(ArchiveInput in) throws InitramfsException {
    for (int n = in.look(CHUNK); n > 0; n = in.look(CHUNK)) {
      for (int i = 0; i < n; i++) {
        if (in.octet(i) != 0) {
          in.pass(i);
          return true;
        }
      }
      in.pass(n);
    }
    return false;
  }
}
