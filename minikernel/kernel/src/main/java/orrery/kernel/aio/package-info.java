/**
 * Asynchronous input and output: the contexts of io_submit(2), and the rings that kernel and
 * program share. Reads and writes of {@link orrery.kernel.disk.AsynchronousFile}s go on beside the
 * program; those of other files are done at once.
 */
package orrery.kernel.aio;
