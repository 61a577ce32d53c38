package orrery.mutation;

import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCExpressionStatement;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIf;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.Set;

/** Plants leaks, uses after the end, double ends and skipped typestates. */
final class OwnershipPlanter extends TreeScanner {
  private final Editor editor;
  private final Consuming consuming;
  private Type result;

  OwnershipPlanter(Editor editor, Consuming consuming) {
    this.editor = editor;
    this.consuming = consuming;
  }

  @Override
  public void visitMethodDef(JCMethodDecl tree) {
    result = tree.sym.isConstructor() ? null : tree.sym.getReturnType();
    super.visitMethodDef(tree);
  }

  @Override
  public void visitLambda(JCLambda tree) {
    Type outer = result;
    result = null;
    super.visitLambda(tree);
    result = outer;
  }

  @Override
  public void visitExec(JCExpressionStatement tree) {
    Set<String> consumed = consuming.names(tree.expr);
    if (!consumed.isEmpty() && tree.expr instanceof JCMethodInvocation) {
      String statement = editor.text(tree);
      int after = editor.end(tree);
      editor.replace(Mistake.DELETE, tree, ";");
      editor.insert(Mistake.TWICE, tree, after, " " + statement);
      editor.replace(
          Mistake.AGAIN, tree, "for (int turn = 0; turn < 2; turn++) { " + statement + " }");
      for (String name : consumed) {
        editor.insert(Mistake.AFTER, tree, after, " " + name + ".hashCode();");
      }
      if (result != null) {
        String early = "if (System.nanoTime() == 0) { ";
        editor.replace(Mistake.RETURN, tree, "{ " + early + leave() + " } " + statement + " }");
      }
      editor.replace(
          Mistake.THROW,
          tree,
          "{ if (System.nanoTime() == 0) { throw new IllegalStateException(); } "
              + statement
              + " }");
    }
    super.visitExec(tree);
  }

  private String leave() {
    return switch (result.getTag()) {
      case VOID -> "return;";
      case BOOLEAN -> "return false;";
      case CLASS, TYPEVAR, ARRAY -> "return null;";
      default -> "return 0;";
    };
  }

  @Override
  public void visitVarDef(JCVariableDecl tree) {
    boolean local = tree.sym.owner instanceof MethodSymbol && tree.init != null;
    if (local
        && tree.init instanceof JCMethodInvocation call
        && !call.type.hasTag(TypeTag.BOT)
        && consuming.marks().isOwned(tree.sym.type)
        && !consuming.marks().lendsResult(TreeInfo.symbol(call.meth))
        && consuming.names(tree.init).isEmpty()) {
      editor.insert(
          Mistake.OVERWRITE,
          tree,
          editor.end(tree),
          " " + tree.name + " = " + editor.text(tree.init) + ";");
    }
    super.visitVarDef(tree);
  }

  @Override
  public void visitIf(JCIf tree) {
    JCExpression condition = tree.cond;
    if (tree.elsepart != null && (consuming.isIn(tree.thenpart) || consuming.isIn(tree.elsepart))) {
      editor.replace(
          Mistake.SWAP,
          tree,
          editor.start(tree.thenpart),
          editor.end(tree.elsepart),
          editor.text(tree.elsepart)
              + editor.between(tree.thenpart, tree.elsepart)
              + editor.text(tree.thenpart));
    } else if (tree.elsepart == null && consuming.isIn(tree.thenpart)) {
      editor.replace(
          Mistake.SWAP,
          tree,
          editor.start(condition),
          editor.end(condition),
          "(!" + editor.text(condition) + ")");
    }
    testForNull(tree);
    super.visitIf(tree);
  }

  private void testForNull(JCIf tree) {
    if (TreeInfo.skipParens(tree.cond) instanceof JCTree.JCBinary test
        && TreeInfo.isNull(test.rhs)
        && consuming.marks().isOwned(test.lhs.type)) {
      boolean outcome = test.hasTag(JCTree.Tag.NE);
      // not a constant, so that what follows stays reachable
      String other = outcome ? "(System.nanoTime() != 0)" : "(System.nanoTime() == 0)";
      editor.replace(Mistake.NULL, tree.cond, other);
    }
  }

  @Override
  public void visitApply(JCMethodInvocation tree) {
    if (tree.meth instanceof JCFieldAccess select
        && consuming.marks().consumesReceiver(select.sym)
        && consuming.marks().isOwned(tree.type)) {
      editor.replace(Mistake.STATE, tree, editor.text(select.selected));
    }
    super.visitApply(tree);
  }
}
