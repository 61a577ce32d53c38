package orrery.ownership.checker;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.tree.EndPosTable;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCCompilationUnit;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCExpressionStatement;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCIf;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCTry;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import orrery.ownership.checker.Mutant.Operator;

/** Plants one mistake at a time in the sources of a driver. */
final class Mutator extends TreeScanner {
  private static final String SLEEP = " java.util.concurrent.locks.LockSupport.parkNanos(1); ";

  private final Marks marks = new Marks();
  private final JCCompilationUnit unit;
  private final String name;
  private final String text;
  private final EndPosTable ends;
  private final List<Mutant> mutants = new ArrayList<>();

  private Mutator(JCCompilationUnit unit, String name, String text) {
    this.unit = unit;
    this.name = name;
    this.text = text;
    this.ends = unit.endPositions;
  }

  /** All mutants of an analysed file. */
  static List<Mutant> of(JavacTask task, CompilationUnitTree tree, String name, String text) {
    Mutator mutator = new Mutator((JCCompilationUnit) tree, name, text);
    mutator.scan((JCCompilationUnit) tree);
    return mutator.mutants;
  }

  @Override
  public void visitExec(JCExpressionStatement tree) {
    if (tree.expr instanceof JCMethodInvocation call && consumes(call)) {
      String statement = text.substring(start(tree), end(tree));
      add(Operator.DELETE_FREE, tree, start(tree), end(tree), ";");
      add(Operator.CONSUME_TWICE, tree, end(tree), end(tree), " " + statement);
      for (JCIdent moved : consumed(call)) {
        add(Operator.USE_AFTER_MOVE, tree, end(tree), end(tree), " " + moved.name + ".hashCode();");
      }
    }
    super.visitExec(tree);
  }

  @Override
  public void visitIf(JCIf tree) {
    if (tree.elsepart != null && (hasConsuming(tree.thenpart) || hasConsuming(tree.elsepart))) {
      String then = text.substring(start(tree.thenpart), end(tree.thenpart));
      String otherwise = text.substring(start(tree.elsepart), end(tree.elsepart));
      String between = text.substring(end(tree.thenpart), start(tree.elsepart));
      add(
          Operator.SWAP_BRANCHES,
          tree,
          start(tree.thenpart),
          end(tree.elsepart),
          otherwise + between + then);
    } else if (tree.elsepart == null && hasConsuming(tree.thenpart)) {
      String condition = text.substring(start(tree.cond), end(tree.cond));
      add(Operator.SWAP_BRANCHES, tree, start(tree.cond), end(tree.cond), "(!" + condition + ")");
    }
    super.visitIf(tree);
  }

  @Override
  public void visitMethodDef(JCMethodDecl tree) {
    if (tree.body != null && tree.sym != null) {
      int at = start(tree.body) + 1;
      for (JCVariableDecl parameter : tree.params) {
        if (marks.isOwned(parameter.sym.type) && !marks.isMoved(tree.sym, parameter.sym)) {
          String keep = " new java.util.ArrayList<Object>().add(" + parameter.name + "); ";
          add(Operator.KEEP_BORROW, tree, at, at, keep);
          add(Operator.KEEP_BORROW, tree, at, at, capture(parameter.name.toString()));
        }
        if (marks.has(parameter.sym.type.tsym, Mark.ATOMIC)) {
          add(Operator.SLEEP, tree, at, at, SLEEP);
        }
      }
    }
    super.visitMethodDef(tree);
  }

  private static String capture(String parameter) {
    return " Runnable kept = () -> " + parameter + ".hashCode(); ";
  }

  @Override
  public void visitTry(JCTry tree) {
    for (JCTree resource : tree.resources) {
      if (resource instanceof JCVariableDecl guard && marks.has(guard.type.tsym, Mark.GUARD)) {
        int open = text.indexOf('(', tree.getStartPosition());
        add(Operator.DROP_LOCK, tree, tree.getStartPosition(), start(tree.body), "");
        if (open > 0 && marks.has(guard.type.tsym, Mark.ATOMIC)) {
          add(Operator.SLEEP, tree, start(tree.body) + 1, start(tree.body) + 1, SLEEP);
        }
      }
    }
    super.visitTry(tree);
  }

  // ---- what consumes

  private boolean hasConsuming(JCTree tree) {
    boolean[] found = new boolean[1];
    new TreeScanner() {
      @Override
      public void visitApply(JCMethodInvocation call) {
        found[0] |= consumes(call);
        super.visitApply(call);
      }

      @Override
      public void visitReturn(JCTree.JCReturn statement) {
        found[0] |= statement.expr != null && marks.isOwned(statement.expr.type);
        super.visitReturn(statement);
      }
    }.scan(tree);
    return found[0];
  }

  private boolean consumes(JCMethodInvocation call) {
    Symbol symbol = TreeInfo.symbol(call.meth);
    return symbol instanceof MethodSymbol method
        && (marks.consumesReceiver(method)
            || method.params().stream().anyMatch(p -> marks.isMoved(method, p)));
  }

  /** The variables that the call consumes, its own arguments' calls included. */
  private List<JCIdent> consumed(JCMethodInvocation call) {
    List<JCIdent> consumed = new ArrayList<>();
    new TreeScanner() {
      @Override
      public void visitApply(JCMethodInvocation inner) {
        if (TreeInfo.symbol(inner.meth) instanceof MethodSymbol method) {
          if (marks.consumesReceiver(method) && inner.meth instanceof JCFieldAccess select) {
            addIdent(select.selected);
          }
          for (int i = 0; i < inner.args.size() && i < method.params().size(); i++) {
            if (marks.isMoved(method, method.params().get(i))) {
              addIdent(inner.args.get(i));
            }
          }
        }
        super.visitApply(inner);
      }

      @Override
      public void visitLambda(JCLambda tree) {}

      private void addIdent(JCExpression expression) {
        if (expression instanceof JCIdent ident && marks.isOwned(ident.type)) {
          consumed.add(ident);
        }
      }
    }.scan(call);
    return consumed;
  }

  // ---- text

  private int start(JCTree tree) {
    return TreeInfo.getStartPos(tree);
  }

  private int end(JCTree tree) {
    return TreeInfo.getEndPos(tree, ends);
  }

  private void add(Operator operator, JCTree place, int from, int to, String replacement) {
    String changed = text.substring(0, from) + replacement + text.substring(to);
    long line = unit.getLineMap().getLineNumber(start(place));
    mutants.add(new Mutant(operator, name, line, changed));
  }
}
