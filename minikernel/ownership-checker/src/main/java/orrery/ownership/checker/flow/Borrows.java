package orrery.ownership.checker.flow;

import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Rule;

/** Borrows and their ends: what gives a value away ends the borrows of it. */
final class Borrows {
  private final Marks marks;
  private final Code code;
  private final Reporter reporter;
  private final Body body;
  private final Findings findings;
  private final Expressions expressions;
  private final Emptying emptying;

  Borrows(Analysis analysis, Expressions expressions, Emptying emptying) {
    this.marks = analysis.marks();
    this.code = analysis.code();
    this.reporter = analysis.reporter();
    this.body = analysis.body();
    this.findings = analysis.findings();
    this.expressions = expressions;
    this.emptying = emptying;
  }

  /** Whose contents a lambda that runs at once gets as its parameters. */
  Set<VarSymbol> lendersOf(JCTree lambda) {
    JCTree parent = code.parentBesidesParens(lambda);
    return parent instanceof JCMethodInvocation call && !(call.meth instanceof JCIdent)
        ? expressions.roots(call.meth)
        : Set.of();
  }

  /** Borrows of what {@code owner} holds end: it is gone itself. */
  void end(VarSymbol owner, int line, String how, PathState state) {
    state.values.replaceAll(
        (variable, value) ->
            isLentBy(owner, value)
                ? value.dangling(line, "its owner " + Findings.name(owner) + " was " + how)
                : value);
  }

  private static boolean isLentBy(VarSymbol owner, ValueState value) {
    return value.owners().contains(owner) && value.may(ValueState.LENT);
  }

  /** A call that may take something out of an object ends the borrows from it. */
  void call(JCMethodInvocation tree, MethodSymbol method, PathState state) {
    boolean checked = findings.areTaken() && !body.isUnsafe();
    if (checked) {
      checkLentTwice(tree, method, state);
    }
    boolean lends =
        state.values.values().stream().anyMatch(v -> !v.owners().isEmpty())
            || tree.args.stream().anyMatch(a -> marks.lendsResult(Code.symbol(a)));
    Map<VarSymbol, String> emptied = lends ? emptiedBy(tree, method, state) : Map.of();
    if (emptied.isEmpty()) {
      return;
    }
    if (checked) {
      checkLentTogether(tree, method, emptied.keySet(), state);
    }
    int line = reporter.line(tree);
    emptied.forEach((root, how) -> endContents(root, line, how, state));
  }

  /** What a call may take something out of, and how. */
  private Map<VarSymbol, String> emptiedBy(
      JCMethodInvocation tree, MethodSymbol method, PathState state) {
    Map<VarSymbol, String> emptied = new LinkedHashMap<>();
    for (JCExpression argument : tree.args) {
      if (argument.type != null && emptying.canBeEmptied(argument.type)) {
        String how = "handed to `" + Reporter.name(method) + "`";
        expressions.named(argument, state).forEach(root -> emptied.putIfAbsent(root, how));
      }
    }
    if (method.isStatic() || !emptying.gives(method) && !emptying.mayEmpty(method)) {
      return emptied;
    }
    String how = "asked for a value by `" + method.name + "`";
    if (tree.meth instanceof JCIdent) {
      emptying.holders(body.owner().type).forEach(root -> emptied.putIfAbsent(root, how));
    } else {
      expressions.named(tree.meth, state).forEach(root -> emptied.putIfAbsent(root, how));
    }
    return emptied;
  }

  /** Borrows of what {@code owner} holds end; other names of it stay. */
  private void endContents(VarSymbol owner, int line, String how, PathState state) {
    state.values.replaceAll(
        (variable, value) ->
            isLentBy(owner, value)
                    && !state.aliases.getOrDefault(variable, Set.of()).contains(owner)
                ? value.dangling(line, "its owner " + Findings.name(owner) + " was " + how)
                : value);
  }

  /**
   * What can be emptied goes to one parameter of a call: two names of it would surprise each other.
   */
  private void checkLentTwice(JCMethodInvocation tree, MethodSymbol method, PathState state) {
    List<JCExpression> arguments = tree.args;
    for (int i = 1; i < arguments.size(); i++) {
      JCExpression argument = arguments.get(i);
      if (argument.type == null || !emptying.canBeEmptied(argument.type)) {
        continue;
      }
      for (JCExpression earlier : arguments.subList(0, i)) {
        if (expressions.isSame(earlier, argument, state)) {
          findings.add(
              Rule.DANGLING,
              argument,
              "`"
                  + Code.text(argument)
                  + "` is lent twice to `"
                  + Reporter.name(method)
                  + "`, which may empty it by one name and use the other");
        }
      }
    }
  }

  /**
   * A call that gets a borrow together with what it was borrowed from may use it when it is gone.
   */
  private void checkLentTogether(
      JCMethodInvocation tree, MethodSymbol method, Set<VarSymbol> emptied, PathState state) {
    for (JCExpression argument : tree.args) {
      for (VarSymbol owner : expressions.owners(argument, state)) {
        if (emptied.contains(owner) && !emptying.canBeEmptied(argument.type)) {
          findings.add(
              Rule.DANGLING,
              argument,
              "`"
                  + Code.text(argument)
                  + "` is borrowed from "
                  + Findings.name(owner)
                  + ", which `"
                  + Reporter.name(method)
                  + "` may empty while it has the borrow");
          break;
        }
      }
    }
  }
}
