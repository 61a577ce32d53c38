/**
 * The command line: {@link orrery.cli.Main} picks a command, one file per command parses its
 * options and assembles a machine from them. It may touch everything below it; nothing may touch
 * it.
 */
package orrery.cli;
