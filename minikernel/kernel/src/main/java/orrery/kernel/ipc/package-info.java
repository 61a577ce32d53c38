/** System V inter-process communication: shared memory segments. See sysvipc(7). */
package orrery.kernel.ipc;
