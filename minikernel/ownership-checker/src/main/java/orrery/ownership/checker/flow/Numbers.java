package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.Types;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCArrayAccess;
import com.sun.tools.javac.tree.JCTree.JCAssign;
import com.sun.tools.javac.tree.JCTree.JCAssignOp;
import com.sun.tools.javac.tree.JCTree.JCBinary;
import com.sun.tools.javac.tree.JCTree.JCConditional;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCNewArray;
import com.sun.tools.javac.tree.JCTree.JCNewClass;
import com.sun.tools.javac.tree.JCTree.JCReturn;
import com.sun.tools.javac.tree.JCTree.JCSwitchExpression;
import com.sun.tools.javac.tree.JCTree.JCTypeCast;
import com.sun.tools.javac.tree.JCTree.JCUnary;
import com.sun.tools.javac.tree.TreeInfo;
import java.util.List;
import org.checkerframework.nullaway.dataflow.cfg.node.LambdaResultExpressionNode;
import org.checkerframework.nullaway.dataflow.cfg.node.Node;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Jdk;
import orrery.ownership.checker.Mark;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Rule;
import orrery.ownership.checker.Session;

/** Numbers that a device or a program chose, until they are checked. */
final class Numbers {
  private final Marks marks;
  private final Types types;
  private final Code code;
  private final Sinks sinks;
  private final Findings findings;

  Numbers(Session session, Code code, Sinks sinks, Findings findings) {
    this.marks = session.marks();
    this.types = session.types();
    this.code = code;
    this.sinks = sinks;
    this.findings = findings;
  }

  /** True if the expression's value was chosen by a device or a program. */
  boolean isUntrusted(JCTree expression, PathState state) {
    if (!isNumber(expression.type)) {
      return false;
    }
    return switch (TreeInfo.skipParens(expression)) {
      case JCIdent ident ->
          marks.has(ident.sym, Mark.UNTRUSTED)
              || ident.sym instanceof VarSymbol v && state.untrusted.contains(v);
      case JCFieldAccess select -> marks.has(select.sym, Mark.UNTRUSTED);
      case JCMethodInvocation call -> isUntrustedCall(call, state);
      case JCTypeCast cast -> isUntrusted(cast.expr, state);
      case JCAssign assign -> isUntrusted(assign.rhs, state);
      case JCAssignOp op -> isUntrustedAfter(op, state);
      case JCArrayAccess access -> marks.has(Code.symbol(access.indexed), Mark.UNTRUSTED);
      case JCSwitchExpression s ->
          Expressions.results(s).stream().anyMatch(r -> isUntrusted(r, state));
      case JCConditional c -> isUntrusted(c.truepart, state) || isUntrusted(c.falsepart, state);
      case JCUnary unary -> isUntrusted(unary.arg, state);
      case JCBinary binary -> isUntrustedBinary(binary, state);
      case null, default -> false;
    };
  }

  private boolean isNumber(Type type) {
    return type != null && types.unboxedTypeOrType(type).isNumeric();
  }

  /** True if a compound assignment leaves an untrusted number in its variable. */
  boolean isUntrustedAfter(JCAssignOp op, PathState state) {
    return isUntrusted(op.lhs, state) || isUntrusted(op.rhs, state);
  }

  private boolean isUntrustedCall(JCMethodInvocation call, PathState state) {
    MethodSymbol method = Code.method(call);
    return marks.has(method, Mark.UNTRUSTED)
        || method != null
            && Jdk.onlyReadsNumber(method)
            && call.args.stream().anyMatch(a -> isUntrusted(a, state));
  }

  private boolean isUntrustedBinary(JCBinary binary, PathState state) {
    boolean left = isUntrusted(binary.lhs, state);
    boolean right = isUntrusted(binary.rhs, state);
    return switch (binary.getTag()) {
      case BITAND -> left && right || left && !isMask(binary.rhs) || right && !isMask(binary.lhs);
      case MOD -> left && !isMask(binary.rhs) || right;
      default -> left || right;
    };
  }

