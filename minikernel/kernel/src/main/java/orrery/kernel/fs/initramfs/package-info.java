/**
 * The initial root: cpio archives in the "newc" format, plain or compressed by gzip, any number one
 * after the other, unpacked into a tmpfs. Source: Linux {@code
 * Documentation/driver-api/early-userspace/buffer-format.rst} and {@code init/initramfs.c}.
 *
 * <p>Runs once, in a JVM that has just started: few classes, few objects, no regular expressions.
 */
package orrery.kernel.fs.initramfs;
