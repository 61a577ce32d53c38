package orrery.device.virtio;

import static orrery.device.virtio.VirtioRegisters.*;

import orrery.machine.bus.MmioDevice;

/**
 * The common configuration structure (4.1.4.3). Fields answer accesses of their own width; 64-bit
 * ones answer both halves. Others read as zero and write nothing.
 */
final class CommonConfiguration implements MmioDevice {
  private static final long LOW = 0xffff_ffffL;

  private final VirtioFunction function;
  private final VirtioState state;

  CommonConfiguration(VirtioFunction function, VirtioState state) {
    this.function = function;
    this.state = state;
  }

  @Override
  public int widths() {
    return 1 | 2 | 4 | 8;
  }

  @Override
  public long read(long offset, int width) {
    return switch (width) {
      case Byte.BYTES -> readByte((int) offset);
      case Short.BYTES -> readShort((int) offset);
      case Integer.BYTES -> readInt((int) offset) & LOW;
      default ->
          readInt((int) offset) & LOW | readInt((int) offset + Integer.BYTES) << Integer.SIZE;
    };
  }

  @Override
  public void write(long offset, int width, long value) {
    switch (width) {
      case Byte.BYTES -> {
        if (offset == DEVICE_STATUS) {
          function.status((int) value);
        }
      }
      case Short.BYTES -> writeShort((int) offset, (int) value);
      case Integer.BYTES -> writeInt((int) offset, value);
      default -> {
        writeInt((int) offset, value & LOW);
        writeInt((int) offset + Integer.BYTES, value >>> Integer.SIZE);
      }
    }
  }

  private long readByte(int at) {
    return switch (at) {
      case DEVICE_STATUS -> state.status;
      case CONFIG_GENERATION -> state.configGeneration;
      default -> 0;
    };
  }

  private long readShort(int at) {
    switch (at) {
      case CONFIG_MSIX_VECTOR:
        return state.configVector;
      case NUM_QUEUES:
        return state.queues.length;
      case QUEUE_SELECT:
        return state.queueSelect;
      default:
        break;
    }
    VirtQueueState queue = selected();
    if (queue == null) {
      return at == QUEUE_MSIX_VECTOR ? NO_VECTOR : 0; // a queue of size 0: not there
    }
    return switch (at) {
      case QUEUE_SIZE -> queue.size;
      case QUEUE_MSIX_VECTOR -> queue.vector;
      case QUEUE_ENABLE -> queue.enabled ? 1 : 0;
      case QUEUE_NOTIFY_OFF, QUEUE_NOTIFY_DATA -> state.queueSelect;
      default -> 0; // QUEUE_RESET: a reset is over at once
    };
  }

  private long readInt(int at) {
    switch (at) {
      case DEVICE_FEATURE_SELECT:
        return state.deviceFeatureSelect;
      case DEVICE_FEATURE:
        return half(function.features(), state.deviceFeatureSelect);
      case DRIVER_FEATURE_SELECT:
        return state.driverFeatureSelect;
      case DRIVER_FEATURE:
        return half(state.driverFeatures, state.driverFeatureSelect);
      default:
        break;
    }
    VirtQueueState queue = selected();
    if (queue == null) {
      return 0;
    }
    return switch (at) {
      case QUEUE_DESC -> queue.descriptors;
      case QUEUE_DESC + Integer.BYTES -> queue.descriptors >>> Integer.SIZE;
      case QUEUE_DRIVER -> queue.available;
      case QUEUE_DRIVER + Integer.BYTES -> queue.available >>> Integer.SIZE;
      case QUEUE_DEVICE -> queue.used;
      case QUEUE_DEVICE + Integer.BYTES -> queue.used >>> Integer.SIZE;
      default -> 0;
    };
  }

  private void writeShort(int at, int value) {
    switch (at) {
      case CONFIG_MSIX_VECTOR -> state.configVector = function.vector(value);
      case QUEUE_SELECT -> state.queueSelect = value;
      default -> {
        VirtQueueState queue = selected();
        if (queue != null) {
          writeQueue(queue, at, value);
        }
      }
    }
  }

  private void writeQueue(VirtQueueState queue, int at, int value) {
    switch (at) {
      case QUEUE_SIZE -> {
        if (!queue.enabled
            && Integer.bitCount(value) == 1
            && value <= function.queue(state.queueSelect).maximum()) {
          queue.size = value;
        }
      }
      case QUEUE_MSIX_VECTOR -> queue.vector = function.vector(value);
      case QUEUE_ENABLE -> {
        if (value == 1) {
          function.enableQueue(state.queueSelect);
        }
      }
      case QUEUE_RESET -> {
        if (value == 1 && state.negotiated(F_RING_RESET)) {
          function.resetQueue(state.queueSelect);
        }
      }
      default -> {} // read-only
    }
  }

  private void writeInt(int at, long value) {
    switch (at) {
      case DEVICE_FEATURE_SELECT -> state.deviceFeatureSelect = (int) value;
      case DRIVER_FEATURE_SELECT -> state.driverFeatureSelect = (int) value;
      case DRIVER_FEATURE -> {
        if ((state.status & STATUS_FEATURES_OK) == 0) {
          state.driverFeatures = withHalf(state.driverFeatures, state.driverFeatureSelect, value);
        }
      }
      default -> {
        VirtQueueState queue = selected();
        if (queue != null && !queue.enabled) {
          writeAddress(queue, at, value);
        }
      }
    }
  }

  private static void writeAddress(VirtQueueState queue, int at, long value) {
    int half = (at & Integer.BYTES) == 0 ? 0 : 1;
    switch (at & -Long.BYTES) {
      case QUEUE_DESC -> queue.descriptors = withHalf(queue.descriptors, half, value);
      case QUEUE_DRIVER -> queue.available = withHalf(queue.available, half, value);
      case QUEUE_DEVICE -> queue.used = withHalf(queue.used, half, value);
      default -> {} // read-only
    }
  }

  private VirtQueueState selected() {
    return state.queueSelect < state.queues.length ? state.queues[state.queueSelect] : null;
  }

  private static long half(long value, int select) {
    return switch (select) {
      case 0 -> value & LOW;
      case 1 -> value >>> Integer.SIZE;
      default -> 0;
    };
  }

  private static long withHalf(long value, int select, long half) {
    return switch (select) {
      case 0 -> value & ~LOW | half;
      case 1 -> value & LOW | half << Integer.SIZE;
      default -> value;
    };
  }
}
