package orrery.kernel.block;

import orrery.kernel.device.BoundDriver;
import orrery.ownership.Move;
import orrery.ownership.Owned;

/**
 * A bound driver with disks ({@link DiskController#publish}). It has at most as many requests of a
 * disk at once as the disk's {@link DiskGeometry#queueDepth} says, and therefore never has to
 * refuse one.
 *
 * <p>A request is ended by {@link BlockRequest#complete} from any of the driver's methods. That
 * never calls the driver back: what the end of a request makes possible is submitted after the
 * method has returned.
 */
@Owned
public interface BlockDriver extends BoundDriver {
  /** Takes a request to do. It may be left to {@link #commit} to tell the device. */
  void submit(@Move BlockRequest request);

  /** Every request that could be submitted now was: the device is to begin. */
  default void commit() {}

  /**
   * Looks for requests that the device has done, as an interrupt would, and ends them. Called after
   * {@link #commit} for polled requests ({@link BlockRequest#isPolled}), and at any other time.
   *
   * @param disk the number of the disk whose program waits
   */
  void poll(int disk);
}
