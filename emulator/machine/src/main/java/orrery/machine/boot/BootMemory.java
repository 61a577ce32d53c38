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
 *   <li>the device tree, at the start of RAM: a region of 2 MiB of its own;
 *   <li>2 MiB for the firmware's stack and data, free once it has handed over;
 *   <li>the kernel image if there is one, then the initial file system: all within one GiB as the
 *       protocol wants, unless they are larger than that.
 * </ul>
 */
public final class BootMemory {
  /** The smallest memory that holds all this and leaves a guest something, in bytes. */
  public static final long MIN_RAM = 16 << 20;

  private static final long REGION = 2 << 20;
  private static final long PAYLOADS = 2 * REGION;
  private static final long INITRD_ALIGNMENT = 64 << 10;

  /** The protocol's window around kernel and initial file system, a multiple of 1 GiB. */
  private static final long WINDOW = 32L << 30;

  private final Ram ram;
  private long next = PAYLOADS;

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
   * Places a kernel image; before the initial file system.
   *
   * @return its entry, a guest-physical address
   * @throws MachineException if it is no arm64 image, cannot be read or does not fit
   */
  public long placeKernel(BootPayload kernel) {
    long start = next;
    MemorySegment room = ram.segment().asSlice(start);
    long size = load("kernel", kernel, room);
    KernelImage image = KernelImage.at(room, size);
    long offset = image.textOffset();
    long end = start + offset + Math.max(size, image.memorySize());
    if (end < start || end > ram.size()) {
      throw new MachineException(
          "the kernel needs more than " + (ram.size() >> 20) + " MiB of memory (--memory)");
    }
    if (offset != 0) {
      room.asSlice(offset, size).copyFrom(room.asSlice(0, size));
      room.asSlice(0, Math.min(offset, size)).fill((byte) 0);
    }
    next = align(end, REGION);
    return ram.base() + start + offset;
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
   * Places the flattened device tree.
   *
   * @throws MachineException if it is larger than the protocol allows
   */
  public void placeDeviceTree(byte[] blob) {
    if (blob.length > REGION) {
      throw new MachineException(
          "the machine's description has "
              + blob.length
              + " bytes, 2 MiB is the limit: pass fewer or shorter arguments");
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
