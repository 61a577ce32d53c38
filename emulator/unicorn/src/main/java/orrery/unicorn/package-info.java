/**
 * The Unicorn engine 2 for AArch64 as Java: the whole public C interface ({@link
 * orrery.unicorn.Unicorn}), and the engine's internals that a whole machine needs, found by
 * calibration ({@link orrery.unicorn.CpuInternals}).
 *
 * <p>It stands on the JDK alone and can be used on its own. Names and meanings follow {@code
 * unicorn.h} of Unicorn 2.1.4.
 */
package orrery.unicorn;
