package orrery.kernel.memory;

/** What a program sees as memory. */
public final class AddressSpace {}
