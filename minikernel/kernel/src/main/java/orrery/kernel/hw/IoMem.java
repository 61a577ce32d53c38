package orrery.kernel.hw;

import orrery.machine.bus.Bus;
import orrery.ownership.Move;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Range;
import orrery.ownership.Unsafe;
import orrery.ownership.UnsafeCall;
import orrery.ownership.Untrusted;

/**
 * A device's registers: the only way in which a driver reaches its device. Registers are constants
 * of their block, whose type says width and access; offsets that are known only at run time go
 * through {@code try...}, which check them.
 *
 * <p>The vCPU's thread. Accesses allocate nothing.
 *
 * @param <B> the block of registers
 */
@Owned
@Unsafe("registers of B lie inside B's size, which map() compared with the device's once for all")
public final class IoMem<B> extends Resource {
  private static final long MASK_8 = 0xff;
  private static final long MASK_16 = 0xffff;
  private static final long MASK_32 = 0xffff_ffffL;

  /** Null from the end on. */
  private Bus bus;

  private final long base;
  private final long size;

  private IoMem(Resources resources, Bus bus, long base, long size) {
    // SAFETY: revoked() takes the bus away
    super(resources);
    this.bus = bus;
    this.base = base;
    this.size = size;
  }

  /**
   * Maps registers.
   *
   * @param base physical address
   * @param size bytes that the device has there
   * @throws HardwareException if that is less than the block needs
   */
  @UnsafeCall("the range is the registers of the resources' device and of no other")
  public static <B> IoMem<B> map(
      Resources resources, Bus bus, long base, long size, RegisterBlock<B> block) {
    if (size < block.size()) {
      throw new HardwareException(
          resources.device()
              + " has "
              + size
              + " bytes where "
              + block.name()
              + " needs "
              + block.size());
    }
    return new IoMem<>(resources, bus, base, size);
  }

  /** The bytes that the device has here, at least as many as the block. */
  public long size() {
    return size;
  }

  // ---- Reading ----

  /** Reads a register. */
  public int read(Register.U8<B, ? extends Access.Readable> register) {
    return (int) bus().read(base + ((Register.At8<?, ?>) register).offset(), Byte.BYTES);
  }

  /** Reads a register. */
  public int read(Register.U16<B, ? extends Access.Readable> register) {
    return (int) bus().read(base + ((Register.At16<?, ?>) register).offset(), Short.BYTES);
  }

  /** Reads a register. */
  public int read(Register.U32<B, ? extends Access.Readable> register) {
    return (int) bus().read(base + ((Register.At32<?, ?>) register).offset(), Integer.BYTES);
  }

  /** Reads a register. */
  public long read(Register.U64<B, ? extends Access.Readable> register) {
    return bus().read(base + ((Register.At64<?, ?>) register).offset(), Long.BYTES);
  }

  // ---- Writing ----

  /** Writes a register. */
  public void write(Register.U8<B, ? extends Access.Writable> register, int value) {
    bus().write(base + ((Register.At8<?, ?>) register).offset(), Byte.BYTES, value & MASK_8);
  }

  /** Writes a register. */
  public void write(Register.U16<B, ? extends Access.Writable> register, int value) {
    bus().write(base + ((Register.At16<?, ?>) register).offset(), Short.BYTES, value & MASK_16);
  }

  /** Writes a register. */
  public void write(Register.U32<B, ? extends Access.Writable> register, int value) {
    bus().write(base + ((Register.At32<?, ?>) register).offset(), Integer.BYTES, value & MASK_32);
  }

  /** Writes a register. */
  public void write(Register.U64<B, ? extends Access.Writable> register, long value) {
    bus().write(base + ((Register.At64<?, ?>) register).offset(), Long.BYTES, value);
  }

  // ---- Clearing ----

  /** Clears the bits of an RW1C register that are set in {@code bits}. */
  public void clear(Register.U8<B, ? extends Access.Clearable> register, int bits) {
    bus().write(base + ((Register.At8<?, ?>) register).offset(), Byte.BYTES, bits & MASK_8);
  }

  /** Clears the bits of an RW1C register that are set in {@code bits}. */
  public void clear(Register.U16<B, ? extends Access.Clearable> register, int bits) {
    bus().write(base + ((Register.At16<?, ?>) register).offset(), Short.BYTES, bits & MASK_16);
  }

  /** Clears the bits of an RW1C register that are set in {@code bits}. */
  public void clear(Register.U32<B, ? extends Access.Clearable> register, int bits) {
    bus().write(base + ((Register.At32<?, ?>) register).offset(), Integer.BYTES, bits & MASK_32);
  }

  /** Clears the bits of an RW1C register that are set in {@code bits}. */
  public void clear(Register.U64<B, ? extends Access.Clearable> register, long bits) {
    bus().write(base + ((Register.At64<?, ?>) register).offset(), Long.BYTES, bits);
  }

  // ---- Offsets known at run time ----

  /**
   * Reads 8 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside
   */
  public int tryRead8(@Untrusted long offset) throws OutOfRangeException {
    return (int) bus().read(base + place(offset, Byte.BYTES), Byte.BYTES);
  }

  /**
   * Reads 16 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public int tryRead16(@Untrusted long offset) throws OutOfRangeException {
    return (int) bus().read(base + place(offset, Short.BYTES), Short.BYTES);
  }

  /**
   * Reads 32 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public int tryRead32(@Untrusted long offset) throws OutOfRangeException {
    return (int) bus().read(base + place(offset, Integer.BYTES), Integer.BYTES);
  }

  /**
   * Reads 64 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public long tryRead64(@Untrusted long offset) throws OutOfRangeException {
    return bus().read(base + place(offset, Long.BYTES), Long.BYTES);
  }

  /**
   * Writes 8 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside
   */
  public void tryWrite8(@Untrusted long offset, int value) throws OutOfRangeException {
    bus().write(base + place(offset, Byte.BYTES), Byte.BYTES, value & MASK_8);
  }

  /**
   * Writes 16 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public void tryWrite16(@Untrusted long offset, int value) throws OutOfRangeException {
    bus().write(base + place(offset, Short.BYTES), Short.BYTES, value & MASK_16);
  }

  /**
   * Writes 32 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public void tryWrite32(@Untrusted long offset, int value) throws OutOfRangeException {
    bus().write(base + place(offset, Integer.BYTES), Integer.BYTES, value & MASK_32);
  }

  /**
   * Writes 64 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public void tryWrite64(@Untrusted long offset, long value) throws OutOfRangeException {
    bus().write(base + place(offset, Long.BYTES), Long.BYTES, value);
  }

  private long place(@Untrusted long offset, int width) throws OutOfRangeException {
    long inside = Range.part(offset, width, size);
    // An address that is not aligned lies between two registers: outside of every one.
    return Range.between(inside & -width, inside, inside);
  }

  /** Gives the registers back. */
  @Move
  public void close() {
    bus();
    revoked();
  }

  @Override
  protected void revoked() {
    bus = null;
    end();
  }

  private Bus bus() {
    Bus live = bus;
    if (live == null) {
      throw new OwnershipException(this + " is used after it was closed or revoked");
    }
    return live;
  }
}
