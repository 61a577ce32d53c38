package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Kinds;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCAssign;
import com.sun.tools.javac.tree.JCTree.JCAssignOp;
import com.sun.tools.javac.tree.JCTree.JCBinary;
import com.sun.tools.javac.tree.JCTree.JCExpressionStatement;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCLiteral;
import com.sun.tools.javac.tree.JCTree.JCTry;
import com.sun.tools.javac.tree.JCTree.JCUnary;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeInfo;
import java.util.Map;
import java.util.Set;
import org.checkerframework.nullaway.dataflow.cfg.node.AssignmentNode;
import org.checkerframework.nullaway.dataflow.cfg.node.FieldAccessNode;
import org.checkerframework.nullaway.dataflow.cfg.node.LocalVariableNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ThisNode;
import org.checkerframework.nullaway.dataflow.cfg.node.VariableDeclarationNode;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Rule;
import orrery.ownership.checker.flow.Sink.Kind;

/** Variables and fields get values; those that they had must be gone. */
final class Assignments {
  private final Marks marks;
  private final Code code;
  private final Sinks sinks;
  private final Reporter reporter;
  private final Body body;
  private final Findings findings;
  private final Patterns patterns;
  private final Expressions expressions;
  private final Emptying emptying;
  private final Guarding guarding;
  private final Numbers numbers;

  Assignments(
      Analysis analysis,
      Expressions expressions,
      Emptying emptying,
      Guarding guarding,
      Numbers numbers) {
    this.marks = analysis.marks();
    this.code = analysis.code();
    this.sinks = analysis.sinks();
    this.reporter = analysis.reporter();
    this.body = analysis.body();
    this.findings = analysis.findings();
    this.patterns = analysis.patterns();
    this.expressions = expressions;
    this.emptying = emptying;
    this.guarding = guarding;
    this.numbers = numbers;
  }

  /** A variable comes into being, or again in the next turn of its loop. */
  void declare(VariableDeclarationNode declaration, PathState state) {
    if (!(declaration.getTree() instanceof JCVariableDecl tree) || !code.contains(tree)) {
      return;
    }
    VarSymbol variable = tree.sym;
    state.forget(variable);
    if (patterns.isBinding(variable)
        || !marks.isOwned(variable.type)
        || variable.owner.kind != Kinds.Kind.MTH) {
      return;
    }
    ValueState old = state.values.get(variable);
    if (stillOwns(old)) {
      leaksInLoop(variable, old, reporter.line(tree));
    }
    state.values.put(variable, ValueState.of(ValueState.EMPTY, tree));
  }

  private static boolean stillOwns(ValueState value) {
    return value != null && value.may(ValueState.OWNED) && !value.resource();
  }

  private void leaksInLoop(VarSymbol variable, ValueState value, int line) {
    String how = "is still owned when its loop turns";
    findings.add(
        Rule.LEAK,
        value.birth(),
        variable.name.toString(),
        Map.of(line, how),
        (certain, lines) -> "owned value " + Findings.name(variable) + " leaks: it " + how);
  }

  /** {@code =}, an operator that assigns, or an initializer. */
  void assign(AssignmentNode assignment, PathState state) {
    Tree tree = assignment.getTree();
    if (!assignment.getInSource() || !code.contains(tree)) {
      assignSynthetic(assignment, state);
      return;
    }
    JCTree value = value(tree);
    switch (assignment.getTarget()) {
      case LocalVariableNode local ->
          assignLocal((VarSymbol) local.getElement(), tree, value, state);
      case FieldAccessNode field -> assignField(field, tree, value, state);
      default -> {}
    }
    if (tree instanceof JCAssign replaced
        && !(assignment.getTarget() instanceof LocalVariableNode)) {
      guarding.release(replaced.lhs, state);
    }
    if (!(code.parent(tree) instanceof JCBinary)) {
      state.operands.clear();
    }
  }

  private static JCTree value(Tree tree) {
    return switch (tree) {
      case JCVariableDecl variable -> variable.init;
      case JCAssign assign -> assign.rhs;
      default -> null;
    };
  }

