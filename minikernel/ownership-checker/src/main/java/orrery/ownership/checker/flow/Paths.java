package orrery.ownership.checker.flow;

import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.TreeInfo;

/** Access paths as text, by which locks are told apart: {@code this.lock}, {@code queue.lock}. */
final class Paths {
  private Paths() {}

  static String of(JCTree expression) {
    return switch (TreeInfo.skipParens(expression)) {
      case JCIdent ident
          when ident.sym instanceof VarSymbol v
              && v.owner.kind == com.sun.tools.javac.code.Kinds.Kind.TYP
              && !ident.name.contentEquals("this")
              && !v.isStatic() ->
          "this." + ident.name;
      case JCIdent ident -> ident.name.toString();
      case JCFieldAccess select -> of(select.selected) + "." + select.name;
      case JCTree other -> other.toString();
    };
  }
}
