/**
 * Where the bytes of disks live: a file mapped into memory or accessed directly, memory alone, a
 * copy-on-write layer over another medium, and a model of a volatile write cache. Knows nothing of
 * any disk interface.
 *
 * <p>Threads: a medium belongs to the thread of the device that uses it.
 */
package orrery.device.storage;
