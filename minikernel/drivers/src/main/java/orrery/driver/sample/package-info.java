/**
 * A driver to begin with: a device with four registers and one interrupt. {@code
 * minikernel/docs/write-a-driver.md} goes through it line by line.
 */
package orrery.driver.sample;
