package orrery.kernel.exec;

import orrery.kernel.memory.AddressSpace;

/**
 * A program that is ready to run. Whoever takes it owns the address space and the file.
 *
 * @param space its memory
 * @param entry where it begins: the interpreter's entry if it has one; all registers but PC and SP
 *     are 0
 * @param stackPointer SP
 * @param name what the process is called from now on (15 bytes at most)
 * @param file what {@code /proc/PID/exe} is; to be closed when the process has another
 * @param identity who it runs as
 */
public record ProgramImage(
    AddressSpace space,
    long entry,
    long stackPointer,
    String name,
    ProgramFile file,
    ProgramIdentity identity)
    implements AutoCloseable {
  /** Gives it up unused. */
  @Override
  public void close() {
    space.release();
    file.close();
  }
}
