/** Time: the one clock that all parts of a machine share. It knows nothing else. */
package orrery.machine.clock;
