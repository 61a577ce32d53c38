/**
 * Files: inodes and folders, open files, descriptor tables, mounts and the walk along a path.
 *
 * <p>A file system is a {@link orrery.kernel.fs.FileSystem} whose root is a {@link
 * orrery.kernel.fs.Directory}. {@link orrery.kernel.fs.Mounts} joins file systems to one tree,
 * {@link orrery.kernel.fs.PathWalker} finds the way through it. An {@link
 * orrery.kernel.fs.OpenFile} is what descriptors in a {@link orrery.kernel.fs.FileTable} stand for.
 * Names and paths are Latin-1 strings, one char per byte.
 *
 * <p>Stands on {@code memory} and {@code wait}; single-threaded, everything runs on the vCPU's
 * thread. What a guest can make grow is bounded: see {@link orrery.kernel.fs.Budget}.
 */
package orrery.kernel.fs;
