package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import org.checkerframework.nullaway.dataflow.cfg.node.ImplicitThisNode;
import org.checkerframework.nullaway.dataflow.cfg.node.MethodInvocationNode;
import org.checkerframework.nullaway.dataflow.cfg.node.Node;
import org.checkerframework.nullaway.dataflow.cfg.node.SuperNode;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.flow.Sink.Kind;

/** Calls: what they do to their receiver, and what is asked of each. */
final class Calls {
  private final Marks marks;
  private final Code code;
  private final Reporter reporter;
  private final Findings findings;
  private final ThisObject thisObject;
  private final Pending pending;
  private final Borrows borrows;
  private final AtomicContext atomic;
  private final Locks locks;
  private final Results results;

  Calls(
      Analysis analysis,
      ThisObject thisObject,
      Pending pending,
      Borrows borrows,
      AtomicContext atomic,
      Locks locks,
      Results results) {
    this.marks = analysis.marks();
    this.code = analysis.code();
    this.reporter = analysis.reporter();
    this.findings = analysis.findings();
    this.thisObject = thisObject;
    this.pending = pending;
    this.borrows = borrows;
    this.atomic = atomic;
    this.locks = locks;
    this.results = results;
  }

  /** A method is called; its arguments were evaluated before. */
  void call(MethodInvocationNode node, PathState state) {
    MethodSymbol method = (MethodSymbol) node.getTarget().getMethod();
    Node receiver = node.getTarget().getReceiver();
    if (!node.getInSource()) {
      closeResource(receiver, state);
      return;
    }
    if (!(node.getTree() instanceof JCMethodInvocation tree) || !code.contains(tree)) {
      return;
    }
    pending.settle(tree, state);
    boolean onThis = !method.isStatic() && (receiver instanceof ImplicitThisNode);
    if (onThis && !method.isConstructor() && marks.isOwned(method.owner.type)) {
      Kind kind = marks.consumesReceiver(method) ? Kind.MOVE : Kind.BORROW;
      thisObject.read(tree, new Sink(kind, tree, method), state);
    } else if (receiver instanceof SuperNode && marks.isOwned(method.owner.type)) {
      thisObject.callSuper(tree, method, state);
    }
    borrows.call(tree, method, state);
    locks.call(tree, method, state);
    if (findings.areTaken()) {
      atomic.check(tree, method, state);
      locks.check(tree, method, receiver, state);
    }
    results.result(tree, Code.type(tree), marks.lendsResult(method), state);
  }

  /** A constructor is called. */
  void create(Tree tree, PathState state) {
    pending.settle(tree, state);
    results.result(tree, Code.type(tree), false, state);
  }

  /** The call at the end of a try-with-resources. */
  private void closeResource(Node receiver, PathState state) {
    VarSymbol variable = Conditions.variable(receiver);
    ValueState value = variable == null ? null : state.values.get(variable);
    if (value != null) {
      int line = value.birth() == null ? 0 : reporter.line(value.birth());
      state.values.put(
          variable, value.moved(line, "closed at the end of the try that begins", null));
      borrows.end(variable, line, "closed at the end of its try", state);
    }
  }
}
