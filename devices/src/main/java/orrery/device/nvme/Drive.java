package orrery.device.nvme;

import java.nio.file.Path;
import java.util.Objects;
import orrery.device.storage.DirectFile;
import orrery.device.storage.MappedFile;
import orrery.device.storage.Medium;
import orrery.device.storage.SparseMemory;

/**
 * A disk image that becomes a namespace.
 *
 * @param image the raw image
 * @param overlay writes go to memory and are forgotten with the {@link Drives}
 * @param readOnly the guest may not write
 * @param direct the file is read and written by system calls instead of being mapped
 * @param serial the controller's serial number, 1 to 20 printable ASCII characters; drives with the
 *     same one are namespaces of one controller; null for a number by position
 */
public record Drive(Path image, boolean overlay, boolean readOnly, boolean direct, String serial) {
  /** Checks that there is an image. */
  public Drive {
    Objects.requireNonNull(image);
  }

  /**
   * Opens the image.
   *
   * @param written what an overlay remembers
   */
  Medium open(SparseMemory.Contents written) {
    boolean reads = overlay || readOnly;
    Medium file = direct ? new DirectFile(image, reads) : new MappedFile(image, reads);
    return overlay && !readOnly ? new SparseMemory(file, written) : file;
  }

  /** Where the drive remembers more than its blocks; null if it is not to remember anything. */
  Path record() {
    return overlay || readOnly
        ? null
        : image.resolveSibling(image.getFileName() + DriveRecord.SUFFIX);
  }
}
