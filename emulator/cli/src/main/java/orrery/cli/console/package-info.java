/**
 * The host's end of the guest's console: pipes or the user's terminal on one side, the byte queues
 * that serial lines drain and fill on the other. Touches the host's standard streams and terminal,
 * and nothing of the machine but the interfaces it plugs into.
 */
package orrery.cli.console;
