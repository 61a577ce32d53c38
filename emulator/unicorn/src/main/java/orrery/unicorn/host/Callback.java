package orrery.unicorn.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Collections;

/**
 * Java methods as C function pointers, all of one shape, six longs and a long as the result, for
 * the reason that {@link NativeFunction} gives: what the C side does not pass is garbage, as is the
 * upper half of a narrower argument, and the result may be ignored.
 */
public final class Callback {
  private static final int ARGUMENTS = 6;

  private static final MethodType TYPE =
      MethodType.methodType(long.class, Collections.nCopies(ARGUMENTS, long.class));

  private Callback() {}

  /**
   * A function pointer to a method of six longs that returns a long. The method must let nothing be
   * thrown: that would end the process.
   *
   * @param lookup of the class that may see the method
   * @param arena how long the pointer is valid
   * @throws LinkageError if there is no such method
   */
  public static MemorySegment pointer(
      MethodHandles.Lookup lookup, Object receiver, String method, Arena arena) {
    try {
      MethodHandle target = lookup.bind(receiver, method, TYPE);
      DirectLinker direct = DirectLinker.instance();
      return direct == null ? linked(target, arena) : direct.pointer(target, arena);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a callback's shape is wrong", e);
    }
  }

  /** A pointer to a method by the JDK's linker. */
  @SuppressWarnings("restricted") // the callers catch everything in their methods
  static MemorySegment linked(MethodHandle target, Arena arena) {
    var longs = Collections.nCopies(ARGUMENTS, JAVA_LONG).toArray(new ValueLayout.OfLong[0]);
    return Linker.nativeLinker().upcallStub(target, FunctionDescriptor.of(JAVA_LONG, longs), arena);
  }
}
