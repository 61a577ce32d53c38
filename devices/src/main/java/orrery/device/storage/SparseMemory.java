package orrery.device.storage;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Bytes in the host's memory, allocated piece by piece when first written: a medium of its own, all
 * zeros at first, or a copy-on-write layer over another, which it never writes.
 */
public final class SparseMemory implements Medium {
  /** What is allocated at once, in bytes. */
  private static final int PIECE = 64 << 10;

  /** Stands for a piece of zeros that hides the medium below; never written. */
  private static final byte[] ZEROS = new byte[PIECE];

  private final Medium below;
  private final Contents contents;
  private long size;

  /** By piece: its bytes, or null for those of the medium below. */
  private byte[][] pieces;

  /** What was written, for the next layer of that size over the same medium. Starts empty. */
  public static final class Contents {
    private byte[][] pieces = {};

    /** Nothing was written yet. */
    public Contents() {}

    private byte[][] of(int count) {
      if (pieces.length != count) {
        pieces = Arrays.copyOf(pieces, count);
      }
      return pieces;
    }
  }

  /** A medium of {@code size} bytes of zeros. */
  public SparseMemory(long size) {
    this(null, size, new Contents());
  }

  /** A layer over {@code below}, which becomes its own. */
  public SparseMemory(Medium below) {
    this(below, new Contents());
  }

  /**
   * A layer that goes on where another one stopped.
   *
   * @param below becomes its own
   * @param contents what was written before, and then what this one writes
   */
  public SparseMemory(Medium below, Contents contents) {
    this(below, below.size(), contents);
  }

  private SparseMemory(Medium below, long size, Contents contents) {
    this.below = below;
    this.size = size;
    this.contents = contents;
    pieces = contents.of(count(size));
  }

  private static int count(long size) {
    return Math.toIntExact((size + PIECE - 1) / PIECE);
  }

  @Override
  public boolean grow() throws IOException {
    if (below == null || !below.grow()) {
      return false;
    }
    int last = (int) (size / PIECE);
    int within = (int) (size % PIECE);
    if (within > 0 && pieces[last] != null) {
      long more = Math.min(PIECE - within, below.size() - size);
      below.read(size, MemorySegment.ofArray(pieces[last]), within, more);
    }
    size = below.size();
    pieces = contents.of(count(size));
    return true;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public void read(long offset, MemorySegment to, long at, long length) throws IOException {
    for (long done = 0; done < length; ) {
      int piece = (int) ((offset + done) / PIECE);
      int from = (int) ((offset + done) % PIECE);
      int part = (int) Math.min(PIECE - from, length - done);
      if (pieces[piece] != null || below == null) {
        byte[] bytes = pieces[piece] == null ? ZEROS : pieces[piece];
        MemorySegment.copy(bytes, from, to, JAVA_BYTE, at + done, part);
      } else {
        below.read(offset + done, to, at + done, part);
      }
      done += part;
    }
  }

  @Override
  public void write(long offset, MemorySegment from, long at, long length) throws IOException {
    for (long done = 0; done < length; ) {
      int piece = (int) ((offset + done) / PIECE);
      int start = (int) ((offset + done) % PIECE);
      int part = (int) Math.min(PIECE - start, length - done);
      MemorySegment.copy(from, JAVA_BYTE, at + done, writable(piece), start, part);
      done += part;
    }
  }

  @Override
  public void discard(long offset, long length) throws IOException {
    for (long done = 0; done < length; ) {
      int piece = (int) ((offset + done) / PIECE);
      int start = (int) ((offset + done) % PIECE);
      int part = (int) Math.min(PIECE - start, length - done);
      if (part == PIECE) {
        pieces[piece] = below == null ? null : ZEROS;
      } else if (pieces[piece] != ZEROS && (pieces[piece] != null || below != null)) {
        Arrays.fill(writable(piece), start, start + part, (byte) 0);
      }
      done += part;
    }
  }

  private byte[] writable(int piece) throws IOException {
    byte[] bytes = pieces[piece];
    if (bytes == null || bytes == ZEROS) {
      byte[] fresh = new byte[PIECE];
      if (bytes == null && below != null) {
        long start = (long) piece * PIECE;
        below.read(start, MemorySegment.ofArray(fresh), 0, Math.min(PIECE, size - start));
      }
      pieces[piece] = fresh;
      bytes = fresh;
    }
    return bytes;
  }

  @Override
  public void flush() {}

  @Override
  public void close() throws IOException {
    if (below != null) {
      below.close();
    }
  }
}
