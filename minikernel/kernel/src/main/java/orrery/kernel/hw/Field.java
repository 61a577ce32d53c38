package orrery.kernel.hw;

/**
 * A field of a ring's entries or of its header: its width is its kind, its ring a type parameter,
 * its place was checked when {@link RingLayout} made it.
 */
public final class Field {
  private Field() {}

  /**
   * 8 bits of an entry.
   *
   * @param <L> the ring's layout
   */
  public sealed interface U8<L> permits Entry8 {}

  /**
   * 16 bits of an entry.
   *
   * @param <L> the ring's layout
   */
  public sealed interface U16<L> permits Entry16 {}

  /**
   * 32 bits of an entry.
   *
   * @param <L> the ring's layout
   */
  public sealed interface U32<L> permits Entry32 {}

  /**
   * 64 bits of an entry.
   *
   * @param <L> the ring's layout
   */
  public sealed interface U64<L> permits Entry64 {}

  /**
   * 16 bits of the header.
   *
   * @param <L> the ring's layout
   */
  public sealed interface Header16<L> permits At16 {}

  /**
   * 32 bits of the header.
   *
   * @param <L> the ring's layout
   */
  public sealed interface Header32<L> permits At32 {}

  // Records, because the compiler trusts their fields to be constant: an index becomes a shift.

  record Entry8<L>(int stride, int offset) implements U8<L> {}

  record Entry16<L>(int stride, int offset) implements U16<L> {}

  record Entry32<L>(int stride, int offset) implements U32<L> {}

  record Entry64<L>(int stride, int offset) implements U64<L> {}

  record At16<L>(int offset) implements Header16<L> {}

  record At32<L>(int offset) implements Header32<L> {}
}
