package orrery.ownership.checker.flow;

import com.sun.tools.javac.code.Kinds;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCCase;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import org.checkerframework.nullaway.dataflow.cfg.node.FieldAccessNode;
import org.checkerframework.nullaway.dataflow.cfg.node.LocalVariableNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ThisNode;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Rule;
import orrery.ownership.checker.flow.Sink.Kind;

/** Reads of variables and fields: whose value it is that is read. */
final class Reads {
  private final Marks marks;
  private final Code code;
  private final Sinks sinks;
  private final Body body;
  private final Findings findings;
  private final Patterns patterns;
  private final Uses uses;
  private final Expressions expressions;
  private final Locks locks;

  Reads(Analysis analysis, Uses uses, Expressions expressions, Locks locks) {
    this.marks = analysis.marks();
    this.code = analysis.code();
    this.sinks = analysis.sinks();
    this.body = analysis.body();
    this.findings = analysis.findings();
    this.patterns = analysis.patterns();
    this.uses = uses;
    this.expressions = expressions;
    this.locks = locks;
  }

  // ---- local variables

  /** A local variable, also of the code around a function. */
  void local(LocalVariableNode node, PathState state) {
    if (node.isLValue()
        || !(node.getTree() instanceof JCIdent tree)
        || !code.contains(tree)
        || !(node.getElement() instanceof VarSymbol variable)) {
      return;
    }
    locks.read(tree, variable, state);
    if (!marks.isOwned(variable.type) || variable.owner.kind != Kinds.Kind.MTH) {
      return;
    }
    Sink sink = sinks.of(tree);
    if (isInGuard(tree, variable)) {
      if (sink.takes()) {
        findings.add(
            Rule.ESCAPE,
            tree,
            Findings.name(variable)
                + " is only looked at in its guard and cannot be "
                + sink.how());
      }
      return;
    }
    if (!state.values.containsKey(variable)
        && patterns.isBinding(variable)
        && !isOutside(variable)) {
      patterns.matchLate(variable, state);
    }
    ValueState value = state.values.get(variable);
    if (value == null) {
      captured(tree, variable, sink, state);
    } else {
      uses.use(tree, variable, value, sink, state);
    }
  }

  /** A pattern's variable in the guard of its own case: the value has not gone over yet. */
  private boolean isInGuard(JCTree tree, VarSymbol variable) {
    JCTree child = tree;
    for (JCTree p = code.parent(tree); p != null; child = p, p = code.parent(p)) {
      if (p instanceof JCCase label) {
        return label.guard == child && patterns.isBinding(variable);
      }
    }
    return false;
  }

  private boolean isOutside(VarSymbol variable) {
    for (JCTree p = patterns.findBinding(variable); p != null; p = code.parent(p)) {
      if (p == body.tree()) {
        return false;
      }
    }
    return true;
  }

  private void captured(JCTree tree, VarSymbol variable, Sink sink, PathState state) {
    if (!body.isLambda() && !isLocalOutside(variable)) {
      return;
    }
    state.operands.put(tree, ValueState.of(ValueState.LENT, tree));
    String name = Findings.name(variable);
    if (!body.atOnce()) {
      String by = body.isLambda() ? "a lambda" : "a class";
      findings.add(Rule.CAPTURE, tree, name + " is captured by " + by + " that may be kept");
    } else if (sink.takes() && !sink.is(Kind.BIND)) {
      findings.add(
          Rule.LAMBDA_MOVE,
          tree,
          name + " comes from outside of the lambda and cannot be " + sink.how());
    } else if (sink.is(Kind.ERASED)) {
      uses.erased(tree, name, sink);
    }
  }

  private boolean isLocalOutside(VarSymbol variable) {
    return variable.owner instanceof MethodSymbol owner && owner != body.method();
  }

  // ---- fields

  /** A field; of a borrowed object it is a borrow itself. */
  void field(FieldAccessNode node, PathState state) {
    if (!(node.getElement() instanceof VarSymbol field)
        || field.owner.kind != Kinds.Kind.TYP
        || !code.contains(node.getTree())) {
      return;
    }
    JCTree tree = (JCTree) node.getTree();
    if (findings.areTaken()) {
      locks.check(tree, field, node.getReceiver(), state);
      locks.checkEscape(tree, field);
    }
    if (node.isLValue() || !marks.isOwned(field.type) || field.isStatic()) {
      return;
    }
    Sink sink = sinks.of(tree);
    if (node.getReceiver() instanceof ThisNode && body.tracks(field)) {
      uses.use(tree, field, state.values.get(field), sink, state);
      return;
    }
    state.operands.put(
        tree,
        body.isUnsafe()
            ? ValueState.of(ValueState.RAW, tree)
            : ValueState.lentBy(expressions.roots(tree), tree));
    if (findings.areTaken()) {
      checkBorrowed(tree, sink);
    }
  }

  private void checkBorrowed(JCTree tree, Sink sink) {
    String name = "`" + Code.text(tree) + "`";
    switch (sink.kind()) {
      case MOVE, RETURN, STORE -> {
        if (!body.isUnsafe()) {
          findings.add(
              Rule.FIELD_MOVE, tree, name + " belongs to its object and cannot be " + sink.how());
        }
      }
      case ERASED -> uses.erased(tree, name, sink);
      case ARRAY -> findings.add(Rule.ARRAY, tree, name + " is stored in an array");
      default -> {}
    }
  }
}