  /** The switch's own variable, if its value comes from no variable of the source. */
  private void assignSynthetic(AssignmentNode assignment, PathState state) {
    if (!(assignment.getTarget() instanceof LocalVariableNode local)
        || !(local.getElement() instanceof VarSymbol variable)) {
      return;
    }
    Tree from = assignment.getExpression().getTree();
    if (from == null || !code.contains(from) || !marks.isOwned(variable.type)) {
      return;
    }
    Sink sink = sinks.of(from);
    if (sink.is(Kind.SELECTOR) && !(TreeInfo.skipParens((JCTree) from) instanceof JCIdent)) {
      patterns.standIn((JCTree) sink.place(), variable);
      state.values.put(variable, expressions.value((JCTree) from, state).bornAt(from));
    }
  }

  // ---- local variables

  private void assignLocal(VarSymbol variable, Tree tree, JCTree value, PathState state) {
    boolean untrusted = isUntrusted(variable, tree, value, state);
    Set<VarSymbol> named =
        value != null && emptying.canBeEmptied(variable.type)
            ? expressions.named(value, state)
            : Set.of();
    state.forget(variable);
    guarding.bind(variable, value, state);
    if (!named.isEmpty()) {
      state.aliases.put(variable, named);
    }
    if (untrusted) {
      state.untrusted.add(variable);
    }
    if (value instanceof JCLiteral literal && literal.getValue() instanceof Boolean outcome) {
      state.know(variable, outcome);
    }
    if (marks.isOwned(variable.type)) {
      bind(variable, tree, value, state);
    }
  }

  private boolean isUntrusted(VarSymbol variable, Tree tree, JCTree value, PathState state) {
    return switch (tree) {
      case JCAssignOp op -> numbers.isUntrustedAfter(op, state);
      case JCUnary counted -> state.untrusted.contains(variable);
      default -> value != null && numbers.isUntrusted(value, state);
    };
  }

  private void bind(VarSymbol variable, Tree tree, JCTree value, PathState state) {
    ValueState old = state.values.get(variable);
    if (stillOwns(old)) {
      overwritten(variable, old, tree);
    }
    if (findings.areTaken()
        && !(code.parent(tree) instanceof JCExpressionStatement)
        && tree instanceof JCAssign
        && sinks.of(tree).takes()) {
      findings.add(
          Rule.ESCAPE,
          tree,
          "the value of an assignment to " + Findings.name(variable) + " is moved");
    }
    ValueState bound = expressions.value(value, state).bornAt(tree);
    if (tree instanceof JCVariableDecl declaration && code.parent(declaration) instanceof JCTry) {
      bound = bound.asResource();
    }
    String lock = expressions.lock(value);
    state.values.put(variable, lock == null ? bound : bound.guarding(lock));
  }

  private void overwritten(VarSymbol variable, ValueState old, Tree tree) {
    findings.add(
        Rule.OVERWRITTEN,
        tree,
        variable.name.toString(),
        Map.of(),
        (certain, lines) ->
            Findings.name(variable)
                + " still owns the value of line "
                + reporter.line(old.birth())
                + " when it is overwritten");
  }

  // ---- fields

  private void assignField(FieldAccessNode node, Tree tree, JCTree value, PathState state) {
    if (!(node.getElement() instanceof VarSymbol field) || !marks.isOwned(field.type)) {
      return;
    }
    boolean own = node.getReceiver() instanceof ThisNode && body.tracks(field);
    if (!own) {
      boolean declaration = tree instanceof JCVariableDecl;
      if (!declaration && !body.isUnsafe()) {
        overwritten(field, "may still own", tree);
      }
      return;
    }
    ValueState old = state.values.get(field);
    if (old != null && old.may(ValueState.OWNED) && !body.isUnsafe()) {
      overwritten(field, "still owns", tree);
    }
    state.values.put(field, expressions.value(value, state).bornAt(tree));
  }

  private void overwritten(VarSymbol field, String owns, Tree tree) {
    findings.add(
        Rule.FIELD_OVERWRITTEN,
        tree,
        "`" + field.name + "` " + owns + " a value when it is overwritten");
  }
}
