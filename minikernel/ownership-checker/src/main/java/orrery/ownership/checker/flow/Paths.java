package orrery.ownership.checker.flow;

import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.TreeInfo;

/** Access paths as text, by which locks are told apart: {@code this.lock}, {@code queue.lock}. */
public final class Paths {
  private Paths() {}

  /** True if the path leads to the same object while no local variable in it changes. */
  static boolean isFixed(JCTree expression) {
    return switch (TreeInfo.skipParens(expression)) {
      case JCIdent ident -> !(ident.sym instanceof VarSymbol v) || isLocal(v) || isFinal(v);
      case JCFieldAccess select ->
          (!(select.sym instanceof VarSymbol v) || isFinal(v)) && isFixed(select.selected);
      case JCTree other -> true;
    };
  }

  private static boolean isLocal(VarSymbol variable) {
    return variable.owner.kind == com.sun.tools.javac.code.Kinds.Kind.MTH
        || variable.name.contentEquals("this");
  }

  private static boolean isFinal(VarSymbol variable) {
    return (variable.flags() & com.sun.tools.javac.code.Flags.FINAL) != 0;
  }

  /**
   * The path of the lock that a member's mark names.
   *
   * @param owner the path of the object whose member it is
   */
  public static String ofLock(Symbol member, String lock, String owner) {
    for (Symbol each : member.owner.members().getSymbols(s -> s.name.contentEquals(lock))) {
      if (each instanceof VarSymbol field && field.isStatic()) {
        return ofStatic(field);
      }
    }
    return owner + "." + lock;
  }

  private static String ofStatic(Symbol field) {
    return field.owner.name + "." + field.name;
  }

  private static boolean isStaticField(Symbol symbol) {
    return symbol instanceof VarSymbol v
        && v.owner.kind == com.sun.tools.javac.code.Kinds.Kind.TYP
        && v.isStatic()
        && !v.name.contentEquals("class");
  }

  static String of(JCTree expression) {
    return switch (TreeInfo.skipParens(expression)) {
      case JCIdent ident when isStaticField(ident.sym) -> ofStatic(ident.sym);
      case JCFieldAccess select when isStaticField(select.sym) -> ofStatic(select.sym);
      case JCIdent ident
          when ident.sym instanceof VarSymbol v
              && v.owner.kind == com.sun.tools.javac.code.Kinds.Kind.TYP
              && !ident.name.contentEquals("this") ->
          "this." + ident.name;
      case JCIdent ident -> ident.name.toString();
      case JCFieldAccess select -> of(select.selected) + "." + select.name;
      case JCTree other -> other.toString();
    };
  }
}
