package orrery.device.nvme;

import orrery.machine.fault.FaultRule;

/**
 * A fault of a drive's controller.
 *
 * @param drive position among the machine's drives, from 0 on, or {@link FaultRule#ANY}
 * @param rule which commands, and what happens to them
 */
public record DriveFault(int drive, FaultRule rule) {}
