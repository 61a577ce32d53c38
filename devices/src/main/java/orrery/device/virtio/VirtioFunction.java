package orrery.device.virtio;

import static orrery.device.virtio.VirtioRegisters.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import orrery.machine.bus.MmioDevice;
import orrery.machine.dma.DmaFault;
import orrery.machine.pci.MsiX;
import orrery.machine.pci.PciConfiguration;
import orrery.machine.pci.PciDevice;
import orrery.machine.pci.PciFunction;

/**
 * Makes a PCI function of a virtio device (4.1): one BAR with all structures, MSI-X with a vector
 * for the configuration and one for each queue, a pin for drivers that want none of that.
 *
 * <p>Belongs to the vCPU's thread.
 */
public final class VirtioFunction implements PciDevice {
  /** Bytes of a capability before its type: identifier, next pointer, length. */
  static final int CAPABILITY_HEADER = 3;

  // The BAR: a page for each structure, byte offsets.
  private static final int BAR = 0;
  private static final long BAR_SIZE = 0x8000;
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_MASK = (1 << PAGE_SHIFT) - 1;
  private static final int COMMON_PAGE = 0;
  private static final int ISR_PAGE = 1;
  private static final int DEVICE_PAGE = 2;
  private static final int NOTIFY_PAGE = 3;
  private static final int TABLE_PAGE = 4;
  private static final int PENDING_PAGE = 6;

  /** Bytes between the places that notify two queues. */
  private static final int NOTIFY_MULTIPLIER = 4;

  /** Bytes of a structure's capability from its type on, without extra data (4.1.4). */
  private static final int CAPABILITY_BODY = 13;

  private static final int BODY_BAR = 1;
  private static final int BODY_OFFSET = 5;
  private static final int BODY_LENGTH = 9;
  private static final int BODY_EXTRA = 13;

  private static final long FEATURES = F_VERSION_1 | F_EVENT_IDX | F_INDIRECT_DESC | F_RING_RESET;

  private final VirtioDevice device;
  private final VirtioState state;
  private final int[] queueSizes;
  private final VirtQueue[] queues;
  private final CommonConfiguration common;
  private final ConfigurationAccess access = new ConfigurationAccess();
  private PciFunction pci;

  /** A function that is not on a bus yet. */
  public VirtioFunction(VirtioDevice device) {
    this.device = device;
    queueSizes = device.queueSizes();
    state = new VirtioState(queueSizes.length);
    queues = new VirtQueue[queueSizes.length];
    common = new CommonConfiguration(this, state);
  }

  // ---- For the host ----

