package orrery.device.storage;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A volatile write cache in front of a medium, for rehearsing losses of power: what was flushed is
 * on the medium; of what was not, a loss of power keeps some blocks and forgets others, each whole.
 * The choice follows from the seed. Slow, and only there if somebody plans to cut the power.
 */
public final class VolatileCache implements Medium {
  /** The smallest block of a disk in bytes. */
  private static final int BLOCK = 512;

  private final Medium medium;
  private final Random choice;
  private boolean failing;

  /** Blocks written and not flushed, by number. */
  private final SortedMap<Long, byte[]> dirty = new TreeMap<>();

  /**
   * An empty cache.
   *
   * @param medium becomes its own
   * @param seed decides what survives
   */
  public VolatileCache(Medium medium, long seed) {
    this.medium = medium;
    this.choice = new Random(seed);
  }

  @Override
  public long size() {
    return medium.size();
  }

  @Override
  public boolean grow() throws IOException {
    long end = medium.size();
    if (!medium.grow()) {
      return false;
    }
    byte[] last = dirty.get(end / BLOCK);
    int within = (int) (end % BLOCK);
    if (last != null && within > 0) {
      long more = Math.min(BLOCK - within, medium.size() - end);
      medium.read(end, MemorySegment.ofArray(last), within, more);
    }
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return medium.isReadOnly();
  }

  @Override
  public void read(long offset, MemorySegment to, long at, long length) throws IOException {
    medium.read(offset, to, at, length);
    for (var entry : blocks(offset, length).entrySet()) {
      long start = entry.getKey() * BLOCK;
      long first = Math.max(start, offset);
      long end = Math.min(start + BLOCK, offset + length);
      MemorySegment.copy(
          entry.getValue(),
          (int) (first - start),
          to,
          JAVA_BYTE,
          at + first - offset,
          (int) (end - first));
    }
  }

  @Override
  public void write(long offset, MemorySegment from, long at, long length) throws IOException {
    for (long done = 0; done < length; ) {
      long start = (offset + done) / BLOCK * BLOCK;
      int inside = (int) (offset + done - start);
      int part = (int) Math.min(BLOCK - inside, length - done);
      byte[] block = new byte[BLOCK];
      if (part < BLOCK) {
        read(start, MemorySegment.ofArray(block), 0, Math.min(BLOCK, size() - start));
      }
      MemorySegment.copy(from, JAVA_BYTE, at + done, block, inside, part);
      dirty.put(start / BLOCK, block);
      done += part;
    }
  }

  @Override
  public void discard(long offset, long length) throws IOException {
    MemorySegment zeros = MemorySegment.ofArray(new byte[BLOCK]);
    for (long done = 0; done < length; done += BLOCK) {
      write(offset + done, zeros, 0, Math.min(BLOCK, length - done));
    }
  }

  @Override
  public void flush() throws IOException {
    if (!failing) {
      store(dirty);
      medium.flush();
    }
  }

  @Override
  public void flush(long offset, long length) throws IOException {
    if (!failing) {
      store(blocks(offset, length));
      medium.flush(offset, length);
    }
  }

  private SortedMap<Long, byte[]> blocks(long offset, long length) {
    return dirty.subMap(offset / BLOCK, (offset + length + BLOCK - 1) / BLOCK);
  }

  private void store(SortedMap<Long, byte[]> blocks) throws IOException {
    for (var entry : blocks.entrySet()) {
      long start = entry.getKey() * BLOCK;
      MemorySegment block = MemorySegment.ofArray(entry.getValue());
      medium.write(start, block, 0, Math.min(BLOCK, size() - start));
    }
    blocks.clear();
  }

  @Override
  public void powerFails() {
    failing = true;
  }

  /** A cache may have written back any of its blocks before the power failed, and no others. */
  @Override
  public void losePower(int unit) {
    failing = false;
    long decided = -1;
    boolean lost = false;
    for (Iterator<Long> blocks = dirty.keySet().iterator(); blocks.hasNext(); ) {
      long now = blocks.next() * BLOCK / unit;
      if (now != decided) {
        decided = now;
        lost = choice.nextBoolean();
      }
      if (lost) {
        blocks.remove();
      }
    }
    try {
      store(dirty);
    } catch (IOException e) {
      dirty.clear(); // the medium failed with the power: nothing more survives
    }
  }

  @Override
  public void close() throws IOException {
    flush();
    medium.close();
  }
}
