/** What the kernel has to say about itself. Every room may use it. */
package orrery.kernel.log;