  @Override
  public PciConfiguration configuration() {
    PciConfiguration configuration =
        new PciConfiguration(VENDOR_ID, FIRST_DEVICE_ID + device.id(), device.classCode(), REVISION)
            .subsystem(VENDOR_ID, SUBSYSTEM_ID)
            .memory64(BAR, BAR_SIZE, new Structures())
            .interruptPin()
            .powerManagement()
            .express()
            .msiX(
                queueSizes.length + 1,
                BAR,
                (long) TABLE_PAGE << PAGE_SHIFT,
                (long) PENDING_PAGE << PAGE_SHIFT)
            .vendor(structure(CAP_COMMON_CFG, COMMON_PAGE, COMMON_CFG_SIZE, 0), null, null)
            .vendor(structure(CAP_ISR_CFG, ISR_PAGE, 1, 0), null, null);
    if (device.configSize() > 0) {
      configuration.vendor(
          structure(CAP_DEVICE_CFG, DEVICE_PAGE, device.configSize(), 0), null, null);
    }
    ByteBuffer notify =
        ByteBuffer.wrap(
                structure(
                    CAP_NOTIFY_CFG,
                    NOTIFY_PAGE,
                    queueSizes.length * NOTIFY_MULTIPLIER,
                    Integer.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(BODY_EXTRA, NOTIFY_MULTIPLIER);
    return configuration
        .vendor(notify.array(), null, null)
        .vendor(
            structure(CAP_PCI_CFG, 0, 0, Integer.BYTES), ConfigurationAccess.writable(), access);
  }

  private static byte[] structure(int type, int page, int length, int extra) {
    byte[] body = new byte[CAPABILITY_BODY + extra];
    body[0] = (byte) type;
    body[BODY_BAR] = BAR;
    ByteBuffer.wrap(body)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(BODY_OFFSET, page << PAGE_SHIFT)
        .putInt(BODY_LENGTH, length);
    return body;
  }

  @Override
  public void connected(PciFunction function) {
    pci = function;
    access.connected(function);
    for (int i = 0; i < queues.length; i++) {
      queues[i] = new VirtQueue(function.dma(), state, state.queues[i], queueSizes[i]);
    }
    state.reset();
    device.connected(this);
  }

  @Override
  public void reset() {
    state.reset();
    for (VirtQueue queue : queues) {
      queue.reset();
    }
    pci.pin(false);
    device.reset();
  }

  @Override
  public void powerOff(long deadline) {
    device.powerOff(deadline);
  }

  // ---- For the device ----

  /** A queue. */
  public VirtQueue queue(int index) {
    return queues[index];
  }

  /** Whether the driver has accepted a feature of the device. */
  public boolean negotiated(long feature) {
    return state.negotiated(feature);
  }

  /** Whether the driver is ready and nothing went wrong: queues may be used. */
  public boolean isRunning() {
    return (state.status & (STATUS_DRIVER_OK | STATUS_NEEDS_RESET)) == STATUS_DRIVER_OK
        && pci.dma().isEnabled();
  }

  /**
   * Has the device look at a queue as if the driver had notified it, if the driver is ready. A
   * driver that left its rings in disorder finds a device that needs a reset.
   */
  public void attend(int index) {
    if (!isRunning()) {
      return;
    }
    try {
      device.attend(index);
      if (queues[index].wantsNotification()) {
        interrupt(ISR_QUEUE, state.queues[index].vector);
      }
    } catch (DmaFault e) {
      needReset();
    }
  }

  /** The device-specific configuration has changed: tells the driver. */
  public void configurationChanged() {
    state.configChanged = true;
    if ((state.status & STATUS_DRIVER_OK) != 0) {
      interrupt(ISR_CONFIGURATION, state.configVector);
    }
  }

  /** An error that only a reset ends (2.1.2). */
  private void needReset() {
    state.status |= STATUS_NEEDS_RESET;
    interrupt(ISR_CONFIGURATION, state.configVector);
  }

  private void interrupt(int cause, int vector) {
    MsiX msiX = pci.msiX();
    boolean messages = msiX.isEnabled();
    if (cause == ISR_CONFIGURATION || !messages) {
      state.isr |= cause;
    }
    if (messages) {
      msiX.raise(vector);
    } else {
      pci.pin(true);
    }
  }

  // ---- For the common configuration ----

  long features() {
    return FEATURES | device.features();
  }

  /** A vector as it reads back: none if there is no such one (4.1.5.1.2). */
  int vector(int wanted) {
    return wanted < pci.msiX().vectors() ? wanted : NO_VECTOR;
  }

  /** The driver writes the device status (2.1). */
  void status(int value) {
    if (value == 0) {
      reset();
      return;
    }
    int wanted = value & STATUS_DRIVER_BITS | state.status & STATUS_NEEDS_RESET;
    if ((wanted & STATUS_FEATURES_OK) != 0 && !acceptable()) {
      wanted &= ~STATUS_FEATURES_OK;
    }
    if ((wanted & STATUS_FEATURES_OK) == 0) {
      wanted &= ~STATUS_DRIVER_OK;
    }
    boolean starts = (wanted & ~state.status & STATUS_DRIVER_OK) != 0;
    state.status = wanted;
    if (starts) {
      device.started();
      for (int i = 0; i < queues.length; i++) {
        attend(i);
      }
    }
  }

  private boolean acceptable() {
    return (state.driverFeatures & ~features()) == 0 && (state.driverFeatures & F_VERSION_1) != 0;
  }

  void enableQueue(int index) {
    state.queues[index].enabled = true;
    attend(index);
  }

  /** Resets one queue (2.6.1). */
  void resetQueue(int index) {
    queues[index].reset();
    device.queueReset(index);
  }

  // ---- Registers ----

  /** All structures but MSI-X's, which lie in the same BAR. */
  private final class Structures implements MmioDevice {
    @Override
    public int widths() {
      return 1 | 2 | 4 | 8;
    }

    @Override
    public long read(long offset, int width) {
      int at = (int) offset & PAGE_MASK;
      return switch ((int) offset >>> PAGE_SHIFT) {
        case COMMON_PAGE -> common.read(at, width);
        case ISR_PAGE -> at == 0 ? takeIsr() : 0;
        case DEVICE_PAGE -> readDevice(at, width);
        default -> 0; // write-only or reserved
      };
    }

    @Override
    public void write(long offset, int width, long value) {
      int at = (int) offset & PAGE_MASK;
      switch ((int) offset >>> PAGE_SHIFT) {
        case COMMON_PAGE -> common.write(at, width, value);
        case DEVICE_PAGE -> {
          if (at + width <= device.configSize()) {
            device.writeConfig(at, width, value);
          }
        }
        case NOTIFY_PAGE -> {
          if (at % NOTIFY_MULTIPLIER == 0 && at / NOTIFY_MULTIPLIER < queues.length) {
            attend(at / NOTIFY_MULTIPLIER);
          }
        }
        default -> {} // read-only or reserved
      }
    }
  }

  private int takeIsr() {
    int isr = state.isr;
    state.isr = 0;
    pci.pin(false);
    return isr;
  }

  private long readDevice(int at, int width) {
    if (at + width > device.configSize()) {
      return 0;
    }
    if (state.configChanged) {
      // Now the driver may see a new value, so from now on the generation differs (4.1.4.3.1).
      state.configChanged = false;
      state.configGeneration = state.configGeneration + 1 & 0xff;
    }
    return device.readConfig(at, width);
  }
}
