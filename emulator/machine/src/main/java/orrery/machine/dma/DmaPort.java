package orrery.machine.dma;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import orrery.machine.Ram;

/**
 * One device's way to the guest's memory: little-endian, at any alignment, checked against the
 * memory's bounds, the device's permission to master the bus and the windows that it was lent. What
 * is refused throws {@link DmaFault} before a byte has moved, and is counted.
 *
 * <p>Whatever a device writes is made known to the CPU, which forgets the code it translated from
 * there; that costs some ten nanoseconds where no code is.
 *
 * <p>Threads: transfers belong to the vCPU's thread, because forgetting code does. A device with a
 * thread of its own does its slow work (files, networks, arithmetic) there on buffers of its own
 * and lets the transfer, the completion and its interrupt be done by {@link
 * orrery.machine.cpu.DeferredCall} on the vCPU's thread: so a guest that polls memory never sees a
 * completion before the code under it is forgotten. {@link #message} may be called from any thread.
 */
public final class DmaPort {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What is filled at once, in bytes. */
  private static final int CHUNK = 4096;

  private static final byte[] ZEROS = new byte[CHUNK];

  private final byte[] pattern = new byte[CHUNK];
  private final Ram ram;
  private final MemorySegment memory;
  private final CodeInvalidation code;
  private final MessageDoorbell doorbell;

  /** Told of what is refused; null if nobody wants to know. */
  private final DmaWindows reports;

  /** What the device was lent; null if it is not confined. */
  private final DmaWindows windows;

  private volatile boolean enabled;
  private volatile long refused;

  /**
   * A port of a device that may not master the bus yet.
   *
   * @param requester the device's identifier on the bus; see {@link DmaGuard#windows}
   */
  public DmaPort(DmaMemory behind, int requester) {
    DmaGuard guard = behind.guard();
    reports = guard.mode() == GuardMode.OFF ? null : guard.windows(requester);
    windows = guard.mode() == GuardMode.BOUNDS ? null : reports;
    ram = behind.ram();
    memory = ram.segment();
    code = behind.code();
    doorbell = behind.doorbell();
  }

  /** Whether the device may master the bus (for PCI: Command.BME). */
  public boolean isEnabled() {
    return enabled;
  }

  /** Allows or forbids the device to master the bus. The vCPU's thread. */
  public void enable(boolean on) {
    enabled = on;
  }

  /** How many transfers were refused so far. */
  public long refused() {
    return refused;
  }

  /** Reads a byte. */
  public byte readByte(long address) {
    return memory.get(JAVA_BYTE, check(address, Byte.BYTES, false));
  }

  /** Reads 16 bits. */
  public short readShort(long address) {
    return memory.get(SHORT, check(address, Short.BYTES, false));
  }

  /** Reads 32 bits. */
  public int readInt(long address) {
    return memory.get(INT, check(address, Integer.BYTES, false));
  }

  /** Reads 64 bits. */
  public long readLong(long address) {
    return memory.get(LONG, check(address, Long.BYTES, false));
  }

  /** Writes a byte. */
  public void writeByte(long address, byte value) {
    memory.set(JAVA_BYTE, check(address, Byte.BYTES, true), value);
    code.written(address, Byte.BYTES);
  }

  /** Writes 16 bits. */
  public void writeShort(long address, short value) {
    memory.set(SHORT, check(address, Short.BYTES, true), value);
    code.written(address, Short.BYTES);
  }

  /** Writes 32 bits, also to a doorbell. */
  public void writeInt(long address, int value) {
    if (enabled && doorbell.message(address, value)) {
      return;
    }
    memory.set(INT, check(address, Integer.BYTES, true), value);
    code.written(address, Integer.BYTES);
  }

  /** Writes 64 bits. */
  public void writeLong(long address, long value) {
    memory.set(LONG, check(address, Long.BYTES, true), value);
    code.written(address, Long.BYTES);
  }

  /** Writes 64 bits and then the 64 bits behind them: who sees the second sees the first, too. */
  public void writeLongs(long address, long first, long second) {
    long at = check(address, 2 * Long.BYTES, true);
    memory.set(LONG, at, first);
    release();
    memory.set(LONG, at + Long.BYTES, second);
    code.written(address, 2 * Long.BYTES);
  }

