package orrery.ownership.checker;

import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCClassDecl;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMemberReference;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.JCTree.JCNewClass;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeScanner;

/**
 * The look that decides whether a tree concerns the rules at all. Most code does not, and pays for
 * this one pass and nothing more.
 */
final class Survey extends TreeScanner {
  private final Marks marks;
  private final boolean strict;
  private boolean found;

  private Survey(Marks marks, boolean strict) {
    this.marks = marks;
    this.strict = strict;
  }

  /** True if the tree touches anything marked or, in strict packages, raw. */
  static boolean concerns(JCTree tree, Marks marks, boolean strict) {
    Survey survey = new Survey(marks, strict);
    survey.scan(tree);
    return survey.found;
  }

  @Override
  public void scan(JCTree tree) {
    if (!found) {
      super.scan(tree);
    }
  }

  @Override
  public void visitIdent(JCIdent tree) {
    look(tree.sym);
    look(tree.type);
  }

  @Override
  public void visitSelect(JCFieldAccess tree) {
    look(tree.sym);
    look(tree.type);
    super.visitSelect(tree);
  }

  @Override
  public void visitVarDef(JCVariableDecl tree) {
    look(tree.sym);
    super.visitVarDef(tree);
  }

  @Override
  public void visitMethodDef(JCMethodDecl tree) {
    look(tree.sym);
    found |= strict && (tree.mods.flags & Flags.NATIVE) != 0;
    super.visitMethodDef(tree);
  }

  @Override
  public void visitClassDef(JCClassDecl tree) {
    look(tree.sym);
    if (tree.sym != null) {
      look(tree.sym.getSuperclass());
      tree.sym.getInterfaces().forEach(this::look);
    }
    super.visitClassDef(tree);
  }

  @Override
  public void visitNewClass(JCNewClass tree) {
    look(tree.constructor);
    super.visitNewClass(tree);
  }

  @Override
  public void visitReference(JCMemberReference tree) {
    look(tree.sym);
    look(tree.type);
    super.visitReference(tree);
  }

  @Override
  public void visitLambda(JCLambda tree) {
    look(tree.type);
    super.visitLambda(tree);
  }

  private void look(Symbol symbol) {
    if (symbol == null || found) {
      return;
    }
    boolean ofMarked =
        !symbol.isStatic() && symbol.owner instanceof ClassSymbol owner && marks.any(owner);
    if (ofMarked || marks.any(symbol) || strict && Jdk.isRaw(symbol)) {
      found = true;
    } else if (symbol instanceof MethodSymbol method) {
      look(method.getReturnType());
      method.params().forEach(p -> found |= marks.any(p) || marks.any(p.type.tsym));
      found |= strict && (Jdk.sleeps(method) || Jdk.sends(method) || Jdk.isParallel(method));
    } else if (symbol instanceof VarSymbol variable) {
      look(variable.type);
    }
  }

  private void look(Type type) {
    if (type == null || found) {
      return;
    }
    if (type.hasTag(TypeTag.ARRAY)) {
      look(((Type.ArrayType) type).elemtype);
    } else if (type.hasTag(TypeTag.CLASS) || type.hasTag(TypeTag.TYPEVAR)) {
      found = marks.any(type.tsym);
    }
  }
}
