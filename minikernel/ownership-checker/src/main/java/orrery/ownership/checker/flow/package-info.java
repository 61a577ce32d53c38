/**
 * The analysis of method bodies on their control-flow graphs: who owns what at each point, which
 * locks are held, which numbers are unchecked.
 */
package orrery.ownership.checker.flow;
