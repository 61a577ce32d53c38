package orrery.mutation;

import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.JCTree.JCTry;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeScanner;
import orrery.ownership.checker.Mark;
import orrery.ownership.checker.Marks;

/** Plants sleep where nothing may sleep, missing locks and threads. */
final class ContextPlanter extends TreeScanner {
  private static final String SLEEP = " java.util.concurrent.locks.LockSupport.parkNanos(1); ";
  private static final String THREAD = " new Thread(() -> this.hashCode()).start(); ";

  private final Editor editor;
  private final Marks marks;

  ContextPlanter(Editor editor, Marks marks) {
    this.editor = editor;
    this.marks = marks;
  }

  @Override
  public void visitMethodDef(JCMethodDecl tree) {
    if (tree.body != null && !tree.sym.isConstructor()) {
      int at = editor.start(tree.body) + 1;
      if (!marks.has(tree.sym, Mark.MAY_SLEEP)) {
        editor.insert(Mistake.SLEEP, tree, at, SLEEP);
      }
      if (!tree.sym.isStatic() && isDriver(tree)) {
        editor.insert(Mistake.SEND, tree, at, THREAD);
      }
    }
    super.visitMethodDef(tree);
  }

  /** An object that may not be shared; tables of constants and records of numbers may. */
  private boolean isDriver(JCMethodDecl tree) {
    return marks.isOwned(tree.sym.owner.type);
  }

  @Override
  public void visitTry(JCTry tree) {
    for (JCTree resource : tree.resources) {
      if (resource instanceof JCVariableDecl guard && marks.has(guard.type.tsym, Mark.GUARD)) {
        editor.replace(Mistake.NO_LOCK, tree, editor.start(tree), editor.start(tree.body), "");
        if (marks.has(guard.type.tsym, Mark.ATOMIC)) {
          editor.insert(Mistake.SLEEP, tree.body, editor.start(tree.body) + 1, SLEEP);
        }
      }
    }
    super.visitTry(tree);
  }
}
