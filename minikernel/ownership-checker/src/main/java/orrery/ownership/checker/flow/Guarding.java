package orrery.ownership.checker.flow;

import com.sun.tools.javac.code.Kinds;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCArrayAccess;
import com.sun.tools.javac.tree.JCTree.JCAssign;
import com.sun.tools.javac.tree.JCTree.JCBinary;
import com.sun.tools.javac.tree.JCTree.JCConditional;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCReturn;
import com.sun.tools.javac.tree.JCTree.JCSwitchExpression;
import com.sun.tools.javac.tree.JCTree.JCTypeCast;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeInfo;
import java.util.List;
import java.util.Set;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Crossing;
import orrery.ownership.checker.Jdk;
import orrery.ownership.checker.Mark;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Rule;

/**
 * Local variables that name what a lock guards: they are borrows that are good while the lock is
 * held. Replacing the guarded field takes its old object out from under the lock.
 */
final class Guarding {
  /**
   * What a variable names.
   *
   * @param lock the path of the lock
   * @param path where it was found
   * @param holder the path of the object whose call gave it and may take it out; null if none did
   * @param line in which line the variable got it
   */
  record Guarded(String lock, String path, String holder, int line) {
    Guarded underLock(String other) {
      return new Guarded(other, path, holder, line);
    }

    /** What a call that takes something out of it would take it out of. */
    private String contents() {
      return holder == null ? path : holder;
    }

    /** True if what is taken out of the object at {@code other} may be this. */
    private boolean isHeldIn(String other) {
      return holder != null && (holder + ".").startsWith(other + ".")
          || holder != null && other.startsWith(holder + ".");
    }
  }

  private final Marks marks;
  private final Code code;
  private final Sinks sinks;
  private final Crossing crossing;
  private final Reporter reporter;
  private final Findings findings;
  private final Getters getters;
  private final boolean constructs;

  Guarding(Analysis analysis) {
    this.marks = analysis.marks();
    this.code = analysis.code();
    this.sinks = analysis.sinks();
    this.crossing = new Crossing(analysis.marks());
    this.reporter = analysis.reporter();
    this.findings = analysis.findings();
    this.getters = new Getters(analysis.session());
    this.constructs = analysis.body().isConstruction();
  }

  /** A local variable gets a value. */
  void bind(VarSymbol variable, JCTree value, PathState state) {
    if (value == null || crossing.canBeShared(variable.type)) {
      return;
    }
    Guarded found = find(value, state);
    if (found != null) {
      state.guarded.put(variable, found);
    }
  }

  /** A field or an array's element is replaced: who has its old object has it alone. */
  void release(JCTree target, PathState state) {
    if (state.guarded.isEmpty()) {
      return;
    }
    String path = Paths.of(target);
    state.guarded.values().removeIf(g -> path.equals(g.path) || g.isHeldIn(path));
    switch (TreeInfo.skipParens(target)) {
      case JCFieldAccess select -> takeOutOf(select.selected, state);
      case JCArrayAccess element -> takeOutOf(element.indexed, state);
      default -> {}
    }
  }

  /** A call that may take something out of a guarded object: who has that has it alone. */
  void call(JCMethodInvocation tree, MethodSymbol method, PathState state) {
    boolean watched = state.guarded.values().stream().anyMatch(g -> g.holder != null);
    if (!watched || Jdk.takesNothing(method) || getters.contains(method)) {
      return;
    }
    if (tree.meth instanceof JCFieldAccess select) {
      takeOut(select.selected, state);
    } else if (!method.isStatic()) {
      takeOutOfAny(state);
    }
    tree.args.forEach(argument -> takeOut(argument, state));
  }

  private void takeOut(JCTree expression, PathState state) {
    JCTree tree = TreeInfo.skipParens(expression);
    if (tree instanceof JCIdent ident
        && (ident.name.contentEquals("this") || ident.name.contentEquals("super"))) {
      takeOutOfAny(state);
    } else {
      takeOutOf(tree, state);
    }
  }

  private void takeOutOf(JCTree tree, PathState state) {
    Guarded from = tree.type == null ? null : find(tree, state);
    // what was got from a holder does not take itself out, but an iterator takes out others
    if (from != null && (from.holder == null || Jdk.isCollection(tree.type.tsym))) {
      state.guarded.values().removeIf(g -> g.isHeldIn(from.contents()));
    }
  }

  private static void takeOutOfAny(PathState state) {
    state.guarded.values().removeIf(g -> g.holder != null);
  }

  /** What the value of an expression is guarded by, or null. */
  private Guarded find(JCTree expression, PathState state) {
    JCTree tree = TreeInfo.skipParens(expression);
    if (tree.type != null && crossing.canBeShared(tree.type)) {
      return null;
    }
    return switch (tree) {
      case JCIdent ident when ident.sym instanceof VarSymbol v && isField(v) ->
          ofField(ident, v, "this", state);
      case JCIdent ident when ident.sym instanceof VarSymbol v -> state.guarded.get(v);
      case JCFieldAccess select when select.sym instanceof VarSymbol v && isField(v) ->
          ofField(select, v, Paths.of(select.selected), state);
      case JCArrayAccess element -> inside(element, find(element.indexed, state));
      case JCTypeCast cast -> find(cast.expr, state);
      case JCConditional c -> either(List.of(c.truepart, c.falsepart), state);
      case JCSwitchExpression s -> either(Expressions.results(s), state);
      case JCAssign assign -> find(assign.rhs, state);
      case JCMethodInvocation call
          when marks.lendsResult(Code.symbol(call)) && call.meth instanceof JCFieldAccess select ->
          inside(call, find(select.selected, state));
      case JCMethodInvocation call
          when call.meth instanceof JCFieldAccess select
              && Code.symbol(call) instanceof MethodSymbol method ->
          got(call, method, find(select.selected, state));
      default -> null;
    };
  }

