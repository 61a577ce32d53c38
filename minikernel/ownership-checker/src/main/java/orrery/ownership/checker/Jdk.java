package orrery.ownership.checker;

import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Type;
import java.util.Map;
import java.util.Set;

/** What is known about the JDK's classes, which carry no marks. */
public final class Jdk {
  private static final Map<String, Set<String>> SLEEPERS =
      Map.ofEntries(
          Map.entry("java.lang.Thread", Set.of("sleep", "join")),
          Map.entry("java.lang.Object", Set.of("wait")),
          Map.entry("java.lang.Process", Set.of("waitFor")),
          Map.entry("java.util.concurrent.locks.LockSupport", Set.of("park", "parkNanos")),
          Map.entry("java.util.concurrent.locks.Lock", Set.of("lock", "lockInterruptibly")),
          Map.entry("java.util.concurrent.locks.ReentrantLock", Set.of("lock")),
          Map.entry(
              "java.util.concurrent.locks.Condition", Set.of("await", "awaitNanos", "awaitUntil")),
          Map.entry("java.util.concurrent.BlockingQueue", Set.of("take", "put")),
          Map.entry("java.util.concurrent.ArrayBlockingQueue", Set.of("take", "put")),
          Map.entry("java.util.concurrent.LinkedBlockingQueue", Set.of("take", "put")),
          Map.entry("java.util.concurrent.SynchronousQueue", Set.of("take", "put")),
          Map.entry("java.util.concurrent.Future", Set.of("get")),
          Map.entry("java.util.concurrent.CompletableFuture", Set.of("get", "join")),
          Map.entry("java.util.concurrent.CountDownLatch", Set.of("await")),
          Map.entry("java.util.concurrent.CyclicBarrier", Set.of("await")),
          Map.entry("java.util.concurrent.Semaphore", Set.of("acquire")),
          Map.entry(
              "java.util.concurrent.ExecutorService", Set.of("awaitTermination", "invokeAll")),
          Map.entry("java.util.concurrent.TimeUnit", Set.of("sleep")));

  private static final Map<String, Set<String>> AT_ONCE =
      Map.of(
          "java.lang.Iterable", Set.of("forEach"),
          "java.util.ArrayList", Set.of("forEach", "removeIf", "replaceAll", "sort"),
          "java.util.List", Set.of("forEach", "replaceAll", "sort"),
          "java.util.Collection", Set.of("forEach", "removeIf"),
          "java.util.Map",
              Set.of("forEach", "computeIfAbsent", "computeIfPresent", "compute", "merge"),
          "java.util.Optional",
              Set.of("ifPresent", "ifPresentOrElse", "map", "flatMap", "filter", "orElseGet"),
          "java.util.Arrays", Set.of("setAll", "sort", "fill"));

  private static final Map<String, Set<String>> SENDERS =
      Map.of(
          "java.lang.Thread", Set.of("<init>", "startVirtualThread"),
          "java.lang.Thread.Builder", Set.of("start", "unstarted"),
          "java.util.concurrent.Executor", Set.of("execute"),
          "java.util.concurrent.ExecutorService", Set.of("execute", "submit"),
          "java.util.concurrent.ScheduledExecutorService",
              Set.of("schedule", "scheduleAtFixedRate", "scheduleWithFixedDelay"),
          "java.util.concurrent.CompletableFuture", Set.of("runAsync", "supplyAsync"),
          "java.util.Timer", Set.of("schedule"));

  private static final Set<String> THREADS =
      Set.of("java.lang.Thread", "java.util.TimerTask", "java.util.concurrent.ForkJoinTask");

  private static final Set<String> IMMUTABLE =
      Set.of(
          "java.lang.String",
          "java.lang.Boolean",
          "java.lang.Byte",
          "java.lang.Short",
          "java.lang.Character",
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Float",
          "java.lang.Double",
          "java.lang.Class",
          "java.lang.Thread",
          "java.math.BigInteger",
          "java.math.BigDecimal",
          "java.time.Duration",
          "java.time.Instant",
          "java.util.UUID",
          "java.util.concurrent.CountDownLatch",
          "java.util.concurrent.Semaphore");

  private static final Set<String> RAW_PACKAGES =
      Set.of("java.lang.foreign", "java.lang.reflect", "sun.misc", "sun.reflect", "jdk.internal");

  private static final Set<String> RAW_CLASSES =
      Set.of(
          "java.lang.invoke.MethodHandles",
          "java.lang.invoke.MethodHandles.Lookup",
          "java.lang.invoke.MethodHandle",
          "java.io.ObjectInputStream");

  private static final Map<String, Set<String>> RAW_METHODS =
      Map.of(
          "java.lang.Class",
          Set.of(
              "forName",
              "newInstance",
              "getMethod",
              "getMethods",
              "getDeclaredMethod",
              "getDeclaredMethods",
              "getField",
              "getFields",
              "getDeclaredField",
              "getDeclaredFields",
              "getConstructor",
              "getConstructors",
              "getDeclaredConstructor",
              "getDeclaredConstructors"),
          "java.lang.System",
          Set.of("load", "loadLibrary"),
          "java.lang.Runtime",
          Set.of("load", "loadLibrary"));

