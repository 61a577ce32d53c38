/** Pipes and FIFOs: a ring of bytes in page frames of guest RAM. */
package orrery.kernel.fs.pipe;
