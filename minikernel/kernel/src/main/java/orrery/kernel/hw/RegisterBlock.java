package orrery.kernel.hw;

/**
 * Describes a block of registers: made once, as a constant of the class that lists the registers.
 *
 * <pre>{@code
 * final class Counter {
 *   static final RegisterBlock<Counter> BLOCK = RegisterBlock.of(Counter.class, 0x10);
 *   static final Register.U32<Counter, ReadOnly> VALUE = BLOCK.readOnly32(0x0);
 *   static final Register.U32<Counter, WriteOneToClear> STATUS = BLOCK.writeOneToClear32(0x8);
 * }
 * }</pre>
 *
 * @param <B> the class that names the block
 */
public final class RegisterBlock<B> {
  private static final Shapes SHAPES = new Shapes();

  private final String name;
  private final int size;

  private RegisterBlock(String name, int size) {
    this.name = name;
    this.size = size;
  }

  /**
   * A block.
   *
   * @param size the bytes that its registers take: what a device must have at least
   * @throws IllegalArgumentException if the class names a block of another size
   */
  public static <B> RegisterBlock<B> of(Class<B> name, int size) {
    SHAPES.name(name, size);
    return new RegisterBlock<>(name.getSimpleName(), size);
  }

  /** The name of the class that lists its registers. */
  public String name() {
    return name;
  }

  /** Its size in bytes. */
  public int size() {
    return size;
  }

  /** An RO register. */
  public Register.U8<B, Access.ReadOnly> readOnly8(int offset) {
    return new Register.At8<>(check(offset, Byte.BYTES));
  }

  /** An RW register. */
  public Register.U8<B, Access.ReadWrite> readWrite8(int offset) {
    return new Register.At8<>(check(offset, Byte.BYTES));
  }

  /** A WO register. */
  public Register.U8<B, Access.WriteOnly> writeOnly8(int offset) {
    return new Register.At8<>(check(offset, Byte.BYTES));
  }

  /** An RW1C register. */
  public Register.U8<B, Access.WriteOneToClear> writeOneToClear8(int offset) {
    return new Register.At8<>(check(offset, Byte.BYTES));
  }

  /** An RO register. */
  public Register.U16<B, Access.ReadOnly> readOnly16(int offset) {
    return new Register.At16<>(check(offset, Short.BYTES));
  }

  /** An RW register. */
  public Register.U16<B, Access.ReadWrite> readWrite16(int offset) {
    return new Register.At16<>(check(offset, Short.BYTES));
  }

  /** A WO register. */
  public Register.U16<B, Access.WriteOnly> writeOnly16(int offset) {
    return new Register.At16<>(check(offset, Short.BYTES));
  }

  /** An RW1C register. */
  public Register.U16<B, Access.WriteOneToClear> writeOneToClear16(int offset) {
    return new Register.At16<>(check(offset, Short.BYTES));
  }

  /** An RO register. */
  public Register.U32<B, Access.ReadOnly> readOnly32(int offset) {
    return new Register.At32<>(check(offset, Integer.BYTES));
  }

  /** An RW register. */
  public Register.U32<B, Access.ReadWrite> readWrite32(int offset) {
    return new Register.At32<>(check(offset, Integer.BYTES));
  }

  /** A WO register. */
  public Register.U32<B, Access.WriteOnly> writeOnly32(int offset) {
    return new Register.At32<>(check(offset, Integer.BYTES));
  }

  /** An RW1C register. */
  public Register.U32<B, Access.WriteOneToClear> writeOneToClear32(int offset) {
    return new Register.At32<>(check(offset, Integer.BYTES));
  }

  /** An RO register. */
  public Register.U64<B, Access.ReadOnly> readOnly64(int offset) {
    return new Register.At64<>(check(offset, Long.BYTES));
  }

  /** An RW register. */
  public Register.U64<B, Access.ReadWrite> readWrite64(int offset) {
    return new Register.At64<>(check(offset, Long.BYTES));
  }

  /** A WO register. */
  public Register.U64<B, Access.WriteOnly> writeOnly64(int offset) {
    return new Register.At64<>(check(offset, Long.BYTES));
  }

  /** An RW1C register. */
  public Register.U64<B, Access.WriteOneToClear> writeOneToClear64(int offset) {
    return new Register.At64<>(check(offset, Long.BYTES));
  }

  /** RW registers side by side. */
  public Register.U32Array<B, Access.ReadWrite> readWrite32(int offset, int count) {
    return new Register.ArrayAt32<>(check(offset, count, Integer.BYTES), count);
  }

  /** RW1C registers side by side. */
  public Register.U32Array<B, Access.WriteOneToClear> writeOneToClear32(int offset, int count) {
    return new Register.ArrayAt32<>(check(offset, count, Integer.BYTES), count);
  }

  private int check(int offset, int count, int width) {
    if (count <= 0 || count > size / width) {
      throw new IllegalArgumentException(name + " has no room for " + count + " registers");
    }
    check(offset + (count - 1) * width, width);
    return check(offset, width);
  }

  private int check(int offset, int width) {
    if (offset < 0 || offset > size - width || (offset & width - 1) != 0) {
      throw new IllegalArgumentException(
          "no place for a register of "
              + width
              + " bytes at 0x"
              + Integer.toHexString(offset)
              + " of "
              + name
              + ", which has "
              + size);
    }
    return offset;
  }
}
