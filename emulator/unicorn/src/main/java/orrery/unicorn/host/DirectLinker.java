package orrery.unicorn.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;

/**
 * The part of JDK 25's linker that the JVM itself does, without the part that the linker does in
 * Java: that one converts arguments, of which longs have no need, and for it generates classes at
 * each start, which takes most of a call's linking.
 *
 * <p>It is there on an x86-64 Linux and a JDK 25 that opens these packages of {@code java.base} to
 * this module with {@code --add-opens}: {@code jdk.internal.access}, {@code jdk.internal.foreign},
 * {@code jdk.internal.foreign.abi} and {@code jdk.internal.foreign.abi.x64}. Elsewhere the JDK's
 * linker does all. No field is read by reflection, since the JDK generates classes for that.
 */
final class DirectLinker {
  private static final String JAVA = "25";
  private static final String OPERATING_SYSTEM = "Linux";
  private static final String PROCESSOR = "amd64";

  private static final String FOREIGN = "jdk.internal.foreign.";
  private static final String ABI = FOREIGN + "abi.";

  // System V x86-64 psABI 3.2.3, registers by their numbers in instructions.
  private static final int[] ARGUMENTS = {7, 6, 2, 1, 8, 9}; // rdi, rsi, rdx, rcx, r8, r9
  private static final int RAX = 0;
  private static final int RDX = 2;
  private static final int R10 = 10;
  private static final int R11 = 11;
  private static final int VECTOR_ARGUMENTS = 8;
  private static final int VECTOR_RESULTS = 2;
  private static final int VECTORS = 32;
  private static final int X87_RESULTS = 2;
  private static final int STACK_ALIGNMENT = 16;
  private static final int STACK_SLOT = 8;

  // X86_64Architecture.StorageType and the masks there: which part of a register is meant.
  private static final byte INTEGER = 0;
  private static final byte VECTOR = 1;
  private static final short WHOLE_INTEGER = 0xf;
  private static final short WHOLE_VECTOR = 1;

  private static final DirectLinker INSTANCE = find();

  private final Class<?> storage = Class.forName(ABI + "VMStorage");
  private final Class<?> storages = storage.arrayType();
  private final Class<?> descriptor = Class.forName(ABI + "ABIDescriptor");
  private final Class<?> architecture = Class.forName(ABI + "x64.X86_64Architecture");
  private final Constructor<?> register =
      open(storage.getDeclaredConstructor(byte.class, short.class, int.class));

  /** The calling convention, an ABIDescriptor. */
  private final Object convention = convention();

  private final Object results = integers(RAX);
  private final SymbolLookup standard = standard();

  private DirectLinker() throws ReflectiveOperationException {}

  /** This linker, or null where there is none. */
  static DirectLinker instance() {
    return INSTANCE;
  }

  private static DirectLinker find() {
    if (!JAVA.equals(System.getProperty("java.specification.version"))
        || !OPERATING_SYSTEM.equals(System.getProperty("os.name"))
        || !PROCESSOR.equals(System.getProperty("os.arch"))) {
      return null;
    }
    try {
      return new DirectLinker();
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return null; // the packages are not open: the JDK's own linker is the other way
    }
  }

  /**
   * A handle for any C function: its address and {@code arguments} longs, to a long.
   *
   * @param waits whether the function may wait or call back, so that the JVM must be told
   */
  MethodHandle call(int arguments, boolean waits) {
    MethodType type =
        MethodType.methodType(long.class, Collections.nCopies(1 + arguments, long.class));
    try {
      Class<?> entryPoint = Class.forName(ABI + "NativeEntryPoint");
      Object entry =
          method(
                  entryPoint,
                  "make",
                  descriptor,
                  storages,
                  storages,
                  MethodType.class,
                  boolean.class,
                  int.class,
                  boolean.class,
                  boolean.class)
              .invoke(null, convention, places(arguments), results, type, false, 0, waits, false);
      Object access =
          method(Class.forName("jdk.internal.access.SharedSecrets"), "getJavaLangInvokeAccess")
              .invoke(null);
      Class<?> accessType = Class.forName("jdk.internal.access.JavaLangInvokeAccess");
      return (MethodHandle)
          method(accessType, "nativeMethodHandle", entryPoint).invoke(access, entry);
    } catch (ReflectiveOperationException e) {
      throw broken(e);
    }
  }

