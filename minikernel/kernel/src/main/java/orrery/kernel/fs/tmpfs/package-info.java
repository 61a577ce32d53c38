/**
 * The file system in memory: names and inodes are Java objects within a {@link
 * orrery.kernel.fs.Budget}, file contents are page frames of guest RAM, the same ones that mappings
 * of the file show.
 */
package orrery.kernel.fs.tmpfs;
