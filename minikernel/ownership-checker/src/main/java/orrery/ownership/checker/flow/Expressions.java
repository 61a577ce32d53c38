package orrery.ownership.checker.flow;

import com.sun.tools.javac.code.Kinds;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCAssign;
import com.sun.tools.javac.tree.JCTree.JCConditional;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCSwitchExpression;
import com.sun.tools.javac.tree.JCTree.JCTypeCast;
import com.sun.tools.javac.tree.JCTree.JCYield;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Mark;
import orrery.ownership.checker.Marks;

/** What the value of an expression is to whoever gets it. */
final class Expressions {
  private final Marks marks;
  private final Body body;

  Expressions(Marks marks, Body body) {
    this.marks = marks;
    this.body = body;
  }

  /** The state of a variable that gets the value; {@code expression} may be null. */
  ValueState value(JCTree expression, PathState state) {
    JCTree tree = expression == null ? null : TreeInfo.skipParens(expression);
    return switch (tree) {
      case null -> ValueState.of(ValueState.OWNED, null);
      case JCTypeCast cast -> value(cast.expr, state);
      case JCConditional c -> either(List.of(c.truepart, c.falsepart), state);
      case JCSwitchExpression s -> either(results(s), state);
      case JCAssign assign -> value(assign.lhs, state);
      case JCMethodInvocation call when marks.lendsResult(Code.symbol(call)) -> lent(call, state);
      case JCIdent ident when state.operands.containsKey(ident) -> operand(ident, state);
      case JCFieldAccess select when state.operands.containsKey(select) -> operand(select, state);
      case JCIdent ident when ident.name.contentEquals("this") ->
          ValueState.of(ValueState.LENT, ident);
      case JCTree t when TreeInfo.isNull(t) -> ValueState.of(ValueState.EMPTY, t);
      case com.sun.tools.javac.tree.JCTree.JCNewClass creation ->
          ValueState.of(ValueState.OWNED, creation);
      case JCTree t ->
          ValueState.of(body.isUnsafe() ? ValueState.RAW : ValueState.OWNED | nullness(t), t);
    };
  }

  private ValueState lent(JCMethodInvocation call, PathState state) {
    ValueState lent = ValueState.lentBy(lenders(call, state), call);
    return lent.withBits(lent.bits() | nullness(call));
  }

  private int nullness(JCTree tree) {
    return marks.has(Code.method(tree), Mark.NULLABLE) ? ValueState.EMPTY : 0;
  }

  private static ValueState operand(JCTree tree, PathState state) {
    ValueState value = state.operands.get(tree);
    int bits = value.bits() & ~ValueState.MOVED;
    ValueState fresh =
        value.may(ValueState.LENT)
            ? ValueState.lentBy(value.owners(), tree)
            : ValueState.of(bits == 0 ? ValueState.EMPTY : bits, tree);
    return value.guards() == null ? fresh : fresh.guarding(value.guards());
  }

  /** Of several results the one that this path has evaluated; any if that is not known. */
  private ValueState either(List<? extends JCTree> results, PathState state) {
    ValueState all = null;
    for (JCTree each : results) {
      JCTree result = TreeInfo.skipParens(each);
      boolean variable = result instanceof JCIdent || result instanceof JCFieldAccess;
      if (variable && !state.operands.containsKey(result)) {
        continue; // not on this path
      }
      ValueState value = value(result, state);
      all = all == null ? value : all.join(value);
    }
    return all == null ? ValueState.of(ValueState.OWNED, null) : all;
  }

  /** The values that a switch may yield. */
  static List<JCTree.JCExpression> results(JCSwitchExpression tree) {
    List<JCTree.JCExpression> results = new ArrayList<>();
    new TreeScanner() {
      @Override
      public void visitYield(JCYield statement) {
        if (statement.target == tree) {
          results.add(statement.value);
        }
        super.visitYield(statement);
      }
    }.scan(tree.cases);
    return results;
  }

  private Set<VarSymbol> lenders(JCMethodInvocation call, PathState state) {
    Set<VarSymbol> roots = new HashSet<>(roots(call.meth));
    if (Code.symbol(call) instanceof MethodSymbol m && m.isStatic()) {
      call.args.forEach(a -> roots.addAll(roots(a)));
    }
    for (VarSymbol root : Set.copyOf(roots)) {
      if (state.values.get(root) instanceof ValueState v) {
        roots.addAll(v.owners());
      }
    }
    return state.withAliases(roots);
  }

  /** Whose contents a borrow that is an operand of a call belongs to; empty for all else. */
  Set<VarSymbol> owners(JCTree operand, PathState state) {
    return switch (TreeInfo.skipParens(operand)) {
      case JCIdent ident
          when ident.sym instanceof VarSymbol v
              && state.values.get(v) instanceof ValueState value ->
          value.may(ValueState.LENT) ? value.owners() : Set.of();
      case JCMethodInvocation call when marks.lendsResult(Code.symbol(call)) ->
          lenders(call, state);
      case null, default -> Set.of();
    };
  }

  /** The variables that an access path names an object or a part of, whatever else names it. */
  Set<VarSymbol> named(JCTree expression, PathState state) {
    return switch (expression == null ? null : TreeInfo.skipParens(expression)) {
      case JCConditional c -> {
        Set<VarSymbol> both = new HashSet<>(named(c.truepart, state));
        both.addAll(named(c.falsepart, state));
        yield both;
      }
      case JCAssign assign -> named(assign.rhs, state);
      case null -> Set.of();
      case JCTree other -> state.withAliases(roots(other));
    };
  }

  /** True if both name one object for certain: by the same path, or by local names of the same. */
  boolean isSame(JCTree one, JCTree other, PathState state) {
    JCTree a = TreeInfo.skipParens(one);
    JCTree b = TreeInfo.skipParens(other);
    if (roots(a).isEmpty() || roots(b).isEmpty()) {
      return false;
    }
    if (Paths.of(a).equals(Paths.of(b)) && Paths.isFixed(a)) {
      return true;
    }
    return a instanceof JCIdent
        && b instanceof JCIdent
        && (named(a, state).containsAll(roots(b)) || named(b, state).containsAll(roots(a)));
  }

  /** The local variable, or the field of {@code this}, that an access path starts from. */
  Set<VarSymbol> roots(JCTree expression) {
    return switch (TreeInfo.skipParens(expression)) {
      case JCIdent ident
          when ident.sym instanceof VarSymbol v && !ident.name.contentEquals("this") ->
          Set.of(v);
      case JCFieldAccess select
          when select.sym instanceof VarSymbol field
              && select.selected instanceof JCIdent self
              && self.name.contentEquals("this") ->
          Set.of(field);
      case JCFieldAccess select -> roots(select.selected);
      case JCMethodInvocation call when marks.lendsResult(Code.symbol(call)) -> roots(call.meth);
      case JCTypeCast cast -> roots(cast.expr);
      case null, default -> Set.of();
    };
  }

  /** The access path of the lock whose guard a call returns, or null. */
  String lock(JCTree expression) {
    JCTree tree = expression == null ? null : TreeInfo.skipParens(expression);
    return tree instanceof JCMethodInvocation call
            && tree.type != null
            && marks.has(tree.type.tsym, Mark.GUARD)
            && call.meth instanceof JCFieldAccess select
            && (Code.symbol(call).owner.kind == Kinds.Kind.TYP)
            && Paths.isFixed(select.selected)
        ? Paths.of(select.selected)
        : null;
  }
}
