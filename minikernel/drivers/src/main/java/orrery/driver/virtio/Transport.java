package orrery.driver.virtio;

import static orrery.driver.virtio.CommonConfiguration.*;

import orrery.kernel.device.Interrupts;
import orrery.kernel.device.PciDevice;
import orrery.kernel.hw.Direction;
import orrery.kernel.hw.Dma;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.IoMem;
import orrery.ownership.Borrow;
import orrery.ownership.Move;
import orrery.ownership.Owned;

/**
 * A virtio device on PCI (4.1), from reset to reset. Vector 0 is for the configuration, vector i +
 * 1 for queue i.
 */
@Owned
final class Transport {
  private final IoMem<CommonConfiguration> common;
  private final Interrupts interrupts;
  private final Dma dma;
  private final Structure notify;

  private Transport(
      @Move IoMem<CommonConfiguration> common,
      @Move Interrupts interrupts,
      @Move Dma dma,
      Structure notify) {
    this.common = common;
    this.interrupts = interrupts;
    this.dma = dma;
    this.notify = notify;
  }

  /**
   * Resets the device and agrees on its features (3.1.1, steps 1 to 6).
   *
   * @param features what the driver knows of bits 0 to 31
   * @param queues how many queues the driver needs
   * @throws HardwareException if the device is not as it must be
   */
  static Transport open(PciDevice device, int features, int queues) {
    Structure place = Structure.find(device, Structure.COMMON);
    Structure notify = Structure.find(device, Structure.NOTIFY);
    device.require(place != null && notify != null, "it has no configuration to be found");
    IoMem<CommonConfiguration> common = place.map(device, BLOCK);
    reset(common);
    common.write(DEVICE_STATUS, ACKNOWLEDGE);
    common.write(DEVICE_STATUS, ACKNOWLEDGE | DRIVER);
    common.write(DEVICE_FEATURE_SELECT, 1);
    device.require((common.read(DEVICE_FEATURE) & F_VERSION_1_HIGH) != 0, "it is a legacy device");
    common.write(DEVICE_FEATURE_SELECT, 0);
    int offered = common.read(DEVICE_FEATURE);
    common.write(DRIVER_FEATURE_SELECT, 0);
    common.write(DRIVER_FEATURE, offered & features);
    common.write(DRIVER_FEATURE_SELECT, 1);
    common.write(DRIVER_FEATURE, F_VERSION_1_HIGH);
    common.write(DEVICE_STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    device.require(
        (common.read(DEVICE_STATUS) & FEATURES_OK) != 0, "it refuses features that it offered");
    device.require(common.read(NUM_QUEUES) >= queues, "it has too few queues");
    Interrupts interrupts = device.interrupts(queues + 1);
    common.write(CONFIG_MSIX_VECTOR, 0);
    return new Transport(common, interrupts, device.dma(), notify);
  }

  /** A write of zero resets the device, which reads as zero once that is done (4.1.4.3.2). */
  private static void reset(IoMem<CommonConfiguration> common) {
    common.write(DEVICE_STATUS, 0);
  }

  /** The right to share memory with the device. */
  @Borrow
  Dma dma() {
    return dma;
  }

  /**
   * Sets a queue up (4.1.5.1.3).
   *
   * @param number 0 and up
   * @param most how many buffers it shall take at most, a power of two
   * @throws HardwareException if the device has no such queue
   */
  Virtqueue queue(PciDevice device, int number, int most) {
    common.write(QUEUE_SELECT, number);
    int size = Math.min(common.read(QUEUE_SIZE), most);
    device.require(Integer.bitCount(size) == 1, "queue " + number + " has an impossible size");
    Virtqueue queue =
        new Virtqueue(
            dma.ring(Descriptor.LAYOUT, size, Direction.TO_DEVICE),
            dma.ring(Available.LAYOUT, size, Direction.TO_DEVICE),
            dma.ring(Used.LAYOUT, size, Direction.FROM_DEVICE),
            notify.map(
                device,
                common.read(QUEUE_NOTIFY_OFF) * notify.extra(),
                Short.BYTES,
                Notification.BLOCK),
            number);
    common.write(QUEUE_SIZE, size);
    common.write(QUEUE_MSIX_VECTOR, number + 1);
    common.write(QUEUE_DESC, queue.descriptorAddress());
    common.write(QUEUE_DRIVER, queue.availableAddress());
    common.write(QUEUE_DEVICE, queue.usedAddress());
    common.write(QUEUE_ENABLE, 1);
    return queue;
  }

  /** The device may go on (3.1.1, step 8). */
  void start() {
    common.write(DEVICE_STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
  }

  /** The device forgets every buffer. */
  void stop() {
    reset(common);
  }

  /** Ends the use of the device, which is stopped. */
  @Move
  void close() {
    interrupts.close();
    dma.close();
    common.close();
  }
}
