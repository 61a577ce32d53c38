/**
 * The javac plugin: finds classes that the rules concern, checks what needs no flow, and has the
 * rest analysed by {@link orrery.ownership.checker.flow}. Rules and their codes stand in {@link
 * orrery.ownership.checker.Rule}.
 */
package orrery.ownership.checker;
