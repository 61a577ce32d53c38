package orrery.kernel.hw;

/**
 * Describes the entries of a ring, and the header before them if there is one. Made once, as a
 * constant of the class that lists the fields.
 *
 * <pre>{@code
 * final class Descriptor {
 *   static final RingLayout<Descriptor> LAYOUT = RingLayout.of(Descriptor.class, 16);
 *   static final Field.U64<Descriptor> ADDRESS = LAYOUT.u64(0);
 *   static final Field.U32<Descriptor> LENGTH = LAYOUT.u32(8);
 * }
 * }</pre>
 *
 * @param <L> the class that names the layout
 */
public final class RingLayout<L> {
  private static final Shapes SHAPES = new Shapes();

  private record Shape(int header, int stride, int trailer) {}

  private final String name;
  private final int header;
  private final int stride;
  private final int trailer;

  private RingLayout(String name, int header, int stride, int trailer) {
    this.name = name;
    this.header = header;
    this.stride = stride;
    this.trailer = trailer;
  }

  /**
   * Entries and nothing else.
   *
   * @param stride bytes of an entry
   */
  public static <L> RingLayout<L> of(Class<L> name, int stride) {
    return of(name, 0, stride, 0);
  }

  /**
   * Entries between a header and a trailer that only the device uses.
   *
   * @param header bytes before the first entry
   * @param stride bytes of an entry
   * @param trailer bytes after the last
   * @throws IllegalArgumentException if the class names another layout
   */
  public static <L> RingLayout<L> of(Class<L> name, int header, int stride, int trailer) {
    if (header < 0 || stride <= 0 || trailer < 0) {
      throw new IllegalArgumentException("no ring has such entries");
    }
    SHAPES.name(name, new Shape(header, stride, trailer));
    return new RingLayout<>(name.getSimpleName(), header, stride, trailer);
  }

  /** The name of the class that lists its fields. */
  public String name() {
    return name;
  }

  /** Bytes of a ring of so many entries. */
  int size(int entries) {
    if (entries <= 0) {
      throw new IllegalArgumentException("a ring has entries");
    }
    return Math.addExact(Math.addExact(header, trailer), Math.multiplyExact(entries, stride));
  }

  int header() {
    return header;
  }

  int stride() {
    return stride;
  }

  /** 8 bits of an entry. */
  public Field.U8<L> u8(int offset) {
    return new Field.Entry8<>(stride, check(offset, Byte.BYTES, stride));
  }

  /** 16 bits of an entry. */
  public Field.U16<L> u16(int offset) {
    return new Field.Entry16<>(stride, check(offset, Short.BYTES, stride));
  }

  /** 32 bits of an entry. */
  public Field.U32<L> u32(int offset) {
    return new Field.Entry32<>(stride, check(offset, Integer.BYTES, stride));
  }

  /** 64 bits of an entry. */
  public Field.U64<L> u64(int offset) {
    return new Field.Entry64<>(stride, check(offset, Long.BYTES, stride));
  }

  /** 16 bits of the header. */
  public Field.Header16<L> header16(int offset) {
    return new Field.At16<>(check(offset, Short.BYTES, header));
  }

  /** 32 bits of the header. */
  public Field.Header32<L> header32(int offset) {
    return new Field.At32<>(check(offset, Integer.BYTES, header));
  }

  private int check(int offset, int width, int size) {
    if (offset < 0 || offset > size - width || (offset & width - 1) != 0) {
      throw new IllegalArgumentException(
          "no place for a field of "
              + width
              + " bytes at 0x"
              + Integer.toHexString(offset)
              + " of "
              + name);
    }
    return offset;
  }
}
