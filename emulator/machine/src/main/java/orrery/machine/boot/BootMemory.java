package orrery.machine.boot;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import orrery.machine.MachineException;
import orrery.machine.Ram;

/**
 * Lays out a machine's RAM for the start, by the Linux/arm64 boot protocol
 * (Documentation/arch/arm64/booting.rst, sections 2 to 4). From the lowest address:
 *
 * <ul>
 *   <li>the device tree, at the start of RAM, at most 2 MiB;
 *   <li>the firmware's stack and data right behind it, free once it has handed over;
 *   <li>an Image from 4 MiB on; other kernels where they want to be, above the firmware's data;
 *   <li>the initial file system, from 4 MiB on and behind the kernel.
 * </ul>
 */
public final class BootMemory {
  /** The smallest memory that holds all this and leaves a guest something, in bytes. */
  public static final long MIN_RAM = 16 << 20;

  private static final long REGION = 2 << 20;
  private static final long PAYLOADS = 2 * REGION;

  /** What the firmware uses behind the device tree, in bytes; the firmware repeats this. */
  private static final long FIRMWARE_DATA = 8 << 10;

  private static final long FIRMWARE_ALIGNMENT = 16;
  private static final long INITRD_ALIGNMENT = 64 << 10;

  /** The protocol's window around kernel and initial file system, a multiple of 1 GiB. */
  private static final long WINDOW = 32L << 30;

  private final Ram ram;
  private long next = PAYLOADS;
  private long lowest = PAYLOADS;

  /** Where a payload lies: guest-physical addresses of its first byte and of the byte after it. */
  public record Placement(long start, long end) {}

  /** Nothing is placed yet. */
  public BootMemory(Ram ram) {
    if (ram.size() < MIN_RAM) {
      throw new MachineException(
          "a machine needs at least " + (MIN_RAM >> 20) + " MiB of memory (--memory)");
    }
    this.ram = ram;
  }

  /** Where the firmware looks for the device tree: a guest-physical address. */
  public long deviceTree() {
    return ram.base();
  }

  /**
   * Places a kernel; before the initial file system.
   *
   * @throws MachineException if it is unsuitable, cannot be read or does not fit
   */
  public LoadedKernel placeKernel(KernelFile kernel) {
    LoadedKernel loaded = new KernelLoader(ram, PAYLOADS).load(kernel);
    lowest = Math.min(lowest, loaded.start() - ram.base());
    next = Math.max(next, align(loaded.end() - ram.base(), REGION));
    return loaded;
  }

  /**
   * Places the initial file system.
   *
   * @throws MachineException if it cannot be read or does not fit
   */
  public Placement placeInitrd(BootPayload initrd) {
    long start = align(next, INITRD_ALIGNMENT);
    if (start >= ram.size()) {
      throw tooLarge("initial file system");
    }
    long end = start + load("initial file system", initrd, ram.segment().asSlice(start));
    if (end > WINDOW) {
      throw new MachineException("the initial file system ends above 32 GiB: the protocol's limit");
    }
    next = end;
    return new Placement(ram.base() + start, ram.base() + end);
  }

  /**
   * Places the flattened device tree; after the kernel.
   *
   * @throws MachineException if it is larger than the protocol allows or lies where the kernel is
   */
  public void placeDeviceTree(byte[] blob) {
    if (blob.length > REGION) {
      throw new MachineException(
          "the machine's description has "
              + blob.length
              + " bytes, 2 MiB is the limit: pass fewer or shorter arguments");
    }
    long end = align(blob.length, FIRMWARE_ALIGNMENT) + FIRMWARE_DATA;
    if (end > lowest) {
      throw new MachineException(
          "the kernel lies over the machine's description at the start of memory: link it for 0x"
              + Long.toHexString(ram.base() + align(end, INITRD_ALIGNMENT))
              + " or above");
    }
    MemorySegment.copy(
        MemorySegment.ofArray(blob), 0, ram.segment(), deviceTree() - ram.base(), blob.length);
  }

  private static long load(String what, BootPayload payload, MemorySegment room) {
    long size;
    try {
      size = payload.load(room);
    } catch (IOException e) {
      throw new MachineException("the " + what + " cannot be read: " + e.getMessage(), e);
    }
    if (size < 0 || size > room.byteSize()) {
      throw tooLarge(what);
    }
    return size;
  }

  private static MachineException tooLarge(String what) {
    return new MachineException("the " + what + " does not fit into memory (--memory)");
  }

  private static long align(long value, long alignment) {
    return value + alignment - 1 & -alignment;
  }
}
