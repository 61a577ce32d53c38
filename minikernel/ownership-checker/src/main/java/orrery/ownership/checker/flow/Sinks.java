package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCArrayAccess;
import com.sun.tools.javac.tree.JCTree.JCAssign;
import com.sun.tools.javac.tree.JCTree.JCConditional;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCExpressionStatement;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCInstanceOf;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCNewArray;
import com.sun.tools.javac.tree.JCTree.JCNewClass;
import com.sun.tools.javac.tree.JCTree.JCParens;
import com.sun.tools.javac.tree.JCTree.JCReturn;
import com.sun.tools.javac.tree.JCTree.JCSwitch;
import com.sun.tools.javac.tree.JCTree.JCSwitchExpression;
import com.sun.tools.javac.tree.JCTree.JCTry;
import com.sun.tools.javac.tree.JCTree.JCTypeCast;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.JCTree.JCYield;
import com.sun.tools.javac.tree.TreeInfo;
import java.util.List;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Jdk;
import orrery.ownership.checker.Mark;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.flow.Sink.Kind;

/** Decides from the trees around an expression where its value goes. */
public final class Sinks {
  private final Code code;
  private final Marks marks;
  private final com.sun.tools.javac.code.Types types;

  /** For the trees of one class. */
  public Sinks(Code code, Marks marks, com.sun.tools.javac.code.Types types) {
    this.code = code;
    this.marks = marks;
    this.types = types;
  }

  /** Where the value of {@code expression} goes. */
  public Sink of(Tree expression) {
    JCTree parent = code.parent(expression);
    return switch (parent) {
      case JCParens p -> of(p);
      case JCTypeCast cast -> marks.isOwned(cast.type) ? of(cast) : sink(Kind.ERASED, cast, null);
      case JCConditional c -> c.cond == expression ? borrow(c) : of(c);
      case JCYield y -> of(y.target);
      case JCSwitch s -> sink(Kind.SELECTOR, s, null);
      case JCSwitchExpression s -> sink(Kind.SELECTOR, s, null);
      case JCInstanceOf i -> sink(Kind.TEST, i, null);
      case JCVariableDecl v -> variable(v);
      case JCAssign a -> assignment(a, expression);
      case JCReturn r -> returned(r);
      case JCLambda l -> lambdaResult(l);
      case JCMethodInvocation call -> argument(call, call.args, expression);
      case JCNewClass creation -> argument(creation, creation.args, expression);
      case JCFieldAccess select -> receiver(select);
      case JCNewArray array ->
          array.elems != null && array.elems.contains(expression)
              ? sink(Kind.ARRAY, array, null)
              : borrow(array);
      case JCTry t -> sink(Kind.RESOURCE, t, null);
      case JCExpressionStatement s -> sink(Kind.DROP, s, null);
      case null, default -> borrow(parent);
    };
  }

  private Sink variable(JCVariableDecl variable) {
    if (!marks.isOwned(variable.sym.type)) {
      return sink(Kind.ERASED, variable, variable.sym);
    }
    boolean local = variable.sym.owner.kind == com.sun.tools.javac.code.Kinds.Kind.MTH;
    return sink(local ? Kind.BIND : Kind.STORE, variable, variable.sym);
  }

  private Sink assignment(JCAssign assignment, Tree expression) {
    if (assignment.rhs != expression) {
      return borrow(assignment);
    }
    JCExpression target = TreeInfo.skipParens(assignment.lhs);
    if (target instanceof JCArrayAccess) {
      return sink(Kind.ARRAY, assignment, null);
    }
    Symbol symbol = Code.symbol(target);
    if (!marks.isOwned(target.type)) {
      return sink(Kind.ERASED, assignment, symbol);
    }
    boolean local = symbol != null && symbol.owner.kind == com.sun.tools.javac.code.Kinds.Kind.MTH;
    return sink(local ? Kind.BIND : Kind.STORE, assignment, symbol);
  }

