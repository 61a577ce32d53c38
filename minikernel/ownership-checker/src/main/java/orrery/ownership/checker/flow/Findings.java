package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Kinds;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Rule;

/**
 * Collects what the paths of one body show, so that each fault is reported once, with all lines.
 */
final class Findings {
  /** How certain a fault is, and the lines that belong to it. */
  private static final class Finding {
    int hits;
    final TreeMap<Integer, String> lines = new TreeMap<>();
    final BiFunction<Boolean, TreeMap<Integer, String>, String> text;

    Finding(BiFunction<Boolean, TreeMap<Integer, String>, String> text) {
      this.text = text;
    }
  }

  private record Key(Rule rule, Tree place, String subject) {}

  private final Map<Key, Finding> found = new LinkedHashMap<>();
  private final Map<Tree, Integer> visits = new HashMap<>();

  private boolean taken;

  /** The states are final: from here on faults count. */
  void take() {
    taken = true;
  }

  /** False while the states are still looked for: what is added is ignored. */
  boolean areTaken() {
    return taken;
  }

  /** A place is come to in one more way; only while faults are taken. */
  void visit(Tree place) {
    visits.merge(place, 1, Integer::sum);
  }

  /**
   * Notes a fault.
   *
   * @param lines what happened on which lines
   * @param text makes the message of whether it is certain and of all lines
   */
  void add(
      Rule rule,
      Tree place,
      String subject,
      Map<Integer, String> lines,
      BiFunction<Boolean, TreeMap<Integer, String>, String> text) {
    if (!taken) {
      return;
    }
    Finding finding = found.computeIfAbsent(new Key(rule, place, subject), k -> new Finding(text));
    finding.hits++;
    finding.lines.putAll(lines);
  }

  void add(Rule rule, Tree place, String text) {
    add(rule, place, text, Map.of(), (certain, lines) -> text);
  }

  /** A variable is used whose value is gone. */
  void moved(Tree use, VarSymbol variable, Map<Integer, String> gone) {
    add(
        Rule.MOVED,
        use,
        variable.name.toString(),
        gone,
        (certain, lines) ->
            "use of "
                + (certain ? "moved" : "possibly moved")
                + " value "
                + name(variable)
                + ": "
                + history(lines));
  }

  void report(Reporter reporter) {
    List<Key> keys = new ArrayList<>(found.keySet());
    keys.sort(
        Comparator.comparingLong((Key k) -> reporter.position(k.place))
            .thenComparing(Key::rule)
            .thenComparing(Key::subject));
    keys.forEach(
        key -> {
          Finding finding = found.get(key);
          boolean certain = finding.hits >= visits.getOrDefault(key.place, 0);
          reporter.report(key.rule, key.place, finding.text.apply(certain, finding.lines));
        });
  }

  /** A variable's name for messages. */
  static String name(VarSymbol variable) {
    return variable.owner.kind == Kinds.Kind.MTH
        ? "`" + variable.name + "`"
        : "`this." + variable.name + "`";
  }

  /** What happened on which lines, for messages. */
  static String history(Map<Integer, String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(
        (line, how) ->
            text.append(text.isEmpty() ? "" : "; ").append(how).append(" in line ").append(line));
    return text.toString();
  }

  static String lines(Map<Integer, String> lines) {
    return ValueState.lines(new TreeSet<>(lines.keySet()));
  }
}
