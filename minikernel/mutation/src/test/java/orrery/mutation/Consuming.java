package orrery.mutation;

import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCReturn;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.LinkedHashSet;
import java.util.Set;
import orrery.ownership.checker.Marks;

/** Which calls end which names. */
final class Consuming {
  private final Marks marks = new Marks();

  /** The marks of the annotations. */
  Marks marks() {
    return marks;
  }

  /** True if something in the tree is consumed or given away. */
  boolean isIn(JCTree tree) {
    boolean[] found = new boolean[1];
    new TreeScanner() {
      @Override
      public void visitApply(JCMethodInvocation call) {
        found[0] |= consumes(call);
        super.visitApply(call);
      }

      @Override
      public void visitReturn(JCReturn statement) {
        found[0] |= statement.expr != null && marks.isOwned(statement.expr.type);
        super.visitReturn(statement);
      }
    }.scan(tree);
    return found[0];
  }

  private boolean consumes(JCMethodInvocation call) {
    return TreeInfo.symbol(call.meth) instanceof MethodSymbol method
        && (marks.consumesReceiver(method)
            || method.params().stream().anyMatch(p -> marks.isMoved(method, p)));
  }

  /** The variables and fields that a call consumes, the calls in its arguments included. */
  Set<String> names(JCExpression expression) {
    Set<String> names = new LinkedHashSet<>();
    new TreeScanner() {
      @Override
      public void visitApply(JCMethodInvocation call) {
        if (TreeInfo.symbol(call.meth) instanceof MethodSymbol method) {
          if (marks.consumesReceiver(method) && call.meth instanceof JCFieldAccess select) {
            add(select.selected);
          }
          for (int i = 0; i < call.args.size() && i < method.params().size(); i++) {
            if (marks.isMoved(method, method.params().get(i))) {
              add(call.args.get(i));
            }
          }
        }
        super.visitApply(call);
      }

      @Override
      public void visitLambda(JCLambda tree) {
        // what it consumes is not from here
      }

      private void add(JCExpression consumed) {
        if (consumed instanceof JCIdent ident && marks.isOwned(ident.type)) {
          names.add(ident.name.toString());
        }
      }
    }.scan(expression);
    return names;
  }
}
