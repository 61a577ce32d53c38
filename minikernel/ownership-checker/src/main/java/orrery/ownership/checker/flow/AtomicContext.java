package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import orrery.ownership.checker.Jdk;
import orrery.ownership.checker.Mark;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Rule;

/** Interrupt context and spin locks: nothing may sleep while their token or guard is at hand. */
final class AtomicContext {
  private final Marks marks;
  private final Body body;
  private final Findings findings;

  AtomicContext(Analysis analysis) {
    this.marks = analysis.marks();
    this.body = analysis.body();
    this.findings = analysis.findings();
  }

  /** A method, which may sleep, is called. */
  void check(Tree tree, MethodSymbol method, PathState state) {
    if (!marks.has(method, Mark.MAY_SLEEP) && !Jdk.sleeps(method)) {
      return;
    }
    String holder = holder(state);
    if (holder != null) {
      findings.add(
          Rule.ATOMIC, tree, "`" + method.name + "` may sleep, but " + holder + " is at hand");
    }
  }

  /** What forbids sleep in this state: the text for a message, or null. */
  String holder(PathState state) {
    if (body.atomic() != null) {
      return body.atomic();
    }
    for (var each : state.values.entrySet()) {
      VarSymbol variable = each.getKey();
      if (marks.has(variable.type.tsym, Mark.ATOMIC)
          && each.getValue().may(ValueState.OWNED | ValueState.LENT | ValueState.RAW)) {
        return "`" + variable.name + "`, a `" + variable.type.tsym.name + "`,";
      }
    }
    return null;
  }
}
