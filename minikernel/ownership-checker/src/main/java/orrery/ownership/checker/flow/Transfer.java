package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import java.util.Set;
import org.checkerframework.nullaway.dataflow.cfg.node.AssignmentNode;
import org.checkerframework.nullaway.dataflow.cfg.node.CatchMarkerNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ExpressionStatementNode;
import org.checkerframework.nullaway.dataflow.cfg.node.FieldAccessNode;
import org.checkerframework.nullaway.dataflow.cfg.node.FunctionalInterfaceNode;
import org.checkerframework.nullaway.dataflow.cfg.node.LocalVariableNode;
import org.checkerframework.nullaway.dataflow.cfg.node.MethodInvocationNode;
import org.checkerframework.nullaway.dataflow.cfg.node.Node;
import org.checkerframework.nullaway.dataflow.cfg.node.NullLiteralNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ObjectCreationNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ReturnNode;
import org.checkerframework.nullaway.dataflow.cfg.node.SynchronizedNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ThisNode;
import org.checkerframework.nullaway.dataflow.cfg.node.VariableDeclarationNode;
import orrery.ownership.checker.Code;

/** What each step of a body does to the values that are followed: which concern a node is. */
final class Transfer {
  private final Analysis analysis;
  private final Code code;
  private final Body body;
  private final Findings findings;
  private final Nullness nullness;
  private final Pending pending;
  private final Borrows borrows;
  private final ThisObject thisObject;
  private final Reads reads;
  private final Assignments assignments;
  private final Locks locks;
  private final Calls calls;
  private final Functions functions;
  private final Numbers numbers;

  Transfer(Analysis analysis) {
    this.analysis = analysis;
    this.code = analysis.code();
    this.body = analysis.body();
    this.findings = analysis.findings();
    Expressions expressions = new Expressions(analysis.marks(), body);
    Emptying emptying = new Emptying(analysis.session());
    Guarding guarding = new Guarding(analysis);
    AtomicContext atomic = new AtomicContext(analysis);
    this.nullness = new Nullness(analysis);
    this.pending = new Pending(analysis);
    this.borrows = new Borrows(analysis, expressions, emptying);
    this.locks = new Locks(analysis, guarding);
    this.numbers = new Numbers(analysis.session(), code, analysis.sinks(), findings);
    Uses uses = new Uses(analysis, nullness, pending, borrows);
    this.thisObject = new ThisObject(analysis, uses);
    this.reads = new Reads(analysis, uses, expressions, locks);
    this.assignments = new Assignments(analysis, expressions, emptying, guarding, numbers);
    Results results = new Results(analysis, uses, nullness, pending);
    this.calls = new Calls(analysis, thisObject, pending, borrows, atomic, locks, results);
    this.functions = new Functions(analysis, uses, borrows, atomic, locks);
  }

  /** What holds where functions are made. */
  LambdaContexts lambdas() {
    return functions.contexts();
  }

  /** Whose contents a lambda that runs at once gets as its parameters. */
  Set<VarSymbol> lendersOf(JCTree lambda) {
    return borrows.lendersOf(lambda);
  }

  /** An exception before the call itself: what was evaluated for it is still here. */
  void giveBackPending(Node node, PathState state) {
    pending.giveBack(node.getTree(), state);
  }

  /** Carries one step out. */
  void apply(Node node, PathState state) {
    Tree tree = node.getTree();
    switch (node) {
      case CatchMarkerNode marker -> state.panic = false;
      case VariableDeclarationNode declaration -> assignments.declare(declaration, state);
      case AssignmentNode assignment -> assignments.assign(assignment, state);
      case LocalVariableNode local -> reads.local(local, state);
      case FieldAccessNode field -> reads.field(field, state);
      case ThisNode self -> {
        if (tree != null && code.contains(tree) && analysis.marks().isOwned(Code.type(tree))) {
          thisObject.read(tree, analysis.sinks().of(tree), state);
        }
      }
      case MethodInvocationNode call -> calls.call(call, state);
      case ObjectCreationNode creation -> calls.create(tree, state);
      case FunctionalInterfaceNode function -> functions.make((JCTree) tree, state);
      case SynchronizedNode monitor -> locks.passMonitor(monitor, state);
      case ReturnNode returned -> {
        state.endOfStatement();
        pending.takeBackOtherReturns(tree, state);
      }
      case NullLiteralNode literal -> nullness.literal(tree);
      case ExpressionStatementNode end -> state.endOfStatement();
      default -> {}
    }
    if (findings.areTaken() && !body.isUnsafe() && tree != null && code.contains(tree)) {
      numbers.check(node, state);
    }
  }
}
