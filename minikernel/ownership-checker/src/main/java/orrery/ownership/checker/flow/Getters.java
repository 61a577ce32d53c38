package orrery.ownership.checker.flow;

import com.sun.source.util.Trees;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCArrayAccess;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCReturn;
import com.sun.tools.javac.tree.JCTree.JCTypeCast;
import com.sun.tools.javac.tree.TreeInfo;
import orrery.ownership.checker.Jdk;
import orrery.ownership.checker.Session;

/**
 * Methods whose result is still a part of their object: those of the JDK's collections, and methods
 * of the same compilation that do nothing but return a field or what is in it.
 */
final class Getters {
  private final Trees trees;

  Getters(Session session) {
    this.trees = session.trees();
  }

  /** True if the result stays where it was. */
  boolean contains(MethodSymbol method) {
    return Jdk.looksInto(method)
        || !method.isStatic()
            && trees.getTree(method) instanceof JCMethodDecl tree
            && tree.body != null
            && tree.body.stats.size() == 1
            && tree.body.stats.head instanceof JCReturn only
            && only.expr != null
            && isPart(only.expr, method.owner);
  }

  /** Looks at names, because the class may not be attributed yet. */
  private static boolean isPart(JCExpression expression, Symbol owner) {
    return switch (TreeInfo.skipParens(expression)) {
      case JCIdent ident -> hasField(owner, ident);
      case JCFieldAccess select ->
          select.selected instanceof JCIdent self && self.name.contentEquals("this")
              || isPart(select.selected, owner);
      case JCArrayAccess element -> isPart(element.indexed, owner);
      case JCTypeCast cast -> isPart(cast.expr, owner);
      case JCMethodInvocation call -> isLook(call, owner);
      case JCTree other -> false;
    };
  }

  private static boolean isLook(JCMethodInvocation call, Symbol owner) {
    if (!(call.meth instanceof JCFieldAccess select) || !isPart(select.selected, owner)) {
      return false;
    }
    Symbol of = field(select.selected, owner);
    if (of == null) {
      return false;
    }
    for (Symbol each : of.type.tsym.members().getSymbolsByName(select.name)) {
      if (each instanceof MethodSymbol m && Jdk.looksInto(m)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasField(Symbol owner, JCIdent name) {
    return field(name, owner) != null;
  }

  private static VarSymbol field(JCExpression expression, Symbol owner) {
    var name = TreeInfo.name(TreeInfo.skipParens(expression));
    if (name != null) {
      for (Symbol each : owner.members().getSymbolsByName(name)) {
        if (each instanceof VarSymbol field && !field.isStatic()) {
          return field;
        }
      }
    }
    return null;
  }
}
