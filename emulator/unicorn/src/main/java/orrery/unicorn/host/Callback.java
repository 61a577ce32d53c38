package orrery.unicorn.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/**
 * Java methods as C function pointers, all of one shape, six longs and a long as the result, for
 * the reason that {@link NativeFunction} gives: what the C side does not pass is garbage, as is the
 * upper half of a narrower argument, and the result may be ignored.
 */
public final class Callback {
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private Callback() {}

  /**
   * A function pointer to a method of six longs that returns a long. The method must let nothing be
   * thrown: that would end the process.
   *
   * @param lookup of the class that may see the method
   * @param arena how long the pointer is valid
   * @throws LinkageError if there is no such method
   */
  @SuppressWarnings("restricted") // the callers catch everything in their methods
  public static MemorySegment pointer(
      MethodHandles.Lookup lookup, Object receiver, String method, Arena arena) {
    try {
      return Linker.nativeLinker()
          .upcallStub(lookup.bind(receiver, method, SHAPE.toMethodType()), SHAPE, arena);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a callback's shape is wrong", e);
    }
  }
}
