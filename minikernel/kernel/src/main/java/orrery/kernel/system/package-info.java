/**
 * What the whole system is and has: its names, its random numbers, its load. Knows the task room's
 * scheduler and nothing above it.
 */
package orrery.kernel.system;