  private Sink returned(JCReturn statement) {
    JCTree enclosing = code.enclosingCode(statement);
    if (enclosing instanceof JCLambda lambda) {
      return lambdaResult(lambda);
    }
    MethodSymbol method = Code.method(enclosing);
    if (method == null) {
      return borrow(statement);
    }
    return result(statement, method, method.getReturnType());
  }

  private Sink lambdaResult(JCLambda lambda) {
    MethodSymbol method = function(lambda.type);
    if (method == null) {
      return borrow(lambda);
    }
    Type result = types.findDescriptorType(lambda.type).getReturnType();
    return result.hasTag(TypeTag.VOID)
        ? sink(Kind.DROP, lambda, method)
        : result(lambda, method, marks.isOwned(method.getReturnType()) ? result : Type.noType);
  }

  private Sink result(JCTree place, MethodSymbol method, Type type) {
    if (!marks.isOwned(type)) {
      return sink(Kind.ERASED, place, method);
    }
    return sink(marks.lendsResult(method) ? Kind.BORROW : Kind.RETURN, place, method);
  }

  /** The method of a functional interface, or null if the type is none. */
  public MethodSymbol function(Type type) {
    return type != null && types.isFunctionalInterface(type)
        ? (MethodSymbol) types.findDescriptorSymbol(type.tsym)
        : null;
  }

  private Sink argument(JCTree call, List<? extends JCTree> arguments, Tree expression) {
    int index = arguments.indexOf(expression);
    MethodSymbol method = Code.method(call);
    if (index < 0 || method == null) {
      return borrow(call);
    }
    VarSymbol parameter = parameter(method, index);
    if (parameter == null) {
      return borrow(call);
    }
    if (method.isVarArgs() && index >= method.params().size() - 1) {
      Type element = types.elemtype(parameter.type);
      return sink(marks.isOwned(element) ? Kind.ARRAY : Kind.ERASED, call, parameter);
    }
    if (!marks.isOwned(parameter.type)) {
      return sink(Kind.ERASED, call, parameter);
    }
    return sink(marks.isMoved(method, parameter) ? Kind.MOVE : Kind.BORROW, call, parameter);
  }

  /** The parameter that takes an argument; the last one takes all the rest. */
  public static VarSymbol parameter(MethodSymbol method, int index) {
    var parameters = method.params();
    if (parameters.isEmpty()) {
      return null;
    }
    return parameters.get(Math.min(index, parameters.size() - 1));
  }

  private Sink receiver(JCFieldAccess select) {
    if (code.parent(select) instanceof JCMethodInvocation call
        && call.meth == select
        && marks.consumesReceiver(select.sym)) {
      return sink(Kind.MOVE, call, select.sym);
    }
    return borrow(select);
  }

  /** True if the function is called before the call that gets it returns, and not kept. */
  public boolean runsAtOnce(JCTree function) {
    JCTree expression = function;
    JCTree parent = code.parentBesidesParens(function);
    while (parent instanceof JCTypeCast) {
      expression = parent;
      parent = code.parentBesidesParens(parent);
    }
    return switch (parent) {
      case JCMethodInvocation call -> isNow(Code.method(call), call.args, expression);
      case JCNewClass creation -> isNow(Code.method(creation), creation.args, expression);
      case null, default -> false;
    };
  }

  private boolean isNow(MethodSymbol method, List<JCExpression> arguments, JCTree argument) {
    if (method == null) {
      return false;
    }
    int index = 0;
    while (index < arguments.size() && !isIn(arguments.get(index), argument)) {
      index++;
    }
    VarSymbol parameter = parameter(method, index);
    return index < arguments.size()
        && (Jdk.callsAtOnce(method) || parameter != null && marks.has(parameter, Mark.NOW));
  }

  private static boolean isIn(JCTree argument, JCTree expression) {
    return TreeInfo.skipParens(argument) == expression;
  }

  private static Sink borrow(Tree place) {
    return sink(Kind.BORROW, place, null);
  }

  private static Sink sink(Kind kind, Tree place, Symbol target) {
    return new Sink(kind, place, target);
  }
}
