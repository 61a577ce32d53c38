/**
 * Block devices as programs see them: files under /dev for disks and their partitions, reads and
 * writes through a cache of pages or straight to the program's memory, and what programs ask of
 * them by ioctl(2). Stands on {@link orrery.kernel.block}.
 */
package orrery.kernel.disk;
