package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.checkerframework.nullaway.dataflow.cfg.node.AssignmentNode;
import org.checkerframework.nullaway.dataflow.cfg.node.BinaryOperationNode;
import org.checkerframework.nullaway.dataflow.cfg.node.BooleanLiteralNode;
import org.checkerframework.nullaway.dataflow.cfg.node.CaseNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ConditionalAndNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ConditionalNotNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ConditionalOrNode;
import org.checkerframework.nullaway.dataflow.cfg.node.EqualToNode;
import org.checkerframework.nullaway.dataflow.cfg.node.GreaterThanNode;
import org.checkerframework.nullaway.dataflow.cfg.node.GreaterThanOrEqualNode;
import org.checkerframework.nullaway.dataflow.cfg.node.InstanceOfNode;
import org.checkerframework.nullaway.dataflow.cfg.node.LessThanNode;
import org.checkerframework.nullaway.dataflow.cfg.node.LessThanOrEqualNode;
import org.checkerframework.nullaway.dataflow.cfg.node.LocalVariableNode;
import org.checkerframework.nullaway.dataflow.cfg.node.Node;
import org.checkerframework.nullaway.dataflow.cfg.node.NotEqualNode;
import org.checkerframework.nullaway.dataflow.cfg.node.NullLiteralNode;

/** What the outcome of a test says about the variables in it. */
final class Conditions {
  /** Opposite comparisons share one fact; only for integers, because of NaN. */
  private static final Map<Class<?>, String> OPERATORS =
      Map.of(
          EqualToNode.class, "==",
          NotEqualNode.class, "==",
          LessThanNode.class, "<",
          GreaterThanOrEqualNode.class, "<",
          GreaterThanNode.class, ">",
          LessThanOrEqualNode.class, ">");

  private static final Set<Class<?>> NEGATED =
      Set.of(NotEqualNode.class, GreaterThanOrEqualNode.class, LessThanOrEqualNode.class);

  private final Patterns patterns;

  Conditions(Patterns patterns) {
    this.patterns = patterns;
  }

  /** Narrows {@code state} to the runs in which the test has that outcome; false if none has. */
  boolean assume(Node test, boolean outcome, PathState state) {
    boolean possible =
        switch (test) {
          case ConditionalNotNode not -> assume(not.getOperand(), !outcome, state);
          case ConditionalAndNode and ->
              both(and.getLeftOperand(), and.getRightOperand(), true, outcome, state);
          case ConditionalOrNode or ->
              both(or.getLeftOperand(), or.getRightOperand(), false, outcome, state);
          case EqualToNode equal ->
              compare(equal.getLeftOperand(), equal.getRightOperand(), outcome, state)
                  && remember(test, outcome, state);
          case NotEqualNode differ ->
              compare(differ.getLeftOperand(), differ.getRightOperand(), !outcome, state)
                  && remember(test, outcome, state);
          case InstanceOfNode instance -> patterns.instanceOf(instance, outcome, state);
          case CaseNode label -> patterns.label(label.getTree(), outcome, state);
          case BooleanLiteralNode literal -> literal.getValue() == outcome;
          case AssignmentNode assignment -> assume(assignment.getTarget(), outcome, state);
          default -> remember(test, outcome, state);
        };
    if (possible && test.getTree() != null) {
      state.outcomes.put(test.getTree(), outcome);
    }
    return possible;
  }

  /**
   * {@code &&} and {@code ||}: with {@code unit} both sides have to be {@code unit} for the whole
   * to be. The path says whether the right side was evaluated.
   */
  private boolean both(Node left, Node right, boolean unit, boolean outcome, PathState state) {
    Boolean known = state.outcomes.get(left.getTree());
    if (outcome == unit) {
      return (known == null || known == unit) && assume(right, unit, state);
    }
    if (known == null || known != unit) {
      return true;
    }
    patterns.undo(left.getTree(), state);
    return assume(right, !unit, state);
  }

