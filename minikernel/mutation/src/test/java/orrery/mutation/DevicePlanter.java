package orrery.mutation;

import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCTry;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.ArrayDeque;
import java.util.Deque;

/** Plants trust in the device, buffers lent the wrong way round and impossible register writes. */
final class DevicePlanter extends TreeScanner {
  private static final String RANGE = "orrery.ownership.Range";

  private final Editor editor;

  /** The try statements around the current place, innermost first. */
  private final Deque<JCTry> tries = new ArrayDeque<>();

  DevicePlanter(Editor editor) {
    this.editor = editor;
  }

  @Override
  public void visitTry(JCTry tree) {
    scan(tree.resources);
    if (!tree.catchers.isEmpty()) {
      tries.push(tree);
    }
    scan(tree.body);
    if (!tree.catchers.isEmpty()) {
      tries.pop();
    }
    scan(tree.catchers);
    scan(tree.finalizer);
  }

  @Override
  public void visitApply(JCMethodInvocation tree) {
    Symbol symbol = TreeInfo.symbol(tree.meth);
    if (symbol instanceof MethodSymbol method
        && method.owner.getQualifiedName().contentEquals(RANGE)) {
      believe(tree);
    }
    if (tree.meth instanceof JCFieldAccess select && tree.args.size() >= 1) {
      access(tree, select, tree.args.head.type.toString());
    }
    super.visitApply(tree);
  }

  /** Leaves the check out; its exception stays declared, or javac alone would complain. */
  private void believe(JCMethodInvocation tree) {
    String number = editor.text(tree.args.head);
    if (tries.isEmpty()) {
      editor.replace(Mistake.UNCHECKED, tree, number);
    } else {
      int at = editor.start(tries.peek().body) + 1;
      editor.insertAndReplace(Mistake.UNCHECKED, at, " " + RANGE + ".index(0, 1);", tree, number);
    }
  }

  private void access(JCMethodInvocation tree, JCFieldAccess select, String register) {
    boolean fixed =
        select.name.contentEquals("read") && register.contains("ReadOnly")
            || select.name.contentEquals("clear");
    if (fixed && register.contains("Register")) {
      String on = editor.text(select.selected);
      String which = editor.text(tree.args.head);
      JCTree place = tree;
      editor.replace(Mistake.ACCESS, place, on + ".write(" + which + ", 0)");
    }
  }

  @Override
  public void visitSelect(JCFieldAccess tree) {
    swap(tree, tree.sym);
    super.visitSelect(tree);
  }

  @Override
  public void visitIdent(JCIdent tree) {
    swap(tree, tree.sym);
  }

  private void swap(JCTree tree, Symbol symbol) {
    if (symbol != null
        && symbol.owner.getQualifiedName().contentEquals("orrery.kernel.hw.Direction")
        && symbol.kind == com.sun.tools.javac.code.Kinds.Kind.VAR) {
      String text = editor.text(tree);
      String other =
          text.endsWith("TO_DEVICE")
              ? text.replace("TO_DEVICE", "FROM_DEVICE")
              : text.replace("FROM_DEVICE", "TO_DEVICE");
      if (!other.equals(text)) {
        editor.replace(Mistake.DIRECTION, tree, other);
      }
    }
  }
}
