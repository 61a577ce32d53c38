package orrery.unicorn.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;

/**
 * Links the shapes of {@link NativeFunction}, {@link LeafFunction} and {@link Callback} ahead of
 * their first use. Each takes the JVM 10 to 30 ms, which a program can spend on a thread of its own
 * while it does something else; whoever needs a shape meanwhile waits for it.
 */
public final class Linkage {
  private Linkage() {}

  /** Links the shapes of calls to C, on the caller's thread. */
  public static void prepareCalls() {
    // The first call, too, makes the JVM generate code.
    NativeFunction.standard("getpid").call(0);
    LeafFunction.standard("getpid").call(0);
    HostProcess.prepare();
  }

  /** Links the shape of calls from C, and copies between arrays and C's memory. */
  public static void prepareCallbacks() {
    try (Arena arena = Arena.ofConfined()) {
      Callback.pointer(MethodHandles.lookup(), new Linkage(), "unused", arena);
    }
    MemorySegment.copy(new long[0], 0, MemorySegment.NULL, ValueLayout.JAVA_LONG, 0, 0);
  }

  private long unused(long a, long b, long c, long d, long e, long f) {
    return 0;
  }
}
