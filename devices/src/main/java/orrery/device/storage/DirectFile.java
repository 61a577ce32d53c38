package orrery.device.storage;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import orrery.machine.MachineException;

/**
 * An image file read and written by system calls through a buffer: for files that cannot be mapped,
 * and for hosts where a failing disk must not be met by a signal.
 */
public final class DirectFile implements Medium {
  private static final int BUFFER = 1 << 20;

  private final FileChannel channel;
  private final boolean readOnly;
  private long size;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final MemorySegment bytes = MemorySegment.ofBuffer(buffer);

  /**
   * Opens an image.
   *
   * @throws MachineException with what to do if it cannot be used
   */
  public DirectFile(Path path, boolean readOnly) {
    this.readOnly = readOnly;
    channel = ImageFile.open(path, readOnly);
    try {
      size = channel.size();
    } catch (IOException e) {
      throw new MachineException("the drive " + path + " cannot be used: " + e.getMessage());
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean grow() throws IOException {
    long now = channel.size();
    boolean grown = now > size;
    size = Math.max(size, now);
    return grown;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public void read(long offset, MemorySegment to, long at, long length) throws IOException {
    for (long done = 0; done < length; ) {
      int part = (int) Math.min(BUFFER, length - done);
      buffer.clear().limit(part);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + done + buffer.position()) < 0) {
          throw new EOFException("the image has become shorter");
        }
      }
      MemorySegment.copy(bytes, 0, to, at + done, part);
      done += part;
    }
  }

  @Override
  public void write(long offset, MemorySegment from, long at, long length) throws IOException {
    for (long done = 0; done < length; ) {
      int part = (int) Math.min(BUFFER, length - done);
      MemorySegment.copy(from, at + done, bytes, 0, part);
      writeBuffer(offset + done, part);
      done += part;
    }
  }

  private void writeBuffer(long offset, int length) throws IOException {
    buffer.clear().limit(length);
    while (buffer.hasRemaining()) {
      channel.write(buffer, offset + buffer.position());
    }
  }

  @Override
  public void discard(long offset, long length) throws IOException {
    bytes.fill((byte) 0);
    for (long done = 0; done < length; ) {
      int part = (int) Math.min(BUFFER, length - done);
      writeBuffer(offset + done, part);
      done += part;
    }
  }

  @Override
  public void flush() throws IOException {
    if (!readOnly) {
      channel.force(false);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
