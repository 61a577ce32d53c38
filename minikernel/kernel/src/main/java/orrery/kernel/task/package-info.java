/**
 * Threads, processes, their groups and sessions, signals and the scheduler.
 *
 * <p>Everything runs on the vCPU's thread. A thread that sleeps has no stack here: its system call
 * is made again when it wakes (see {@link orrery.kernel.wait}). A thread that is not current can
 * therefore be ended at any moment.
 */
package orrery.kernel.task;
