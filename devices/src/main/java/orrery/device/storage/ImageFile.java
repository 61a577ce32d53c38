package orrery.device.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import orrery.machine.MachineException;

/** Opens disk images: one machine that writes, or any number that read. */
final class ImageFile {
  private ImageFile() {}

  /**
   * Opens and locks an image.
   *
   * @throws MachineException with what to do if it cannot be used
   */
  static FileChannel open(Path path, boolean readOnly) {
    if (Files.isDirectory(path)) {
      throw new MachineException("the drive " + path + " is a folder: name an image file");
    }
    Set<OpenOption> options =
        readOnly
            ? Set.of(StandardOpenOption.READ)
            : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, options);
      if (channel.size() == 0) {
        throw new MachineException(
            "the drive " + path + " is empty: give it a size, as with truncate -s 1G");
      }
      lock(channel, path, readOnly);
      return channel;
    } catch (NoSuchFileException e) {
      throw new MachineException("there is no drive " + path + ": make it with truncate -s 1G");
    } catch (AccessDeniedException e) {
      throw new MachineException(
          "the drive "
              + path
              + " may not be "
              + (readOnly ? "read: change its mode" : "written: add ,readonly or ,overlay"));
    } catch (IOException e) {
      close(channel);
      throw new MachineException("the drive " + path + " cannot be used: " + e.getMessage());
    } catch (MachineException e) {
      close(channel);
      throw e;
    }
  }

  /** The lock ends with the channel. */
  private static void lock(FileChannel channel, Path path, boolean shared) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock(0, Long.MAX_VALUE, shared);
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new MachineException(
          "the drive " + path + " is in use by another machine: use ,readonly in both, or a copy");
    }
  }

  private static void close(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new MachineException("cannot close a drive: " + e.getMessage());
      }
    }
  }
}
