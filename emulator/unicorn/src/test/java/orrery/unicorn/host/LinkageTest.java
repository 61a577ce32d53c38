package orrery.unicorn.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Both ways to call C and to be called: past the JDK's linker, where that is had, and by it. */
class LinkageTest {
  private static final String JAVA = "25";
  private static final int CALLBACK_ARGUMENTS = 6;
  private static final long SIZE = 128;

  @SuppressWarnings("unused") // the source of the parameters
  private static final Iterable<Way> WAYS =
      Stream.of(direct(), new Linked()).filter(way -> way != null).toList();

  /** One of the ways. */
  private interface Way {
    long call(String name, boolean waits, long... arguments) throws Throwable;

    MemorySegment pointer(MethodHandle target, Arena arena);
  }

  private record Direct(DirectLinker linker) implements Way {
    @Override
    public long call(String name, boolean waits, long... arguments) throws Throwable {
      SymbolLookup symbols = linker.standardSymbols();
      return spread(
          NativeFunction.direct(waits), symbols.find(name).orElseThrow().address(), arguments);
    }

    @Override
    public MemorySegment pointer(MethodHandle target, Arena arena) {
      return linker.pointer(target, arena);
    }
  }

  private record Linked() implements Way {
    @Override
    public long call(String name, boolean waits, long... arguments) throws Throwable {
      MethodHandle call =
          waits ? NativeFunction.linked() : NativeFunction.linked(Linker.Option.critical(false));
      return spread(
          call, Linker.nativeLinker().defaultLookup().find(name).orElseThrow(), arguments);
    }

    @Override
    @SuppressWarnings("restricted")
    public MemorySegment pointer(MethodHandle target, Arena arena) {
      return Callback.linked(target, arena);
    }
  }

  private static Way direct() {
    DirectLinker linker = DirectLinker.instance();
    return linker == null ? null : new Direct(linker);
  }

  private static long spread(MethodHandle call, Object address, long... arguments)
      throws Throwable {
    MethodHandle bound = MethodHandles.insertArguments(call, 0, address);
    return (long) bound.asSpreader(long[].class, arguments.length).invoke(arguments);
  }

  @Test
  void linkerIsPassedByWhereTheJdkIsKnownAndOpen() {
    boolean known =
        JAVA.equals(System.getProperty("java.specification.version"))
            && "amd64".equals(System.getProperty("os.arch"));
    if (known) {
      assertNotNull(DirectLinker.instance());
    }
  }

  @ParameterizedTest
  @FieldSource("WAYS")
  void nineArgumentsArriveInOrder(Way way) throws Throwable {
    for (boolean waits : new boolean[] {true, false}) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment text = arena.allocate(SIZE);
        long format = arena.allocateFrom("%ld %ld %ld %ld %ld %ld").address();
        way.call(
            "snprintf", waits, text.address(), SIZE, format, 1, -2, 3, Long.MIN_VALUE, 5, 1L << 40);
        assertEquals("1 -2 3 -9223372036854775808 5 1099511627776", text.getString(0));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("WAYS")
  void resultArrives(Way way) throws Throwable {
    for (boolean waits : new boolean[] {true, false}) {
      assertEquals(
          1L << 60, way.call("labs", waits, -(1L << 60), 0, 0, 0, 0, 0, 0, 0, 0), "waits " + waits);
    }
  }

  @ParameterizedTest
  @FieldSource("WAYS")
  void callbackGetsItsArgumentsAndItsResultArrives(Way way) throws Throwable {
    MethodType type =
        MethodType.methodType(long.class, Collections.nCopies(CALLBACK_ARGUMENTS, long.class));
    MethodHandle target = MethodHandles.lookup().bind(new Order(), "compare", type);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocateFrom(JAVA_LONG, 5, 3, 9, -1, 7);
      MemorySegment compare = way.pointer(target, arena);
      way.call("qsort", true, numbers.address(), 5, 8, compare.address(), 0, 0, 0, 0, 0);
      assertArrayEquals(new long[] {-1, 3, 5, 7, 9}, numbers.toArray(JAVA_LONG));
    }
  }

  /** A comparison of longs for qsort(3). */
  static final class Order {
    @SuppressWarnings({"restricted", "unused"})
    private long compare(long first, long second, long c, long d, long e, long f) {
      return Long.compare(at(first), at(second));
    }

    @SuppressWarnings("restricted")
    private static long at(long address) {
      return MemorySegment.ofAddress(address).reinterpret(Long.BYTES).get(JAVA_LONG, 0);
    }
  }
}
