package orrery.ownership.checker.flow;

import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.TreeScanner;
import orrery.ownership.checker.Code;

/** Lambdas and method references where they are made: what they name must still be there. */
final class Functions {
  private final Findings findings;
  private final Uses uses;
  private final Borrows borrows;
  private final AtomicContext atomic;
  private final Locks locks;
  private final LambdaContexts contexts = new LambdaContexts();

  Functions(Analysis analysis, Uses uses, Borrows borrows, AtomicContext atomic, Locks locks) {
    this.findings = analysis.findings();
    this.uses = uses;
    this.borrows = borrows;
    this.atomic = atomic;
    this.locks = locks;
  }

  /** What holds where each was made. */
  LambdaContexts contexts() {
    return contexts;
  }

  /** One is made; it may also run at once, and do there what its calls do. */
  void make(JCTree function, PathState state) {
    if (findings.areTaken()) {
      contexts.add(function, locks.held(state), atomic.holder(state));
    }
    new TreeScanner() {
      @Override
      public void visitIdent(JCIdent ident) {
        if (ident.sym instanceof VarSymbol variable) {
          capture(ident, variable, function, state);
        }
      }

      @Override
      public void visitApply(JCMethodInvocation call) {
        if (Code.symbol(call) instanceof MethodSymbol method) {
          borrows.call(call, method, state);
          locks.call(call, method, state);
        }
        super.visitApply(call);
      }
    }.scan(function);
  }

  private void capture(JCIdent tree, VarSymbol variable, JCTree function, PathState state) {
    locks.capture(tree, variable, function, state);
    uses.capture(tree, variable, state);
  }
}