  /** Methods that look at numbers and pass them on to nothing but text or another number. */
  private static final Set<String> NUMBER_READERS =
      Set.of(
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Short",
          "java.lang.Byte",
          "java.lang.String",
          "java.lang.StringBuilder");

  private static final Set<String> EXACT =
      Set.of(
          "addExact",
          "subtractExact",
          "multiplyExact",
          "incrementExact",
          "decrementExact",
          "negateExact",
          "toIntExact",
          "absExact",
          "min",
          "max",
          "floorMod",
          "floorDiv",
          "clamp");

  /** Methods of collections whose result stays in them, or is a view of them. */
  private static final Set<String> LOOKERS =
      Set.of(
          "get",
          "getFirst",
          "getLast",
          "getOrDefault",
          "first",
          "last",
          "peek",
          "peekFirst",
          "peekLast",
          "element",
          "floor",
          "ceiling",
          "firstEntry",
          "lastEntry",
          "getKey",
          "getValue",
          "iterator",
          "descendingIterator",
          "listIterator",
          "next",
          "previous",
          "entrySet",
          "keySet",
          "values",
          "subList",
          "reversed");

  /** Other methods of collections that take nothing out. */
  private static final Set<String> KEEPERS =
      Set.of(
          "size",
          "isEmpty",
          "contains",
          "containsKey",
          "containsValue",
          "indexOf",
          "hasNext",
          "hasPrevious",
          "forEach",
          "add",
          "addFirst",
          "addLast",
          "addAll",
          "push",
          "offer",
          "putIfAbsent",
          "computeIfAbsent");

  private Jdk() {}

  /** True if the call may wait. */
  public static boolean sleeps(MethodSymbol method) {
    return isIn(SLEEPERS, method);
  }

  /** True if functions passed to the method are called before it returns, and not kept. */
  public static boolean callsAtOnce(MethodSymbol method) {
    return isIn(AT_ONCE, method);
  }

  /** True if functions passed to the method run on another thread. */
  public static boolean sends(MethodSymbol method) {
    return isIn(SENDERS, method);
  }

  /** True if the call makes a stream parallel. */
  static boolean isParallel(MethodSymbol method) {
    return method.name.contentEquals("parallelStream")
        || method.name.contentEquals("parallel")
            && method.packge().getQualifiedName().contentEquals("java.util.stream");
  }

  /** True for the classes whose subclasses run on threads of their own. */
  static boolean isThread(Symbol type) {
    return THREADS.contains(type.getQualifiedName().toString());
  }

  /** True if values of the class never change, or are made for use by several threads. */
  static boolean isShareable(Type type) {
    String name = type.tsym.getQualifiedName().toString();
    return IMMUTABLE.contains(name)
        || name.startsWith("java.util.concurrent.atomic.")
        || name.startsWith("java.util.concurrent.locks.")
        || name.startsWith("java.util.concurrent.Concurrent");
  }

  /** True if the symbol, a class or a member of one, gets around the type system. */
  static boolean isRaw(Symbol symbol) {
    Symbol type = symbol.enclClass();
    if (type == null) {
      return false;
    }
    String packageName = type.packge().getQualifiedName().toString();
    for (String raw : RAW_PACKAGES) {
      if (packageName.equals(raw) || packageName.startsWith(raw + ".")) {
        return true;
      }
    }
    String name = type.getQualifiedName().toString();
    return RAW_CLASSES.contains(name) || symbol instanceof MethodSymbol m && isIn(RAW_METHODS, m);
  }

  /** True if an untrusted argument does no harm there. */
  public static boolean onlyReadsNumber(MethodSymbol method) {
    return NUMBER_READERS.contains(method.enclClass().getQualifiedName().toString())
        || isExact(method);
  }

  /** True if the method's arithmetic cannot wrap. */
  public static boolean isExact(MethodSymbol method) {
    return method.enclClass().getQualifiedName().contentEquals("java.lang.Math")
        && EXACT.contains(method.name.toString());
  }

  /** True if what the call on a collection returns is still part of it. */
  public static boolean looksInto(MethodSymbol method) {
    return isOfCollection(method) && LOOKERS.contains(method.name.toString());
  }

  /** True if the call on a collection takes nothing out of it. */
  public static boolean takesNothing(MethodSymbol method) {
    return looksInto(method) || isOfCollection(method) && KEEPERS.contains(method.name.toString());
  }

  /** True for collections, maps, their entries and iterators. */
  public static boolean isCollection(Symbol type) {
    return type.packge().getQualifiedName().contentEquals("java.util");
  }

  private static boolean isOfCollection(MethodSymbol method) {
    return !method.isStatic() && isCollection(method.enclClass());
  }

  private static boolean isIn(Map<String, Set<String>> table, MethodSymbol method) {
    Set<String> names = table.get(method.enclClass().getQualifiedName().toString());
    return names != null && names.contains(method.name.toString());
  }
}
