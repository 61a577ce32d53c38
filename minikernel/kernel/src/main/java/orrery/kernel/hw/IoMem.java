package orrery.kernel.hw;

import orrery.machine.bus.Bus;
import orrery.machine.bus.BusFault;
import orrery.machine.bus.BusRange;
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

  /** Empty from the end on. */
  private BusRange range;

  private final long size;

  private IoMem(Resources resources, BusRange range, long size) {
    // SAFETY: revoked() takes the range away
    super(resources);
    this.range = range;
    this.size = size;
  }

  /**
   * Maps registers.
   *
   * @param base physical address
   * @param size bytes that the device has there
   * @throws HardwareException if that is less than the block needs, or nothing answers there
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
    try {
      return new IoMem<>(resources, bus.range(base, size), size);
    } catch (BusFault e) {
      throw new HardwareException(
          resources.device() + " has no registers at 0x" + Long.toHexString(base));
    }
  }

  /** The bytes that the device has here, at least as many as the block. */
  public long size() {
    return size;
  }

  // ---- Reading ----

  /** Reads a register. */
  public int read(Register.U8<B, ? extends Access.Readable> register) {
    return (int) get(((Register.At8<?, ?>) register).offset(), Byte.BYTES);
  }

  /** Reads a register. */
  public int read(Register.U16<B, ? extends Access.Readable> register) {
    return (int) get(((Register.At16<?, ?>) register).offset(), Short.BYTES);
  }

  /** Reads a register. */
  public int read(Register.U32<B, ? extends Access.Readable> register) {
    return (int) get(((Register.At32<?, ?>) register).offset(), Integer.BYTES);
  }

  /** Reads a register. */
  public long read(Register.U64<B, ? extends Access.Readable> register) {
    return get(((Register.At64<?, ?>) register).offset(), Long.BYTES);
  }

  /**
   * Reads one of several registers.
   *
   * @throws IndexOutOfBoundsException if there is no such one
   */
  public int read(Register.U32Array<B, ? extends Access.Readable> registers, int index) {
    return (int) get(((Register.ArrayAt32<?, ?>) registers).place(index), Integer.BYTES);
  }

  // ---- Writing ----

  /** Writes a register. */
  public void write(Register.U8<B, ? extends Access.Writable> register, int value) {
    put(((Register.At8<?, ?>) register).offset(), Byte.BYTES, value & MASK_8);
  }

  /** Writes a register. */
  public void write(Register.U16<B, ? extends Access.Writable> register, int value) {
    put(((Register.At16<?, ?>) register).offset(), Short.BYTES, value & MASK_16);
  }

  /** Writes a register. */
  public void write(Register.U32<B, ? extends Access.Writable> register, int value) {
    put(((Register.At32<?, ?>) register).offset(), Integer.BYTES, value & MASK_32);
  }

  /** Writes a register. */
  public void write(Register.U64<B, ? extends Access.Writable> register, long value) {
    put(((Register.At64<?, ?>) register).offset(), Long.BYTES, value);
  }

  /**
   * Writes one of several registers.
   *
   * @throws IndexOutOfBoundsException if there is no such one
   */
  public void write(
      Register.U32Array<B, ? extends Access.Writable> registers, int index, int value) {
    put(((Register.ArrayAt32<?, ?>) registers).place(index), Integer.BYTES, value & MASK_32);
  }

  // ---- Clearing ----

  /** Clears the bits of an RW1C register that are set in {@code bits}. */
  public void clear(Register.U8<B, ? extends Access.Clearable> register, int bits) {
    put(((Register.At8<?, ?>) register).offset(), Byte.BYTES, bits & MASK_8);
  }

  /** Clears the bits of an RW1C register that are set in {@code bits}. */
  public void clear(Register.U16<B, ? extends Access.Clearable> register, int bits) {
    put(((Register.At16<?, ?>) register).offset(), Short.BYTES, bits & MASK_16);
  }

  /** Clears the bits of an RW1C register that are set in {@code bits}. */
  public void clear(Register.U32<B, ? extends Access.Clearable> register, int bits) {
    put(((Register.At32<?, ?>) register).offset(), Integer.BYTES, bits & MASK_32);
  }

  /**
   * Clears the bits of one of several RW1C registers that are set in {@code bits}.
   *
   * @throws IndexOutOfBoundsException if there is no such one
   */
  public void clear(
      Register.U32Array<B, ? extends Access.Clearable> registers, int index, int bits) {
    put(((Register.ArrayAt32<?, ?>) registers).place(index), Integer.BYTES, bits & MASK_32);
  }

  /** Clears the bits of an RW1C register that are set in {@code bits}. */
  public void clear(Register.U64<B, ? extends Access.Clearable> register, long bits) {
    put(((Register.At64<?, ?>) register).offset(), Long.BYTES, bits);
  }

  // ---- Offsets known at run time ----

  /**
   * Reads 8 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside
   */
  public int tryRead8(@Untrusted long offset) throws OutOfRangeException {
    return (int) get(place(offset, Byte.BYTES), Byte.BYTES);
  }

  /**
   * Reads 16 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public int tryRead16(@Untrusted long offset) throws OutOfRangeException {
    return (int) get(place(offset, Short.BYTES), Short.BYTES);
  }

  /**
   * Reads 32 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public int tryRead32(@Untrusted long offset) throws OutOfRangeException {
    return (int) get(place(offset, Integer.BYTES), Integer.BYTES);
  }

  /**
   * Reads 64 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public long tryRead64(@Untrusted long offset) throws OutOfRangeException {
    return get(place(offset, Long.BYTES), Long.BYTES);
  }

  /**
   * Writes 8 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside
   */
  public void tryWrite8(@Untrusted long offset, int value) throws OutOfRangeException {
    put(place(offset, Byte.BYTES), Byte.BYTES, value & MASK_8);
  }

  /**
   * Writes 16 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public void tryWrite16(@Untrusted long offset, int value) throws OutOfRangeException {
    put(place(offset, Short.BYTES), Short.BYTES, value & MASK_16);
  }

  /**
   * Writes 32 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public void tryWrite32(@Untrusted long offset, int value) throws OutOfRangeException {
    put(place(offset, Integer.BYTES), Integer.BYTES, value & MASK_32);
  }

  /**
   * Writes 64 bits at an offset known at run time only.
   *
   * @throws OutOfRangeException if that is not inside or not aligned
   */
  public void tryWrite64(@Untrusted long offset, long value) throws OutOfRangeException {
    put(place(offset, Long.BYTES), Long.BYTES, value);
  }

  private long place(@Untrusted long offset, int width) throws OutOfRangeException {
    long inside = Range.part(offset, width, size);
    // An address that is not aligned lies between two registers: outside of every one.
    return Range.between(inside & -width, inside, inside);
  }

  /** Gives the registers back. */
  @Move
  public void close() {
    if (range == BusRange.EMPTY) {
      throw gone();
    }
    revoked();
  }

  @Override
  protected void revoked() {
    range = BusRange.EMPTY;
    end();
  }

  private long get(long at, int width) {
    try {
      return range.read(at, width);
    } catch (BusFault e) {
      throw failed(e);
    }
  }

  private void put(long at, int width, long value) {
    try {
      range.write(at, width, value);
    } catch (BusFault e) {
      throw failed(e);
    }
  }

  private RuntimeException failed(BusFault e) {
    return range == BusRange.EMPTY ? gone() : e;
  }

  private OwnershipException gone() {
    return new OwnershipException(this + " is used after it was closed or revoked");
  }
}
