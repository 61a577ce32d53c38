package orrery.mutation;

import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree.JCClassDecl;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.Map;
import orrery.ownership.checker.Marks;

/** Plants borrows that outlive what they are borrowed from. */
final class BorrowPlanter extends TreeScanner {
  /** How to look at what a holder would give next. */
  private static final Map<String, String> LOOKS =
      Map.of("take", "get", "remove", "get", "removeFirst", "first");

  private final Editor editor;
  private final Marks marks;
  private JCClassDecl owner;

  BorrowPlanter(Editor editor, Marks marks) {
    this.editor = editor;
    this.marks = marks;
  }

  @Override
  public void visitClassDef(JCClassDecl tree) {
    JCClassDecl outer = owner;
    owner = tree;
    super.visitClassDef(tree);
    owner = outer;
  }

  @Override
  public void visitMethodDef(JCMethodDecl tree) {
    if (tree.body != null && !tree.sym.isConstructor()) {
      for (JCVariableDecl parameter : tree.params) {
        VarSymbol symbol = parameter.sym;
        if (marks.isOwned(symbol.type) && !marks.isMoved(tree.sym, symbol)) {
          keep(tree, parameter);
        }
      }
    }
    super.visitMethodDef(tree);
  }

  private void keep(JCMethodDecl tree, JCVariableDecl parameter) {
    int at = editor.start(tree.body) + 1;
    String name = parameter.name.toString();
    editor.insert(
        Mistake.KEEP_IN_LIST, tree, at, " new java.util.ArrayList<Object>().add(" + name + "); ");
    editor.insert(
        Mistake.CAPTURE, tree, at, " Runnable kept = () -> " + name + ".hashCode(); kept.run(); ");
    if (!owner.sym.isRecord() && !owner.sym.isInterface()) {
      String type = editor.text(parameter.vartype);
      String field = "static " + type + " keptHere; ";
      if (tree.typarams.isEmpty()) {
        String body = editor.text(tree.body);
        editor.insertAndReplace(
            Mistake.KEEP_IN_FIELD,
            editor.start(tree),
            field,
            tree.body,
            "{ keptHere = " + name + "; " + body + " }");
      }
    }
  }

  @Override
  public void visitVarDef(JCVariableDecl tree) {
    if (tree.init instanceof JCMethodInvocation call
        && call.meth instanceof JCFieldAccess select
        && select.selected instanceof JCIdent holder
        && marks.isHolder(holder.type)
        && LOOKS.containsKey(select.name.toString())) {
      String arguments = String.join(", ", call.args.map(editor::text));
      String look = holder.name + "." + LOOKS.get(select.name.toString()) + "(" + arguments + ")";
      String type = editor.text(tree.vartype);
      editor.replace(
          Mistake.STALE,
          tree,
          type + " looked = " + look + "; " + editor.text(tree) + " looked.hashCode();");
    }
    super.visitVarDef(tree);
  }
}
