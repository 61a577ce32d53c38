/**
 * The guest's root file system as it is handed over: a host folder or a cached archive, with copies
 * of host files put into it, packed as a cpio archive straight into the guest's memory. Knows the
 * host's files and nothing of the machine but where to put bytes.
 */
package orrery.cli.root;
