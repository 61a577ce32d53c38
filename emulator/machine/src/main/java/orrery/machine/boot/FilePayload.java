package orrery.machine.boot;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import orrery.machine.MachineException;

/** A host file to be in the guest's memory as it is, such as an initial file system. */
public final class FilePayload implements BootPayload {
  private static final long CHUNK = 1 << 30;
  private static final long MIB = 1 << 20;

  private final Path file;

  /** The content of {@code file} at the time when it is loaded. */
  public FilePayload(Path file) {
    this.file = file;
  }

  @Override
  public long load(MemorySegment room) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size == 0) {
        throw new MachineException(file + " is empty: make or fetch it again");
      }
      if (size > room.byteSize()) {
        throw new MachineException(
            file
                + " has "
                + mebibytes(size)
                + " MiB, "
                + room.byteSize() / MIB
                + " MiB of the guest's memory are left for it: give more with --memory");
      }
      long position = 0;
      while (position < size) {
        long wanted = Math.min(CHUNK, size - position);
        int got = channel.read(room.asSlice(position, wanted).asByteBuffer(), position);
        if (got < 0) {
          throw new IOException("it became shorter while it was read");
        }
        position += got;
      }
      return size;
    }
  }

  private static long mebibytes(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }
}
