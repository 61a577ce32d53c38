package orrery.device.virtio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static orrery.device.virtio.VirtioRegisters.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import orrery.device.TestLine;
import orrery.machine.Ram;
import orrery.machine.bus.Bus;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.DeferredCall;
import orrery.machine.cpu.DeferredCalls;
import orrery.machine.dma.DmaMemory;
import orrery.machine.irq.InterruptLine;
import orrery.machine.pci.PciContext;
import orrery.machine.pci.PciDevice;
import orrery.machine.pci.PciHost;

/** A driver of the tests' own: it finds the structures by their capabilities, as drivers do. */
final class Driver implements AutoCloseable, PciContext {
  static final long RAM = 0x4000_0000L;
  static final long RAM_SIZE = 2 << 20;
  private static final long ECAM = 0x3f00_0000L;
  private static final long CONFIG = ECAM + (1 << 15);
  private static final long WINDOW = 0x1000_0000L;
  private static final long DOORBELL = 0x0802_0040L;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final Ram ram = new Ram(RAM, RAM_SIZE);
  final MemorySegment memory = ram.segment();
  final Bus bus = new Bus();
  final List<Integer> messages = new ArrayList<>();
  final TestLine wire = new TestLine();
  final DeferredCalls calls = new DeferredCalls(() -> {});
  private final PciHost host;
  private final MachineClock clock = new MachineClock();
  private long common;
  private long notify;
  private int notifyMultiplier;
  private long isr;
  private long device;
  int accessCapability;

  Driver() {
    DmaMemory behind = new DmaMemory(ram, (physical, length) -> {}, this::message);
    InterruptLine other = new TestLine();
    host = new PciHost(behind, other, wire, other, other);
    bus.attach("configuration", ECAM, 1 << 20, host.ecam());
    bus.attach("window", WINDOW, 0x10_0000, host.memoryWindow(WINDOW));
  }

  private boolean message(long address, int data) {
    if (address != DOORBELL) {
      return false;
    }
    messages.add(data);
    return true;
  }

  /** Plugs a device in and finds its structures. */
  Driver plug(PciDevice plugged) {
    host.plug(1, plugged);
    config(0x10, 4, WINDOW);
    config(4, 2, 6);
    for (int at = (int) config(0x34, 1); at != 0; at = (int) config(at + 1, 1)) {
      if (config(at, 1) == 9) {
        long offset = WINDOW + config(at + 8, 4);
        switch ((int) config(at + 3, 1)) {
          case CAP_COMMON_CFG -> common = offset;
          case CAP_NOTIFY_CFG -> {
            notify = offset;
            notifyMultiplier = (int) config(at + 16, 4);
          }
          case CAP_ISR_CFG -> isr = offset;
          case CAP_DEVICE_CFG -> device = offset;
          case CAP_PCI_CFG -> accessCapability = at;
          default -> {}
        }
      }
    }
    return this;
  }

  // ---- For devices ----

  @Override
  public MachineClock clock() {
    return clock;
  }

  @Override
  public <T> T backend(String name, Class<T> type) {
    return null;
  }

  @Override
  public DeferredCall deferred(Runnable work) {
    return calls.create(work);
  }

  @Override
  public void powerFailed(String reason) {
    throw new AssertionError(reason);
  }

  // ---- Registers ----

  long config(int at, int width) {
    return bus.read(CONFIG + at, width);
  }

  void config(int at, int width, long value) {
    bus.write(CONFIG + at, width, value);
  }

  long common(int at, int width) {
    return bus.read(common + at, width);
  }

  void common(int at, int width, long value) {
    bus.write(common + at, width, value);
  }

  long deviceConfig(int at, int width) {
    return bus.read(device + at, width);
  }

  void deviceConfig(int at, int width, long value) {
    bus.write(device + at, width, value);
  }

  int isr() {
    return (int) bus.read(isr, 1);
  }

  int status() {
    return (int) common(DEVICE_STATUS, 1);
  }

  long features() {
    common(DEVICE_FEATURE_SELECT, 4, 1);
    long high = common(DEVICE_FEATURE, 4);
    common(DEVICE_FEATURE_SELECT, 4, 0);
    return high << 32 | common(DEVICE_FEATURE, 4);
  }

