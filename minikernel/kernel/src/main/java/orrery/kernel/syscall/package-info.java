/**
 * The Linux/arm64 system calls: one table, and a file per family. Here user pointers are read,
 * arguments are checked and the kernel's other rooms are asked; nothing here holds state.
 *
 * <p>Source: Linux v6.1 {@code include/uapi/asm-generic/unistd.h} and the man pages, section 2.
 */
package orrery.kernel.syscall;
