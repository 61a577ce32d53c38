package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known at one point for the runs of a method that came there in one way. The analysis
 * keeps several of these at a point, so that tests which decide alike are followed together.
 */
final class PathState {
  /** The variables that hold owned values; a key may be a field of {@code this}. */
  final Map<VarSymbol, ValueState> values = new HashMap<>();

  /** The outcomes of tests, by their text, while the variables in them do not change. */
  final Map<String, Fact> facts = new HashMap<>();

  /** The outcomes of parts of the condition that is being evaluated. */
  final Map<Tree, Boolean> outcomes = new HashMap<>();

  /** Patterns that have matched in the condition that is being evaluated. */
  final Map<Tree, Match> matches = new HashMap<>();

  /** What the parts of the expression that is being evaluated held. */
  final Map<Tree, ValueState> operands = new HashMap<>();

  /** Variables with unchecked numbers of a device or a program. */
  final Set<VarSymbol> untrusted = new HashSet<>();

  /** The monitors that are held, by their access paths. */
  final Set<String> monitors = new HashSet<>();

  /** Variables that name what a lock guards. */
  final Map<VarSymbol, Guarding.Guarded> guarded = new HashMap<>();

  /** Classes whose instances a variable is known not to name. */
  final Map<VarSymbol, Set<Symbol>> excluded = new HashMap<>();

  /** Other names: whose object a variable names too, or a part of it. */
  final Map<VarSymbol, Set<VarSymbol>> aliases = new HashMap<>();

  /** True on the way out after an exception that nobody declared. */
  boolean panic;

  /** Values of a return that code after it has used: a fault if that return is the last one. */
  final Map<VarSymbol, Reclaimed> reclaimed = new HashMap<>();

  /** The statements whose finally block runs, or was left by a jump. */
  final Set<Tree> finallyBlocks = new HashSet<>();

  /** The last return in a finally block, or null. */
  Tree lastReturn;

  /** The second run of a finally block that the path is in, or null. */
  FinallyCopies.Rerun rerun;

  /** Where and how {@code this} was moved as a whole. */
  final TreeMap<Integer, String> thisGone = new TreeMap<>();

  /** Where and how what {@code this} inherits was consumed. */
  final TreeMap<Integer, String> superGone = new TreeMap<>();

  /**
   * The outcome of a test.
   *
   * @param variables what it depends on
   */
  record Fact(boolean value, Set<VarSymbol> variables) {}

  /**
   * What a finally block used although a return had it.
   *
   * @param use where
   * @param gone line to what had happened to the value there, for messages
   */
  record Reclaimed(Tree use, TreeMap<Integer, String> gone) {}

  /**
   * A pattern that has matched.
   *
   * @param from the variable that was tested
   * @param before its state before
   * @param after the states of the pattern's variables
   */
  record Match(VarSymbol from, ValueState before, Map<VarSymbol, ValueState> after) {}

  /** The condition failed after its pattern had matched: the value stays where it was. */
  void undo(Match match) {
    for (var each : match.after.entrySet()) {
      if (!each.getValue().equals(values.get(each.getKey()))) {
        return; // used up meanwhile
      }
    }
    match.after.keySet().forEach(values::remove);
    values.put(match.from, match.before);
  }

  PathState copy() {
    PathState copy = new PathState();
    copy.values.putAll(values);
    copy.facts.putAll(facts);
    copy.outcomes.putAll(outcomes);
    copy.operands.putAll(operands);
    copy.matches.putAll(matches);
    copy.untrusted.addAll(untrusted);
    copy.monitors.addAll(monitors);
    copy.guarded.putAll(guarded);
    copy.excluded.putAll(excluded);
    copy.aliases.putAll(aliases);
    copy.reclaimed.putAll(reclaimed);
    copy.finallyBlocks.addAll(finallyBlocks);
    copy.lastReturn = lastReturn;
    copy.rerun = rerun;
    copy.panic = panic;
    copy.thisGone.putAll(thisGone);
    copy.superGone.putAll(superGone);
    return copy;
  }

