package orrery.machine.boot;

/**
 * A kernel in the guest's memory.
 *
 * @param entry guest-physical address of its first instruction
 * @param start guest-physical address of its first byte
 * @param end guest-physical address behind all that it claims
 * @param symbols its symbols, none if the file has none
 */
public record LoadedKernel(long entry, long start, long end, SymbolTable symbols) {}
