/**
 * The file system at /proc: what the kernel knows about processes and itself, as text in Linux's
 * formats (proc(5)). A file's text is made when it is first read after being opened; nothing is
 * kept.
 */
package orrery.kernel.proc;
