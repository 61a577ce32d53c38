package orrery.machine.boot;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Bytes to be in the guest's memory at start, such as an initial file system. */
public interface BootPayload {
  /**
   * Writes the bytes.
   *
   * @param room zero-filled guest memory; the payload starts at its first byte
   * @return bytes written
   * @throws IOException if they cannot be read
   * @throws orrery.machine.MachineException if they do not fit
   */
  long load(MemorySegment room) throws IOException;
}
