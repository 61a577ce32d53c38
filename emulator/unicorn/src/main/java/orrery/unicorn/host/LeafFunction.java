package orrery.unicorn.host;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A short C function that neither calls back into Java nor leaves by longjmp nor waits: it is
 * called without telling the JVM. All are called through the shape of {@link NativeFunction}, most
 * of whose parts the JVM then has already.
 *
 * @param address the function
 */
public record LeafFunction(MemorySegment address) {
  private static final MethodHandle DIRECT = NativeFunction.direct(false);

  private static final MethodHandle LINKED =
      DIRECT == null ? NativeFunction.linked(Linker.Option.critical(false)) : null;

  /**
   * A function of the C library.
   *
   * @throws IllegalStateException if it has none of that name
   */
  public static LeafFunction standard(String name) {
    return new LeafFunction(NativeFunction.standardSymbol(name));
  }

  /** Calls it. */
  public long call(long a, long b, long c) {
    try {
      return DIRECT == null
          ? (long) LINKED.invokeExact(address, a, b, c, 0L, 0L, 0L, 0L, 0L, 0L)
          : (long) DIRECT.invokeExact(address.address(), a, b, c, 0L, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable thrown) {
      throw Unchecked.of(thrown);
    }
  }

  /** Calls it. */
  public long call(long a, long b) {
    return call(a, b, 0);
  }

  /** Calls it. */
  public long call(long a) {
    return call(a, 0, 0);
  }

  /** Calls it for an int. */
  public int callInt(long a) {
    return (int) call(a, 0, 0);
  }

  /** Calls it for a C bool. */
  public boolean callBoolean(long a, long b, long c) {
    return (byte) call(a, b, c) != 0;
  }
}
