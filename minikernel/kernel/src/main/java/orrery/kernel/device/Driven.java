package orrery.kernel.device;

import orrery.kernel.block.BlockDriver;
import orrery.kernel.hw.HardwareException;
import orrery.ownership.Borrow;
import orrery.ownership.Move;
import orrery.ownership.Slot;

/** The place where a device's driver is while it is bound. */
public final class Driven {
  private final String device;
  private final Slot<BoundDriver> slot = new Slot<>();

  Driven(String device) {
    this.device = device;
  }

  /** Whether there is a driver. */
  public boolean isBound() {
    return !slot.isEmpty();
  }

  void put(@Move BoundDriver driver) {
    slot.put(driver);
  }

  BoundDriver take() {
    return slot.remove();
  }

  /** The driver, whatever it serves. */
  @Borrow
  public BoundDriver get() {
    return slot.get();
  }

  /**
   * The driver as one of a character device.
   *
   * @throws HardwareException if it is none: it published what it does not serve
   */
  @Borrow
  CharacterDriver character() {
    if (slot.get() instanceof CharacterDriver driver) {
      return driver;
    }
    throw new HardwareException(device + ": its driver serves no character device");
  }

  /**
   * The driver as one of disks.
   *
   * @throws HardwareException if it is none: it published what it does not serve
   */
  @Borrow
  public BlockDriver block() {
    if (slot.get() instanceof BlockDriver driver) {
      return driver;
    }
    throw new HardwareException(device + ": its driver serves no disk");
  }

  /**
   * The driver as one of a serial line.
   *
   * @throws HardwareException if it is none: it published what it does not serve
   */
  @Borrow
  public SerialDriver serial() {
    if (slot.get() instanceof SerialDriver driver) {
      return driver;
    }
    throw new HardwareException(device + ": its driver serves no terminal");
  }
}
