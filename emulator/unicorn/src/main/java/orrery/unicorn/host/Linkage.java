package orrery.unicorn.host;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;

/**
 * Links the shapes of {@link NativeFunction}, {@link LeafFunction} and {@link Callback} ahead of
 * their first use. Each takes the JVM 10 to 30 ms, which a program can spend on a thread of its own
 * while it does something else; whoever needs a shape meanwhile waits for it.
 */
public final class Linkage {
  private Linkage() {}

  /** Links all shapes, on the caller's thread. */
  public static void prepare() {
    // The first call, too, makes the JVM generate code.
    NativeFunction.standard("getpid").call(0);
    try (Arena arena = Arena.ofConfined()) {
      Callback.pointer(MethodHandles.lookup(), new Linkage(), "unused", arena);
    }
    LeafFunction.standard("getpid").call(0);
  }

  private long unused(long a, long b, long c, long d, long e, long f) {
    return 0;
  }
}
