package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Rule;

/** The owned and the lent results of calls: where they go. */
final class Results {
  private final Marks marks;
  private final Code code;
  private final Sinks sinks;
  private final Body body;
  private final Findings findings;
  private final Uses uses;
  private final Nullness nullness;
  private final Pending pending;

  Results(Analysis analysis, Uses uses, Nullness nullness, Pending pending) {
    this.marks = analysis.marks();
    this.code = analysis.code();
    this.sinks = analysis.sinks();
    this.body = analysis.body();
    this.findings = analysis.findings();
    this.uses = uses;
    this.nullness = nullness;
    this.pending = pending;
  }

  /** A call has given its result; {@code lent}: it is a borrow. */
  void result(Tree tree, Type type, boolean lent, PathState state) {
    if (!marks.isOwned(type) || !code.contains(tree)) {
      return;
    }
    if (!lent && !body.isUnsafe()) {
      pending.await(tree, sinks.of(tree), state);
    }
    // of a generic method that does not own, it is reported where it is made to
    if (findings.areTaken() && tree instanceof JCExpression call && !isInferred(call)) {
      check(call, lent);
    }
  }

  /** A generic method whose result is not declared to own. */
  private boolean isInferred(Tree tree) {
    return tree instanceof JCMethodInvocation
        && Code.method(tree) instanceof MethodSymbol method
        && !method.isConstructor()
        && !marks.isOwned(method.getReturnType());
  }

  private void check(JCExpression tree, boolean lent) {
    Sink sink = sinks.of(tree);
    String text = "`" + Code.text(tree) + "`";
    nullness.checkResult(tree, text, sink);
    switch (sink.kind()) {
      case ERASED -> uses.erased(tree, text, sink);
      case MOVE, RETURN, STORE -> {
        if (lent) {
          findings.add(Rule.ESCAPE, tree, text + " is a borrow and cannot be " + sink.how());
        }
      }
      case BORROW, DROP, TEST -> {
        if (!lent && !isConstructorCall(tree)) {
          findings.add(
              Rule.DROPPED,
              tree,
              "the owned result of " + text + " is dropped: nothing consumes it");
        }
      }
      case ARRAY -> {
        if (!lent) {
          findings.add(Rule.ARRAY, tree, text + " is stored in an array");
        }
      }
      default -> {}
    }
  }

  /** {@code super(...)} and {@code this(...)} have no result. */
  private static boolean isConstructorCall(Tree tree) {
    return tree instanceof JCMethodInvocation
        && Code.method(tree) instanceof MethodSymbol method
        && method.isConstructor();
  }
}