  /** Where the JVM finds the address and the arguments of a call: an array of VMStorage. */
  private Object places(int arguments) throws ReflectiveOperationException {
    Object places = Array.newInstance(storage, 1 + arguments);
    Array.set(places, 0, method(descriptor, "targetAddrStorage").invoke(convention));
    Method stack = method(architecture, "stackStorage", short.class, int.class);
    for (int i = 0; i < arguments; i++) {
      Object place =
          i < ARGUMENTS.length
              ? integer(ARGUMENTS[i])
              : stack.invoke(null, (short) STACK_SLOT, (i - ARGUMENTS.length) * STACK_SLOT);
      Array.set(places, 1 + i, place);
    }
    return places;
  }

  /**
   * A function pointer to a method of longs, at most 6, that returns a long.
   *
   * @param target is called by nobody else
   * @param arena how long the pointer is valid
   */
  MemorySegment pointer(MethodHandle target, Arena arena) {
    try {
      Object places = integers(Arrays.copyOf(ARGUMENTS, target.type().parameterCount()));
      Class<?> linker = Class.forName(ABI + "UpcallLinker");
      Class<?> callType = Class.forName(ABI + "UpcallLinker$CallRegs");
      Constructor<?> call = open(callType.getDeclaredConstructor(storages, storages));
      // The JVM keeps the handle and calls the form that it has now. The form stays, since only an
      // invoker would replace it and nobody but C calls this handle.
      Object stub =
          method(
                  linker,
                  "makeUpcallStub",
                  MethodHandle.class,
                  descriptor,
                  callType,
                  boolean.class,
                  long.class)
              .invoke(null, target, convention, call.newInstance(places, results), false, 0L);
      if ((long) stub == 0) {
        throw new OutOfMemoryError("no room for a callback");
      }
      return (MemorySegment)
          method(Class.forName(ABI + "UpcallStubs"), "makeUpcall", long.class, Arena.class)
              .invoke(null, stub, arena);
    } catch (ReflectiveOperationException e) {
      throw broken(e);
    }
  }

  /** The symbols of the C library. */
  SymbolLookup standardSymbols() {
    return standard;
  }

  private Object convention() throws ReflectiveOperationException {
    int[] arguments = Arrays.copyOf(ARGUMENTS, ARGUMENTS.length + 1);
    arguments[ARGUMENTS.length] = RAX; // how many vectors a call with variable arguments passes
    return method(
            architecture,
            "abiFor",
            storages,
            storages,
            storages,
            storages,
            int.class,
            storages,
            storages,
            int.class,
            int.class,
            storage,
            storage)
        .invoke(
            null,
            integers(arguments),
            vectors(0, VECTOR_ARGUMENTS),
            integers(RAX, RDX),
            vectors(0, VECTOR_RESULTS),
            X87_RESULTS,
            integers(R10, R11),
            vectors(VECTOR_ARGUMENTS, VECTORS),
            STACK_ALIGNMENT,
            0,
            integer(R10),
            integer(R11));
  }

  private Object integer(int number) throws ReflectiveOperationException {
    return register.newInstance(INTEGER, WHOLE_INTEGER, number);
  }

  private Object integers(int... numbers) throws ReflectiveOperationException {
    Object registers = Array.newInstance(storage, numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      Array.set(registers, i, integer(numbers[i]));
    }
    return registers;
  }

  private Object vectors(int from, int to) throws ReflectiveOperationException {
    Object registers = Array.newInstance(storage, to - from);
    for (int i = from; i < to; i++) {
      Array.set(registers, i - from, register.newInstance(VECTOR, WHOLE_VECTOR, i));
    }
    return registers;
  }

  private static SymbolLookup standard() throws ReflectiveOperationException {
    return (SymbolLookup)
        method(Class.forName(FOREIGN + "SystemLookup"), "getInstance").invoke(null);
  }

  private static Method method(Class<?> owner, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    return open(owner.getDeclaredMethod(name, parameters));
  }

  private static <T extends AccessibleObject> T open(T member) {
    member.setAccessible(true);
    return member;
  }

  private static LinkageError broken(ReflectiveOperationException e) {
    if (e instanceof InvocationTargetException && e.getCause() instanceof Error error) {
      throw error;
    }
    return new LinkageError("the JDK's linker is not as expected", e);
  }
}