  private static boolean isField(VarSymbol variable) {
    return variable.owner.kind == Kinds.Kind.TYP && !variable.name.contentEquals("this");
  }

  private Guarded ofField(JCTree tree, VarSymbol field, String owner, PathState state) {
    if (constructs && owner.equals("this")) {
      return null;
    }
    String lock = marks.text(field, Mark.SHARED);
    if (!lock.isEmpty()) {
      return new Guarded(
          Paths.ofLock(field, lock, owner), Paths.of(tree), null, reporter.line(tree));
    }
    return tree instanceof JCFieldAccess select ? inside(tree, find(select.selected, state)) : null;
  }

  private Guarded inside(JCTree tree, Guarded outer) {
    return outer == null
        ? null
        : new Guarded(outer.lock, Paths.of(tree), outer.holder, reporter.line(tree));
  }

  /** The result of a call on a guarded object, unless it is the caller's alone. */
  private Guarded got(JCMethodInvocation call, MethodSymbol method, Guarded from) {
    return from == null
            || marks.isOwned(call.type)
            || crossing.canBeSent(call.type)
            || !getters.contains(method)
        ? null
        : new Guarded(from.lock, Paths.of(call), from.contents(), reporter.line(call));
  }

  private Guarded either(List<? extends JCTree> results, PathState state) {
    for (JCTree each : results) {
      Guarded found = find(each, state);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** A local variable is read while {@code held} are held. */
  void read(JCIdent tree, VarSymbol variable, Set<String> held, PathState state) {
    Guarded what = state.guarded.get(variable);
    if (what == null) {
      return;
    }
    JCTree parent = code.parentBesidesParens(tree);
    if (leaves(tree, parent, state)) {
      handedOut(tree, variable, what, "handed out");
    } else if (!onlyNames(tree, parent)) {
      mustHold(tree, variable, what, held);
    }
  }

  /** A function names a local variable. */
  void capture(
      JCIdent tree, VarSymbol variable, JCTree function, Set<String> held, PathState state) {
    Guarded what = state.guarded.get(variable);
    if (what == null) {
      return;
    }
    if (function instanceof JCLambda && !sinks.runsAtOnce(function)) {
      handedOut(tree, variable, what, "kept by a function");
    } else {
      mustHold(tree, variable, what, held);
    }
  }

  private void mustHold(JCIdent tree, VarSymbol variable, Guarded what, Set<String> held) {
    if (!held.contains(what.lock)) {
      findings.add(Rule.UNLOCKED, tree, origin(variable, what) + ", and the lock is not held here");
    }
  }

  private void handedOut(JCIdent tree, VarSymbol variable, Guarded what, String how) {
    findings.add(
        Rule.UNLOCKED,
        tree,
        origin(variable, what) + ", and would be " + how + " from under the lock");
  }

  private static String origin(VarSymbol variable, Guarded what) {
    return "`%s` names what `%s` guards, `%s` since line %d"
        .formatted(variable.name, lockName(what), what.path, what.line);
  }

  private static String lockName(Guarded what) {
    return what.lock.startsWith("this.") ? what.lock.substring(5) : what.lock;
  }

  /** Whether somebody else gets it for longer than this code runs. */
  private boolean leaves(JCTree tree, JCTree parent, PathState state) {
    return switch (parent) {
      case JCReturn r -> true;
      case JCLambda l -> true;
      case JCAssign assign ->
          TreeInfo.skipParens(assign.rhs) == tree
              && Code.symbol(TreeInfo.skipParens(assign.lhs)) instanceof VarSymbol to
              && isField(to)
              && marks.text(to, Mark.SHARED).isEmpty()
              && !staysInside(assign, state);
      case null, default -> false;
    };
  }

  /** Whether it is put into an object that is guarded itself. */
  private boolean staysInside(JCAssign assign, PathState state) {
    return TreeInfo.skipParens(assign.lhs) instanceof JCFieldAccess select
        && find(select.selected, state) != null;
  }

  /** Another name for it, or a test of which object it is. */
  private static boolean onlyNames(JCTree tree, JCTree parent) {
    return switch (parent) {
      case JCVariableDecl v -> true;
      case JCAssign assign ->
          TreeInfo.skipParens(assign.rhs) == tree
              && Code.symbol(TreeInfo.skipParens(assign.lhs)) instanceof Symbol to
              && to.owner.kind == Kinds.Kind.MTH;
      case JCBinary comparison ->
          comparison.hasTag(JCTree.Tag.EQ) || comparison.hasTag(JCTree.Tag.NE);
      case null, default -> false;
    };
  }
}
