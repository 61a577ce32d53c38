package orrery.ownership.checker;

import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMemberReference;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import orrery.ownership.checker.flow.Sinks;

/** What may sleep says so, and so do its callers. */
final class SleepRules {
  private final Code code;
  private final Marks marks;
  private final Sinks sinks;
  private final Reporter reporter;
  private final boolean strict;

  SleepRules(Code code, Marks marks, Sinks sinks, Reporter reporter, boolean strict) {
    this.code = code;
    this.marks = marks;
    this.sinks = sinks;
    this.reporter = reporter;
    this.strict = strict;
  }

  /** A method that may sleep takes no proof of the contrary. */
  void check(JCMethodDecl tree) {
    if (!marks.has(tree.sym, Mark.MAY_SLEEP)) {
      return;
    }
    for (VarSymbol parameter : tree.sym.params()) {
      if (marks.has(parameter.type.tsym, Mark.ATOMIC)) {
        reporter.report(
            Rule.ATOMIC,
            tree,
            "`" + tree.name + "` may sleep, but takes a `" + parameter.type.tsym.name + "`");
      }
    }
  }

  void check(JCTree call, MethodSymbol method) {
    if (!sleeps(method) || maySleep(call) || reporter.has(Rule.ATOMIC, call)) {
      return;
    }
    reporter.report(
        Rule.SLEEP,
        call,
        "`" + Reporter.name(method) + "` may sleep, but " + caller(call) + " may not");
  }

  private boolean sleeps(MethodSymbol method) {
    return marks.has(method, Mark.MAY_SLEEP) || strict && Jdk.sleeps(method);
  }

  private boolean maySleep(JCTree tree) {
    return switch (code.enclosingCode(tree)) {
      // What enters process context is marked unsafe itself, and answers for it.
      case JCMethodDecl method ->
          marks.has(method.sym, Mark.MAY_SLEEP) || marks.has(method.sym, Mark.UNSAFE);
      case JCLambda lambda -> marks.has(sinks.function(lambda.type), Mark.MAY_SLEEP);
      case null, default -> false;
    };
  }

  private String caller(JCTree tree) {
    return switch (code.enclosingCode(tree)) {
      case JCMethodDecl method -> "`" + Reporter.name(method.sym) + "`, which is not @MaySleep,";
      case JCLambda lambda -> "a lambda of `" + lambda.type.tsym.name + "`";
      case null, default -> "an initializer";
    };
  }

  void check(JCMemberReference tree) {
    MethodSymbol function = sinks.function(tree.type);
    if (tree.sym instanceof MethodSymbol method
        && sleeps(method)
        && !marks.has(function, Mark.MAY_SLEEP)) {
      reporter.report(
          Rule.SLEEP,
          tree,
          "`" + Reporter.name(method) + "` may sleep, but `" + tree.type.tsym.name + "` may not");
    }
  }
}
