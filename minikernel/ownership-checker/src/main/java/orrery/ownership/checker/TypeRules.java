package orrery.ownership.checker;

import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.TypeVariableSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import com.sun.tools.javac.code.Types;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCArrayTypeTree;
import com.sun.tools.javac.tree.JCTree.JCCase;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCNewClass;
import com.sun.tools.javac.tree.JCTree.JCPatternCaseLabel;
import com.sun.tools.javac.tree.JCTree.JCSwitch;
import com.sun.tools.javac.tree.JCTree.JCSwitchExpression;
import com.sun.tools.javac.tree.JCTree.JCTypeApply;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;

/** Where owned types may be written, so that no type forgets that it owns. */
final class TypeRules {
  private final Marks marks;
  private final Reporter reporter;
  private final UnsafeCode unsafe;
  private final Types types;

  TypeRules(Marks marks, Reporter reporter, UnsafeCode unsafe, Types types) {
    this.marks = marks;
    this.reporter = reporter;
    this.unsafe = unsafe;
    this.types = types;
  }

  /** Type arguments own where the parameter does, and nowhere else. */
  void check(JCTypeApply tree) {
    if (unsafe.contains(tree) || !(tree.type.tsym instanceof ClassSymbol generic)) {
      return;
    }
    var parameters = generic.getTypeParameters().iterator();
    for (JCTree argument : tree.arguments) {
      if (!parameters.hasNext()) {
        return;
      }
      TypeVariableSymbol parameter = parameters.next();
      boolean mustOwn = marks.has(parameter, Mark.OWNED);
      if (argument.type != null
          && marks.has(argument.type.tsym, Mark.ATOMIC)
          && !generic.isInterface()) {
        reporter.report(
            Rule.ATOMIC_KEPT, tree, "`" + generic.name + "` keeps a `" + argument + "`");
      }
      if (argument.type != null && mustOwn != marks.isOwned(argument.type)) {
        reporter.report(
            Rule.TYPE_ARGUMENT,
            tree,
            "`"
                + generic.name
                + "` "
                + (mustOwn ? "holds owned values, and `" : "does not own its `" + parameter.name)
                + (mustOwn
                    ? argument + "` is no owned type"
                    : "`, and `" + argument + "` is an owned type"));
      }
    }
  }

  void check(JCArrayTypeTree tree) {
    if (marks.isOwned(tree.elemtype.type) && !unsafe.contains(tree)) {
      reporter.report(Rule.ARRAY, tree, "an array of the owned type `" + tree.elemtype + "`");
    }
  }

  void check(JCVariableDecl tree) {
    checkRaw(tree, tree.sym.type);
  }

  void check(JCNewClass tree) {
    checkRaw(tree, tree.type);
  }

  private void checkRaw(JCTree tree, Type type) {
    if (type != null
        && type.hasTag(TypeTag.CLASS)
        && type.isRaw()
        && type.tsym.type.getTypeArguments().stream().anyMatch(t -> marks.has(t.tsym, Mark.OWNED))
        && !unsafe.contains(tree)) {
      reporter.report(
          Rule.TYPE_ARGUMENT,
          tree,
          "`" + type.tsym.name + "` without a type argument forgets what it owns");
    }
  }

  /** A cast or pattern that makes an owned value of something else, or of another owned type. */
  void checkMade(JCTree tree, Type made, Type from) {
    if (marks.isOwned(made)
        && from != null
        && !from.hasTag(TypeTag.BOT)
        && !(marks.isOwned(from) && areRelated(made, from))
        && !unsafe.contains(tree)) {
      reporter.report(
          Rule.FORGED, tree, "a `" + made.tsym.name + "` is made of a `" + from.tsym.name + "`");
    }
  }

  /**
   * Whether one is a kind of the other: else only an object of both passes from one to the other.
   */
  private boolean areRelated(Type a, Type b) {
    Type first = types.erasure(a);
    Type second = types.erasure(b);
    return types.isSubtype(first, second) || types.isSubtype(second, first);
  }

  void check(JCCase tree, JCTree parent) {
    Type selector =
        switch (parent) {
          case JCSwitch s -> s.selector.type;
          case JCSwitchExpression s -> s.selector.type;
          default -> null;
        };
    for (var label : tree.labels) {
      if (label instanceof JCPatternCaseLabel pattern) {
        checkMade(pattern, pattern.pat.type, selector);
      }
    }
  }

  /** A generic method whose result is only inferred to be owned. */
  void checkResult(JCMethodInvocation tree, MethodSymbol method) {
    Type declared = method.getReturnType();
    if (declared != null && declared.hasTag(TypeTag.TYPEVAR) && !marks.isOwned(declared)) {
      checkMade(tree, tree.type, declared);
    }
  }
}
