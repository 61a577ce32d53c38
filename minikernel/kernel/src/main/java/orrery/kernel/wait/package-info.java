/**
 * Waiting: queues of those who wait, the caller of a system call as lower rooms see it, and the
 * kernel's timers. Single-threaded: everything runs on the vCPU's thread.
 *
 * <p>A system call that cannot go on returns {@link orrery.kernel.wait.Caller#BLOCKED} after it has
 * put its caller on the queues that may change that. When one of them wakes, the scheduler makes
 * the <em>same call with the same arguments again</em>; {@link orrery.kernel.wait.Caller} carries
 * what a call must remember from one attempt to the next. There is no kernel stack to keep.
 */
package orrery.kernel.wait;