  private boolean compare(Node left, Node right, boolean equal, PathState state) {
    Node other =
        right instanceof NullLiteralNode ? left : left instanceof NullLiteralNode ? right : null;
    if (other == null) {
      return true;
    }
    if (equal) {
      state.guarded.remove(variable(other)); // null is nobody's
    }
    return isNull(variable(other), equal, state);
  }

  /** Narrows a variable by a test for null. */
  static boolean isNull(VarSymbol variable, boolean isNull, PathState state) {
    ValueState value = variable == null ? null : state.values.get(variable);
    if (value == null) {
      return true;
    }
    if (isNull) {
      if (value.resource() && !value.may(ValueState.EMPTY)) {
        return false; // the test of null that try-with-resources makes
      }
      // a moved value is reported where it is tested, so go on as if it were null
      state.values.put(variable, ValueState.of(ValueState.EMPTY, value.birth()));
      return true;
    }
    int bits = value.bits() & ~ValueState.EMPTY;
    if (bits == 0) {
      return false;
    }
    state.values.put(variable, value.withBits(bits));
    return true;
  }

  /** The variable that holds the value of an expression, or null. */
  static VarSymbol variable(Node node) {
    return switch (node) {
      case LocalVariableNode local when local.getElement() instanceof VarSymbol v -> v;
      case AssignmentNode assignment -> variable(assignment.getTarget());
      case org.checkerframework.nullaway.dataflow.cfg.node.FieldAccessNode field
          when field.getElement() instanceof VarSymbol v
              && field.getReceiver()
                  instanceof org.checkerframework.nullaway.dataflow.cfg.node.ThisNode ->
          v;
      default -> null;
    };
  }

  private static boolean remember(Node test, boolean outcome, PathState state) {
    String text = text(test);
    if (text == null) {
      return true;
    }
    boolean value = outcome != NEGATED.contains(test.getClass());
    PathState.Fact known = state.facts.get(text);
    if (known != null) {
      return known.value() == value;
    }
    state.facts.put(text, new PathState.Fact(value, variables(test.getTree())));
    return true;
  }

  /** The text under which a test's outcome is kept; null if it may differ when made again. */
  private static String text(Node test) {
    if (test instanceof LocalVariableNode local && local.getElement() instanceof VarSymbol v) {
      return PathState.factOf(v);
    }
    String operator = OPERATORS.get(test.getClass());
    if (operator == null || !(test instanceof BinaryOperationNode binary)) {
      return null;
    }
    if (!isStable(binary.getLeftOperand()) || !isStable(binary.getRightOperand())) {
      return null;
    }
    return term(binary.getLeftOperand()) + operator + term(binary.getRightOperand());
  }

  private static boolean isStable(Node node) {
    return switch (node) {
      case LocalVariableNode local ->
          !local.getType().getKind().equals(javax.lang.model.type.TypeKind.FLOAT)
              && !local.getType().getKind().equals(javax.lang.model.type.TypeKind.DOUBLE);
      case org.checkerframework.nullaway.dataflow.cfg.node.ValueLiteralNode literal -> true;
      case org.checkerframework.nullaway.dataflow.cfg.node.WideningConversionNode widening ->
          isStable(widening.getOperand());
      case org.checkerframework.nullaway.dataflow.cfg.node.FieldAccessNode field ->
          field.getElement() instanceof VarSymbol v && v.getConstValue() != null;
      default -> false;
    };
  }

  private static String term(Node node) {
    return switch (node) {
      case LocalVariableNode local -> PathState.factOf((VarSymbol) local.getElement());
      case org.checkerframework.nullaway.dataflow.cfg.node.WideningConversionNode widening ->
          term(widening.getOperand());
      default -> node.toString();
    };
  }

  private static Set<VarSymbol> variables(Tree tree) {
    Set<VarSymbol> variables = new HashSet<>();
    new TreeScanner() {
      @Override
      public void visitIdent(JCIdent ident) {
        if (ident.sym instanceof VarSymbol v) {
          variables.add(v);
        }
      }
    }.scan((JCTree) tree);
    return variables;
  }
}