  /** Negotiates up to FEATURES_OK; returns whether the device agreed. */
  boolean negotiate(long features) {
    common(DEVICE_STATUS, 1, 0);
    common(DEVICE_STATUS, 1, 1);
    common(DEVICE_STATUS, 1, 3);
    common(DRIVER_FEATURE_SELECT, 4, 0);
    common(DRIVER_FEATURE, 4, features & 0xffff_ffffL);
    common(DRIVER_FEATURE_SELECT, 4, 1);
    common(DRIVER_FEATURE, 4, features >>> 32);
    common(DEVICE_STATUS, 1, 3 | STATUS_FEATURES_OK);
    return (status() & STATUS_FEATURES_OK) != 0;
  }

  void ready() {
    common(DEVICE_STATUS, 1, 3 | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
  }

  /** Chooses MSI-X: vector n has data n. */
  void enableMsiX(int vectors) {
    for (int at = (int) config(0x34, 1); at != 0; at = (int) config(at + 1, 1)) {
      if (config(at, 1) == 0x11) {
        long table = WINDOW + (config(at + 4, 4) & -8);
        for (int i = 0; i < vectors; i++) {
          bus.write(table + 16L * i, 8, DOORBELL);
          bus.write(table + 16L * i + 8, 8, i);
        }
        config(at + 2, 2, 0x8000);
      }
    }
  }

  /** Sets a queue up at a place of its own in memory and enables it. */
  Ring ring(int index, int size) {
    Ring ring = new Ring(index, size);
    common(QUEUE_SELECT, 2, index);
    common(QUEUE_SIZE, 2, size);
    common(QUEUE_MSIX_VECTOR, 2, index + 1);
    common(QUEUE_DESC, 8, ring.descriptors);
    common(QUEUE_DRIVER, 8, ring.available);
    common(QUEUE_DEVICE, 8, ring.used);
    common(QUEUE_ENABLE, 2, 1);
    return ring;
  }

  void notifyQueue(int index) {
    common(QUEUE_SELECT, 2, index);
    long at = notify + common(QUEUE_NOTIFY_OFF, 2) * notifyMultiplier;
    bus.write(at, 2, index);
  }

  // ---- Memory ----

  void bytes(long address, byte[] value) {
    MemorySegment.copy(value, 0, memory, JAVA_BYTE, address - RAM, value.length);
  }

  byte[] bytes(long address, int length) {
    return memory.asSlice(address - RAM, length).toArray(JAVA_BYTE);
  }

  /** A queue as its driver sees it. */
  final class Ring {
    final int index;
    final int size;
    final long descriptors;
    final long available;
    final long used;
    private int made;
    private int taken;

    Ring(int index, int size) {
      this.index = index;
      this.size = size;
      long base = RAM + 0x1000 + index * 0x4000L;
      descriptors = base;
      available = base + 0x2000;
      used = base + 0x3000;
      memory.asSlice(base - RAM, 0x4000).fill((byte) 0);
    }

    void descriptor(int at, long address, int length, int flags, int next) {
      descriptor(descriptors, at, address, length, flags, next);
    }

    void descriptor(long table, int at, long address, int length, int flags, int next) {
      long offset = table - RAM + 16L * at;
      memory.set(LONG, offset, address);
      memory.set(INT, offset + 8, length);
      memory.set(SHORT, offset + 12, (short) flags);
      memory.set(SHORT, offset + 14, (short) next);
    }

    /** Makes the chain that starts at {@code head} available, without a notification. */
    void offer(int head) {
      memory.set(SHORT, available - RAM + 4 + 2L * (made % size), (short) head);
      made = made + 1 & 0xffff;
      memory.set(SHORT, available - RAM + 2, (short) made);
    }

    void availableIndex(int value) {
      made = value;
      memory.set(SHORT, available - RAM + 2, (short) value);
    }

    void flags(int value) {
      memory.set(SHORT, available - RAM, (short) value);
    }

    void usedEvent(int value) {
      memory.set(SHORT, available - RAM + 4 + 2L * size, (short) value);
    }

    int availableEvent() {
      return Short.toUnsignedInt(memory.get(SHORT, used - RAM + 4 + 8L * size));
    }

    int usedIndex() {
      return Short.toUnsignedInt(memory.get(SHORT, used - RAM + 2));
    }

    /** Takes the next used buffer: its head and its written bytes, or null. */
    int[] take() {
      if (taken == usedIndex()) {
        return null;
      }
      long entry = used - RAM + 4 + 8L * (taken % size);
      taken = taken + 1 & 0xffff;
      return new int[] {memory.get(INT, entry), memory.get(INT, entry + 4)};
    }
  }

  @Override
  public void close() {
    ram.close();
  }
}
