/**
 * The block layer: between the files of block devices and the drivers behind them. A driver of a
 * disk is a {@link orrery.kernel.block.BlockDriver}; it takes a {@link
 * orrery.kernel.block.DiskController} from its device, publishes a {@link orrery.kernel.block.Disk}
 * for each namespace or unit, and is lent {@link orrery.kernel.block.BlockRequest}s, which it ends
 * one by one. Requests carry page frames, those of the program itself where that can be: nothing is
 * copied between program and device.
 */
package orrery.kernel.block;
