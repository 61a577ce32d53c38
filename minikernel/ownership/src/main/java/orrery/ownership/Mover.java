package orrery.ownership;

/**
 * Takes owned values over.
 *
 * @param <T> the values' type
 */
@FunctionalInterface
public interface Mover<@Owned T> {
  /** Becomes the owner of {@code value}. */
  void take(@Move T value);
}
