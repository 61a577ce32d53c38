package orrery.machine.pci;

import static orrery.machine.pci.ConfigRegisters.MSI_X_ENABLE;
import static orrery.machine.pci.ConfigRegisters.MSI_X_FUNCTION_MASK;

import java.util.Arrays;
import orrery.machine.dma.DmaPort;

/**
 * Message-signalled interrupts, extended (PCI, section 6.8.2): a table of messages, each maskable,
 * and a pending bit for each, which remembers what happened while it was masked.
 *
 * <p>Any thread may raise; the monitor guards all state.
 */
public final class MsiX {
  /** The most vectors that a function can have. */
  public static final int MAX_VECTORS = 2048;

  /** Bytes of a table entry: address, data, vector control. */
  static final int ENTRY_SIZE = 16;

  private static final int ENTRY_DATA = 8;
  private static final int ENTRY_CONTROL = 12;

  /** Vector control: the vector is masked. All other bits are reserved. */
  private static final int CONTROL_MASKED = 1;

  /** Messages are words, so the low bits of an address are zero. */
  private static final int ADDRESS_LOW_MASK = 0xfc;

  private static final int BYTE_MASK = 0xff;

  private final DmaPort dma;
  private final int vectors;
  private final MsiXState state;

  MsiX(DmaPort dma, int vectors) {
    this.dma = dma;
    this.vectors = vectors;
    this.state = new MsiXState(vectors);
    reset();
  }

  /** Bytes of the pending bits: whole 64-bit words. */
  static int pendingSize(int vectors) {
    return (vectors + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
  }

  /** How many vectors there are. */
  public int vectors() {
    return vectors;
  }

  /** Whether software has chosen MSI-X; otherwise a function interrupts by its pin. */
  public synchronized boolean isEnabled() {
    return state.enabled;
  }

  /**
   * Sends the vector's message, now or when it is no longer masked. Without effect while MSI-X is
   * not enabled and for vectors there are not. Any thread.
   */
  public synchronized void raise(int vector) {
    if (!state.enabled || vector < 0 || vector >= vectors) {
      return;
    }
    if (isMasked(vector)) {
      state.pending[vector / Long.SIZE] |= 1L << vector % Long.SIZE;
    } else {
      send(vector);
    }
  }

  /** Software wrote Message Control. */
  synchronized void control(int value) {
    state.enabled = (value & MSI_X_ENABLE) != 0;
    state.masked = (value & MSI_X_FUNCTION_MASK) != 0;
    sendPending();
  }

  synchronized void reset() {
    state.enabled = false;
    state.masked = false;
    Arrays.fill(state.table, (byte) 0);
    Arrays.fill(state.pending, 0);
    for (int vector = 0; vector < vectors; vector++) {
      state.table[vector * ENTRY_SIZE + ENTRY_CONTROL] = CONTROL_MASKED;
    }
  }

  synchronized long readTable(int at, int width) {
    return get(at, width);
  }

  synchronized void writeTable(int at, int width, long value) {
    for (int i = 0; i < width; i++) {
      int mask =
          switch ((at + i) % ENTRY_SIZE) {
            case 0 -> ADDRESS_LOW_MASK;
            case ENTRY_CONTROL -> CONTROL_MASKED;
            case ENTRY_CONTROL + 1, ENTRY_CONTROL + 2, ENTRY_CONTROL + 3 -> 0;
            default -> BYTE_MASK;
          };
      state.table[at + i] = (byte) (value >>> i * Byte.SIZE & mask);
    }
    sendPending();
  }

  /** The pending bits are read-only. */
  synchronized long readPending(int at, int width) {
    long word = state.pending[at / Long.BYTES] >>> at % Long.BYTES * Byte.SIZE;
    return width == Long.BYTES ? word : word & (1L << width * Byte.SIZE) - 1;
  }

  private boolean isMasked(int vector) {
    return state.masked || (state.table[vector * ENTRY_SIZE + ENTRY_CONTROL] & CONTROL_MASKED) != 0;
  }

  private void sendPending() {
    if (!state.enabled || state.masked) {
      return;
    }
    for (int n = 0; n < state.pending.length; n++) {
      for (long bits = state.pending[n]; bits != 0; bits &= bits - 1) {
        int vector = n * Long.SIZE + Long.numberOfTrailingZeros(bits);
        if (!isMasked(vector)) {
          state.pending[n] &= ~(1L << vector % Long.SIZE);
          send(vector);
        }
      }
    }
  }

  private void send(int vector) {
    int entry = vector * ENTRY_SIZE;
    dma.message(get(entry, Long.BYTES), (int) get(entry + ENTRY_DATA, Integer.BYTES));
  }

  private long get(int at, int width) {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= (long) (state.table[at + i] & BYTE_MASK) << i * Byte.SIZE;
    }
    return value;
  }
}
