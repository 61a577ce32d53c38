package orrery.device.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import orrery.machine.MachineException;
import orrery.unicorn.host.NativeFunction;

/**
 * An image file mapped into memory: reads and writes are copies, flushes are {@code msync}. What
 * was discarded becomes a hole in the file where the host's file system has holes (madvise(2),
 * MADV_REMOVE).
 */
public final class MappedFile implements Medium {
  private static final int MADV_REMOVE = 9;

  /** Holes are whole pages of the host, at most this large. */
  private static final long PAGE = 4096;

  private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[(int) PAGE]);

  private static final NativeFunction MADVISE = NativeFunction.standard("madvise");

  private final FileChannel channel;
  private Arena arena = Arena.ofShared();
  private MemorySegment memory;
  private final boolean readOnly;

  /**
   * Opens and maps an image.
   *
   * @throws MachineException with what to do if it cannot be used
   */
  public MappedFile(Path path, boolean readOnly) {
    this.readOnly = readOnly;
    channel = ImageFile.open(path, readOnly);
    try {
      memory = map(channel.size(), arena);
    } catch (IOException e) {
      close(channel, arena);
      throw new MachineException("the drive " + path + " cannot be mapped: " + e.getMessage());
    }
  }

  private MemorySegment map(long size, Arena lifetime) throws IOException {
    return channel.map(readOnly ? MapMode.READ_ONLY : MapMode.READ_WRITE, 0, size, lifetime);
  }

  private static void close(FileChannel channel, Arena arena) {
    arena.close();
    try {
      channel.close();
    } catch (IOException e) {
      throw new MachineException("cannot close a drive: " + e.getMessage());
    }
  }

  @Override
  public long size() {
    return memory.byteSize();
  }

  @Override
  public boolean grow() throws IOException {
    long now = channel.size();
    if (now <= memory.byteSize()) {
      return false;
    }
    Arena larger = Arena.ofShared();
    try {
      memory = map(now, larger);
    } catch (IOException e) {
      larger.close();
      throw e;
    }
    arena.close();
    arena = larger;
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public MemorySegment memory() {
    return memory;
  }

  @Override
  public void read(long offset, MemorySegment to, long at, long length) throws IOException {
    try {
      MemorySegment.copy(memory, offset, to, at, length);
    } catch (InternalError e) {
      throw new IOException("the host could not read the image", e);
    }
  }

  @Override
  public void write(long offset, MemorySegment from, long at, long length) throws IOException {
    try {
      MemorySegment.copy(from, at, memory, offset, length);
    } catch (InternalError e) {
      throw new IOException("the host could not write the image", e);
    }
  }

  @Override
  public void discard(long offset, long length) throws IOException {
    long first = offset + PAGE - 1 & -PAGE;
    long end = offset + length & -PAGE;
    if (first >= end || MADVISE.callInt(memory.address() + first, end - first, MADV_REMOVE) != 0) {
      wipe(offset, length);
    } else {
      wipe(offset, first - offset);
      wipe(end, offset + length - end);
    }
  }

  /** Leaves what is zero already alone, so that holes stay holes. */
  private void wipe(long offset, long length) throws IOException {
    try {
      for (long at = offset; at < offset + length; ) {
        long part = Math.min((at | PAGE - 1) + 1, offset + length) - at;
        if (!isZero(at, part)) {
          memory.asSlice(at, part).fill((byte) 0);
        }
        at += part;
      }
    } catch (InternalError e) {
      throw new IOException("the host could not write the image", e);
    }
  }

  private boolean isZero(long from, long length) {
    return MemorySegment.mismatch(memory, from, from + length, ZEROS, 0, length) < 0;
  }

  @Override
  public void flush() throws IOException {
    force(memory);
  }

  @Override
  public void flush(long offset, long length) throws IOException {
    force(memory.asSlice(offset, length));
  }

  private void force(MemorySegment part) throws IOException {
    if (!readOnly) {
      try {
        part.force();
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }

  @Override
  public void close() throws IOException {
    arena.close();
    channel.close();
  }
}
