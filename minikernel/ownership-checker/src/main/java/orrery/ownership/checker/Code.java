package orrery.ownership.checker;

import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCClassDecl;
import com.sun.tools.javac.tree.JCTree.JCCompilationUnit;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.IdentityHashMap;
import java.util.Map;

/** One class's tree with its parents, symbols and types, as javac attributed it. */
public final class Code {
  private final JCCompilationUnit unit;
  private final JCClassDecl top;
  private final Map<JCTree, JCTree> parents = new IdentityHashMap<>();

  Code(JCCompilationUnit unit, JCClassDecl top) {
    this.unit = unit;
    this.top = top;
    new TreeScanner() {
      private JCTree parent = unit;

      @Override
      public void scan(JCTree tree) {
        if (tree == null) {
          return;
        }
        parents.put(tree, parent);
        JCTree outer = parent;
        parent = tree;
        tree.accept(this);
        parent = outer;
      }
    }.scan(top);
  }

  /** The class itself. */
  public JCClassDecl top() {
    return top;
  }

  /** True if the tree stands in the source of this class. */
  public boolean contains(Tree tree) {
    return parents.containsKey(tree);
  }

  /** The tree around {@code tree}, or null outside of the class. */
  public JCTree parent(Tree tree) {
    return parents.get(tree);
  }

  /** The nearest parent that is no parenthesis. */
  public JCTree parentBesidesParens(Tree tree) {
    JCTree p = parent(tree);
    while (p != null && p.hasTag(JCTree.Tag.PARENS)) {
      p = parent(p);
    }
    return p;
  }

  /** The path from the compilation unit to {@code tree}. */
  public TreePath path(Tree tree) {
    if (tree == unit) {
      return new TreePath(unit);
    }
    return new TreePath(path(parent(tree)), tree);
  }

  /** The innermost method, lambda, initializer or class around {@code tree}. */
  public JCTree enclosingCode(Tree tree) {
    JCTree p = parent(tree);
    while (p != null
        && !(p instanceof JCMethodDecl || p instanceof JCLambda || p instanceof JCClassDecl)) {
      p = parent(p);
    }
    return p;
  }

  /** The innermost method around {@code tree}, lambdas being part of it; null in initializers. */
  public JCMethodDecl enclosingMethod(Tree tree) {
    for (JCTree p = parent(tree); p != null && !(p instanceof JCClassDecl); p = parent(p)) {
      if (p instanceof JCMethodDecl method) {
        return method;
      }
    }
    return null;
  }

  /** The innermost class around {@code tree}. */
  public JCClassDecl enclosingClass(Tree tree) {
    JCTree p = parent(tree);
    while (p != null && !(p instanceof JCClassDecl)) {
      p = parent(p);
    }
    return (JCClassDecl) p;
  }

  /** The symbol that an expression names or calls, or a declaration declares; may be null. */
  public static Symbol symbol(Tree tree) {
    return switch (tree) {
      case null -> null;
      case JCTree.JCMethodInvocation call -> TreeInfo.symbol(call.meth);
      case JCTree.JCNewClass creation -> creation.constructor;
      case JCTree.JCVariableDecl variable -> variable.sym;
      case JCMethodDecl method -> method.sym;
      case JCClassDecl type -> type.sym;
      case JCTree.JCMemberReference reference -> reference.sym;
      case JCTree.JCExpression expression -> TreeInfo.symbol(TreeInfo.skipParens(expression));
      default -> null;
    };
  }

  /** The method that a call, a creation or a reference names; null if there is none. */
  public static MethodSymbol method(Tree tree) {
    return symbol(tree) instanceof MethodSymbol m ? m : null;
  }

  /** The type of an expression or declaration; never null. */
  public static Type type(Tree tree) {
    Type type = tree instanceof JCTree t ? t.type : null;
    return type == null ? Type.noType : type;
  }

  /** The class that a symbol stands in. */
  public static ClassSymbol classOf(Symbol symbol) {
    return symbol.enclClass();
  }

  /** Short text of an expression for messages, on one line. */
  public static String text(Tree tree) {
    String text = tree.toString().replaceAll("\\s+", " ");
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 3) + "...";
  }

  private static final int MAX_TEXT = 60;
}
