/**
 * Starting programs: ELF files, {@code #!} scripts and the stack that a program begins with. Knows
 * {@code memory} and callers; files come through {@link orrery.kernel.exec.ProgramFiles}.
 *
 * <p>A program is loaded into an address space of its own before anything of the old one is
 * touched, so that every failure is an error number and not a killed process. Whatever a file
 * contains, loading ends in an image or an {@link orrery.kernel.abi.ErrnoException}.
 */
package orrery.kernel.exec;