  /** A constant that is not negative bounds what it masks. */
  private static boolean isMask(JCExpression expression) {
    return expression.type.constValue() instanceof Number n && n.longValue() >= 0;
  }

  /** Reports what a step does with unchecked numbers. */
  void check(Node node, PathState state) {
    Tree tree = node.getTree();
    if (node instanceof LambdaResultExpressionNode && tree instanceof JCExpression result) {
      result(result, state);
      return;
    }
    switch (tree) {
      case JCBinary binary when wraps(binary.getTag()) -> arithmetic(binary, state);
      case JCUnary unary when wraps(unary.getTag()) && isUntrusted(unary.arg, state) ->
          arithmetic(unary);
      case JCAssignOp op when wraps(op.getTag().noAssignOp()) -> {
        if (isUntrusted(op.rhs, state) || isUntrusted(op.lhs, state)) {
          arithmetic(op);
        }
      }
      case JCArrayAccess access -> use(access.index, "an array index", state);
      case JCNewArray array -> {
        array.dims.forEach(d -> use(d, "the length of an array", state));
        if (array.elems != null) {
          array.elems.forEach(e -> use(e, "an element of an array", state));
        }
      }
      case JCMethodInvocation call -> arguments(call, call.args, state);
      case JCNewClass creation -> arguments(creation, creation.args, state);
      case JCAssign assign -> store(assign.lhs, assign.rhs, state);
      case JCReturn r -> result(r, state);
      case null, default -> {}
    }
  }

  private static boolean wraps(JCTree.Tag operator) {
    return switch (operator) {
      case PLUS, MINUS, MUL, SL, NEG, PREINC, PREDEC, POSTINC, POSTDEC -> true;
      default -> false;
    };
  }

  private void arithmetic(JCBinary binary, PathState state) {
    if (binary.type.isIntegral()
        && (isUntrusted(binary.lhs, state) || isUntrusted(binary.rhs, state))) {
      arithmetic(binary);
    }
  }

  private void arithmetic(JCTree tree) {
    findings.add(
        Rule.ARITHMETIC, tree, "`" + Code.text(tree) + "` may wrap: its operand is untrusted");
  }

  private void use(JCTree number, String as, PathState state) {
    if (isUntrusted(number, state)) {
      findings.add(
          Rule.INDEX, number, "the untrusted number `" + Code.text(number) + "` is used as " + as);
    }
  }

  private void arguments(JCTree call, List<JCExpression> arguments, PathState state) {
    MethodSymbol method = Code.method(call);
    if (method == null || Jdk.onlyReadsNumber(method)) {
      return;
    }
    for (int i = 0; i < arguments.size(); i++) {
      VarSymbol parameter = Sinks.parameter(method, i);
      if (parameter != null
          && parameter.type.isIntegral()
          && !marks.has(parameter, Mark.UNTRUSTED)) {
        use(arguments.get(i), "`" + parameter.name + "` of `" + method.name + "`", state);
      }
    }
  }

  private void store(JCExpression target, JCExpression value, PathState state) {
    Symbol symbol = Code.symbol(target);
    if (TreeInfo.skipParens(target) instanceof JCArrayAccess access) {
      if (!marks.has(Code.symbol(access.indexed), Mark.UNTRUSTED)) {
        use(value, "an element of an array", state);
      }
    } else if (symbol instanceof VarSymbol field
        && field.owner.kind == com.sun.tools.javac.code.Kinds.Kind.TYP
        && !marks.has(field, Mark.UNTRUSTED)) {
      use(value, "field `" + field.name + "`", state);
    }
  }

  private void result(JCReturn statement, PathState state) {
    if (statement.expr != null) {
      result(statement.expr, state);
    }
  }

  private void result(JCExpression value, PathState state) {
    MethodSymbol method =
        switch (code.enclosingCode(value)) {
          case JCLambda lambda -> sinks.function(lambda.type);
          case JCTree other -> Code.method(other);
          case null -> null;
        };
    if (method != null && !marks.has(method, Mark.UNTRUSTED)) {
      use(value, "the result of `" + method.name + "`", state);
    }
  }
}
