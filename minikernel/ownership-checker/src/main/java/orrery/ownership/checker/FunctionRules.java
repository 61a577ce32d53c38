package orrery.ownership.checker;

import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCBinary;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMemberReference;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import java.util.List;
import orrery.ownership.checker.flow.Sinks;

/** Lambdas and method references: what they keep, and whether they fit their interface. */
final class FunctionRules {
  private final Code code;
  private final Marks marks;
  private final Sinks sinks;
  private final Reporter reporter;

  FunctionRules(Code code, Marks marks, Sinks sinks, Reporter reporter) {
    this.code = code;
    this.marks = marks;
    this.sinks = sinks;
    this.reporter = reporter;
  }

  void check(JCLambda tree) {
    MethodSymbol function = sinks.function(tree.type);
    if (function == null) {
      return;
    }
    for (int i = 0; i < tree.params.size() && i < function.params().size(); i++) {
      if (marks.isOwned(tree.params.get(i).sym.type)
          && !marks.isOwned(function.params().get(i).type)) {
        reporter.report(
            Rule.ERASED,
            tree.params.get(i),
            "`"
                + tree.params.get(i).name
                + "` is owned, but `"
                + function.owner.name
                + "` takes any type");
      }
    }
  }

  void check(JCMemberReference tree) {
    MethodSymbol function = sinks.function(tree.type);
    if (function == null || !(tree.sym instanceof MethodSymbol method)) {
      return;
    }
    checkReceiver(tree, method);
    List<VarSymbol> given = function.params();
    if (tree.kind == JCMemberReference.ReferenceKind.UNBOUND) {
      checkPair(
          tree, function, given.getFirst(), method.owner.type, marks.consumesReceiver(method));
      given = given.subList(1, given.size());
    }
    for (int i = 0; i < given.size() && i < method.params().size(); i++) {
      VarSymbol parameter = method.params().get(i);
      checkPair(tree, function, given.get(i), parameter.type, marks.isMoved(method, parameter));
    }
    boolean gives =
        method.isConstructor()
            ? marks.isOwned(method.owner.type)
            : marks.isOwned(method.getReturnType());
    if (gives && marks.has(method, Mark.NULLABLE) && !marks.has(function, Mark.NULLABLE)) {
      differs(tree, method, "may give null, and `" + function.name + "` may not");
    }
    if (marks.has(method, Mark.UNTRUSTED) && !marks.has(function, Mark.UNTRUSTED)) {
      differs(tree, method, "gives an untrusted number, and `" + function.name + "` a checked one");
    }
    boolean lends = gives && marks.lendsResult(method);
    if (gives != marks.isOwned(function.getReturnType())
        || gives && lends != marks.lendsResult(function)) {
      differs(
          tree, method, "gives an owned result, which `" + function.name + "` does not hand on");
    }
  }

  private void checkReceiver(JCMemberReference tree, MethodSymbol method) {
    if (tree.kind != JCMemberReference.ReferenceKind.BOUND || !marks.isOwned(tree.expr.type)) {
      return;
    }
    if (marks.consumesReceiver(method)) {
      differs(tree, method, "consumes `" + tree.expr + "`, and may be called many times");
    } else if (!sinks.runsAtOnce(tree)) {
      reporter.report(
          Rule.CAPTURE,
          tree,
          "`" + tree.expr + "` is captured by a method reference that may be kept");
    }
  }

  private void checkPair(
      JCMemberReference tree,
      MethodSymbol function,
      VarSymbol given,
      com.sun.tools.javac.code.Type taken,
      boolean moved) {
    MethodSymbol method = (MethodSymbol) tree.sym;
    boolean owned = marks.isOwned(given.type);
    if (owned != marks.isOwned(taken)) {
      differs(
          tree,
          method,
          "takes `" + taken.tsym.name + "` where `" + function.name + "` has `" + given.type + "`");
    } else if (owned && moved != marks.isMoved(function, given)) {
      String text =
          moved
              ? "takes ownership, and `" + function.name + "` only lends"
              : "only borrows, and `" + function.name + "` gives ownership";
      differs(tree, method, text);
    }
  }

  private void differs(JCMemberReference tree, MethodSymbol method, String text) {
    String name = method.isConstructor() ? method.owner.name.toString() : method.name.toString();
    reporter.report(Rule.REFERENCE, tree, "`" + name + "` " + text);
  }

  /** A @Now parameter is called, passed on or compared, and nothing else. */
  void checkKept(JCIdent tree) {
    if (!marks.has(tree.sym, Mark.NOW) || isUsedAtOnce(tree)) {
      return;
    }
    reporter.report(
        Rule.KEPT, tree, "`" + tree.name + "` is @Now and may not be stored, returned or captured");
  }

  private boolean isUsedAtOnce(JCIdent tree) {
    JCTree enclosing = code.enclosingCode(tree);
    while (enclosing instanceof JCLambda lambda) {
      if (!sinks.runsAtOnce(lambda)) {
        return false;
      }
      enclosing = code.enclosingCode(lambda);
    }
    if (Code.symbol(enclosing) != tree.sym.owner) {
      return false;
    }
    JCTree parent = code.parentBesidesParens(tree);
    return parent instanceof JCBinary
        || parent instanceof JCFieldAccess select
            && code.parent(select) instanceof JCMethodInvocation call
            && call.meth == select
        || sinks.runsAtOnce(tree);
  }
}
