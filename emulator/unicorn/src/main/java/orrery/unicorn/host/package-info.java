/**
 * Calls between Java and C at the lowest price at start: one shape for all. For the modules of this
 * project that call the host themselves; touches the foreign function interface and nothing else.
 */
package orrery.unicorn.host;
