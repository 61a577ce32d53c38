package orrery.kernel.hw;

import java.util.Objects;

/**
 * A register of a block: its width is its kind, its block and access are type parameters, its
 * offset was checked when {@link RegisterBlock} made it. Registers are constants ({@code static
 * final}), so an access costs what it costs by number.
 */
public final class Register {
  private Register() {}

  /**
   * A register of 8 bits.
   *
   * @param <B> its block
   * @param <A> what software may do with it
   */
  public sealed interface U8<B, A extends Access> permits At8 {}

  /**
   * A register of 16 bits.
   *
   * @param <B> its block
   * @param <A> what software may do with it
   */
  public sealed interface U16<B, A extends Access> permits At16 {}

  /**
   * A register of 32 bits.
   *
   * @param <B> its block
   * @param <A> what software may do with it
   */
  public sealed interface U32<B, A extends Access> permits At32 {}

  /**
   * A register of 64 bits.
   *
   * @param <B> its block
   * @param <A> what software may do with it
   */
  public sealed interface U64<B, A extends Access> permits At64 {}

  /**
   * Registers of 32 bits side by side, of which one is chosen at run time.
   *
   * @param <B> their block
   * @param <A> what software may do with them
   */
  public sealed interface U32Array<B, A extends Access> permits ArrayAt32 {}

  // Records, because the compiler trusts their fields to be constant.

  record At8<B, A extends Access>(int offset) implements U8<B, A> {}

  record At16<B, A extends Access>(int offset) implements U16<B, A> {}

  record At32<B, A extends Access>(int offset) implements U32<B, A> {}

  record At64<B, A extends Access>(int offset) implements U64<B, A> {}

  record ArrayAt32<B, A extends Access>(int offset, int count) implements U32Array<B, A> {
    /** The offset of one of them. */
    int place(int index) {
      return offset + Objects.checkIndex(index, count) * Integer.BYTES;
    }
  }
}
