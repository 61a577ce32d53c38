package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known about one variable at one point.
 *
 * @param bits the states that are possible
 * @param birth where the value came to the variable; null if unknown
 * @param gone line to what happened to the value there, for messages
 * @param owners whom a borrow belongs to
 * @param guards the path of the lock that the value proves to be held, or null
 * @param pending the call that has evaluated the value as an argument and not been made yet
 * @param resource true if try-with-resources closes it
 */
record ValueState(
    int bits,
    Tree birth,
    TreeMap<Integer, String> gone,
    Set<VarSymbol> owners,
    String guards,
    Tree pending,
    boolean resource) {
  /** Null, or not assigned yet. */
  static final int EMPTY = 1;

  /** The variable owns its value. */
  static final int OWNED = 2;

  /** The value was moved away. */
  static final int MOVED = 4;

  /** The value belongs to somebody else. */
  static final int LENT = 8;

  /** The value belonged to somebody else, who gave it away. */
  static final int DANGLING = 16;

  /** From @Unsafe code, which answers for it. */
  static final int RAW = 32;

  private static final TreeMap<Integer, String> NOTHING = new TreeMap<>();

  static ValueState of(int bits, Tree birth) {
    return new ValueState(bits, birth, NOTHING, Set.of(), null, null, false);
  }

  static ValueState lentBy(Set<VarSymbol> owners, Tree birth) {
    return new ValueState(LENT, birth, NOTHING, owners, null, null, false);
  }

  boolean may(int bit) {
    return (bits & bit) != 0;
  }

  ValueState withBits(int newBits) {
    return new ValueState(newBits, birth, gone, owners, guards, pending, resource);
  }

  ValueState bornAt(Tree tree) {
    return new ValueState(bits, tree, gone, owners, guards, pending, resource);
  }

  ValueState guarding(String lock) {
    return new ValueState(bits, birth, gone, owners, lock, pending, resource);
  }

  ValueState ownedBy(Set<VarSymbol> lenders) {
    return new ValueState(bits, birth, gone, lenders, guards, pending, resource);
  }

  ValueState asResource() {
    return new ValueState(bits, birth, gone, owners, guards, null, true);
  }

  ValueState moved(int line, String how, Tree call) {
    TreeMap<Integer, String> all = new TreeMap<>(gone);
    all.put(line, how);
    return new ValueState(MOVED, birth, all, Set.of(), null, call, false);
  }

  ValueState dangling(int line, String how) {
    TreeMap<Integer, String> all = new TreeMap<>(gone);
    all.put(line, how);
    return new ValueState(bits & ~LENT | DANGLING, birth, all, owners, guards, pending, resource);
  }

  /** The call was made: the value is gone for good. */
  ValueState settled() {
    return new ValueState(bits, birth, gone, owners, guards, null, resource);
  }

  /** The call was not made: the value is still here. */
  ValueState givenBack() {
    return new ValueState(OWNED, birth, NOTHING, owners, guards, null, resource);
  }

  /** What is possible if either is. */
  ValueState join(ValueState other) {
    if (equals(other)) {
      return this;
    }
    TreeMap<Integer, String> all = new TreeMap<>(gone);
    all.putAll(other.gone);
    Set<VarSymbol> both =
        Stream.concat(owners.stream(), other.owners.stream())
            .collect(Collectors.toUnmodifiableSet());
    return new ValueState(
        bits | other.bits,
        birth == null ? other.birth : birth,
        all,
        both,
        guards != null && guards.equals(other.guards) ? guards : null,
        pending == other.pending ? pending : null,
        resource && other.resource);
  }

  /** The lines at which the value went, for messages: "line 3" or "lines 3 and 5". */
  String where() {
    return lines(new TreeSet<>(gone.keySet()));
  }

  static String lines(TreeSet<Integer> lines) {
    String text = lines.stream().map(String::valueOf).collect(Collectors.joining(", "));
    int comma = text.lastIndexOf(", ");
    return comma < 0
        ? "line " + text
        : "lines " + text.substring(0, comma) + " and " + text.substring(comma + 2);
  }
}