  /** The variable has a new value: what was known about the old one goes. */
  void forget(VarSymbol variable) {
    facts.values().removeIf(f -> f.variables.contains(variable));
    untrusted.remove(variable);
    guarded.remove(variable);
    excluded.remove(variable);
    aliases.remove(variable);
    forgetLocks(variable.name.toString());
  }

  /** A variable is known to be true or false. */
  void know(VarSymbol variable, boolean value) {
    facts.put(factOf(variable), new Fact(value, Set.of(variable)));
  }

  /** The text under which what is known of a variable is kept. */
  static String factOf(VarSymbol variable) {
    return variable.name + "@" + System.identityHashCode(variable);
  }

  /** The variables, and whatever they are other names of. */
  Set<VarSymbol> withAliases(Set<VarSymbol> variables) {
    Set<VarSymbol> all = new HashSet<>(variables);
    variables.forEach(v -> all.addAll(aliases.getOrDefault(v, Set.of())));
    return all;
  }

  private static Set<VarSymbol> union(Set<VarSymbol> one, Set<VarSymbol> other) {
    Set<VarSymbol> all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }

  /** Locks that were reached by the variable are not known to be held by its new value. */
  private void forgetLocks(String name) {
    monitors.removeIf(m -> beginsWith(m, name));
    values.replaceAll(
        (k, v) -> v.guards() != null && beginsWith(v.guards(), name) ? v.guarding(null) : v);
    guarded.replaceAll(
        (k, v) -> beginsWith(v.lock(), name) ? v.underLock("former " + v.lock()) : v);
  }

  private static boolean beginsWith(String path, String name) {
    return path.equals(name) || path.startsWith(name + ".");
  }

  void endOfStatement() {
    outcomes.clear();
    matches.clear();
    operands.clear();
  }

  /** Keeps what holds in both. */
  PathState join(PathState other) {
    if (rerun != null) {
      return other.copy(); // the run itself tells more than its repetition
    }
    PathState both = copy();
    if (other.rerun != null) {
      return both;
    }
    other.values.forEach((k, v) -> both.values.merge(k, v, ValueState::join));
    both.facts.entrySet().retainAll(other.facts.entrySet());
    both.outcomes.entrySet().retainAll(other.outcomes.entrySet());
    both.matches.entrySet().retainAll(other.matches.entrySet());
    other.operands.forEach((k, v) -> both.operands.merge(k, v, ValueState::join));
    both.untrusted.addAll(other.untrusted);
    both.monitors.retainAll(other.monitors);
    other.guarded.forEach(both.guarded::putIfAbsent);
    both.excluded.entrySet().retainAll(other.excluded.entrySet());
    other.aliases.forEach((k, v) -> both.aliases.merge(k, v, PathState::union));
    other.reclaimed.forEach(both.reclaimed::putIfAbsent);
    both.finallyBlocks.retainAll(other.finallyBlocks);
    both.panic = panic && other.panic;
    both.thisGone.putAll(other.thisGone);
    both.superGone.putAll(other.superGone);
    return both;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof PathState o
        && panic == o.panic
        && thisGone.equals(o.thisGone)
        && superGone.equals(o.superGone)
        && values.equals(o.values)
        && facts.equals(o.facts)
        && outcomes.equals(o.outcomes)
        && matches.equals(o.matches)
        && operands.equals(o.operands)
        && untrusted.equals(o.untrusted)
        && monitors.equals(o.monitors)
        && guarded.equals(o.guarded)
        && excluded.equals(o.excluded)
        && aliases.equals(o.aliases)
        && reclaimed.equals(o.reclaimed)
        && finallyBlocks.equals(o.finallyBlocks)
        && lastReturn == o.lastReturn
        && Objects.equals(rerun, o.rerun);
  }

  @Override
  public int hashCode() {
    return values.hashCode() * 31 + facts.hashCode() + (panic ? 1 : 0);
  }
}