  /**
   * As {@link #writeLongs}, but the CPU is told later, by {@link #told}: for a device that writes
   * several entries of a queue before the guest goes on.
   */
  public void writeLongsUntold(long address, long first, long second) {
    long at = check(address, 2 * Long.BYTES, true);
    memory.set(LONG, at, first);
    release();
    memory.set(LONG, at + Long.BYTES, second);
  }

  /** As the other, but the CPU is told later, by {@link #told}. */
  public void writeUntold(long address, MemorySegment from, long offset, long length) {
    MemorySegment.copy(from, offset, memory, check(address, length, true), length);
  }

  /** Tells the CPU of what {@link #writeLongsUntold} and its like wrote in a range. */
  public void told(long address, long length) {
    code.written(address, length);
  }

  /** Reads bytes into {@code to} from {@code offset} on. */
  public void read(long address, byte[] to, int offset, int length) {
    MemorySegment.copy(memory, JAVA_BYTE, check(address, length, false), to, offset, length);
  }

  /** Reads bytes into {@code to} from {@code offset} on. */
  public void read(long address, MemorySegment to, long offset, long length) {
    MemorySegment.copy(memory, check(address, length, false), to, offset, length);
  }

  /** Writes bytes of {@code from}, those from {@code offset} on. */
  public void write(long address, byte[] from, int offset, int length) {
    MemorySegment.copy(from, offset, memory, JAVA_BYTE, check(address, length, true), length);
    code.written(address, length);
  }

  /** Writes bytes of {@code from}, those from {@code offset} on. */
  public void write(long address, MemorySegment from, long offset, long length) {
    MemorySegment.copy(from, offset, memory, check(address, length, true), length);
    code.written(address, length);
  }

  /** Writes {@code length} times the same byte. */
  public void fill(long address, long length, byte value) {
    long from = check(address, length, true);
    // By copying, because a slice to fill would be an object.
    byte[] source = value == 0 ? ZEROS : pattern(value);
    for (long left = length; left > 0; left -= source.length, from += source.length) {
      int part = (int) Math.min(left, source.length);
      MemorySegment.copy(source, 0, memory, JAVA_BYTE, from, part);
    }
    code.written(address, length);
  }

  private byte[] pattern(byte value) {
    Arrays.fill(pattern, value);
    return pattern;
  }

  /**
   * Checks that a transfer would be allowed, for devices that must refuse a request before they do
   * any of it. Whether the device was lent the memory shows only when the transfer is made.
   */
  public boolean reaches(long address, long length) {
    return enabled && ram.contains(address, length);
  }

  /**
   * Whether a transfer would be made now; nothing is counted and reported if not. For devices that
   * may do several transfers as one.
   */
  public boolean allows(long address, long length, boolean write) {
    return reaches(address, length) && (windows == null || windows.covers(address, length, write));
  }

  /** Orders what was read before against what is read and written after (a load-acquire). */
  public static void acquire() {
    VarHandle.acquireFence();
  }

  /** Orders what was read and written before against what is written after (a store-release). */
  public static void release() {
    VarHandle.releaseFence();
  }

  /** Orders everything before against everything after. */
  public static void barrier() {
    VarHandle.fullFence();
  }

  /**
   * Sends a message-signalled interrupt: a write of a word, to a doorbell or to memory. One that
   * reaches nothing, or that the device is not allowed to send, is lost and counted. Memory only on
   * the vCPU's thread; doorbells on any.
   */
  public void message(long address, int data) {
    try {
      writeInt(address, data);
    } catch (DmaFault e) {
      return; // check() has counted it; on a bus the write goes nowhere
    }
  }

  /**
   * The one place through which every transfer passes.
   *
   * @return the offset in memory
   */
  private long check(long address, long length, boolean write) {
    if (!enabled || !ram.contains(address, length)) {
      refuse(address, length, write);
    }
    if (windows != null
        && !windows.covers(address, length, write)
        && !windows.violated(address, length, write)) {
      throw fault();
    }
    return address - ram.base();
  }

  private synchronized void refuse(long address, long length, boolean write) {
    if (reports != null) {
      reports.refused(
          address,
          length,
          write,
          enabled ? "there is no memory" : "the device may not master the bus");
    }
    throw fault();
  }

  private synchronized DmaFault fault() {
    refused++;
    return DmaFault.INSTANCE;
  }
}
