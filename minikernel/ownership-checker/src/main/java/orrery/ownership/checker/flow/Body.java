package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import java.util.List;
import java.util.Set;

/**
 * A piece of code that is analysed as a whole: a method, a lambda or an initializer.
 *
 * @param tree the method, lambda or field
 * @param method the method, or for a lambda that of its functional interface; null for initializers
 * @param owner the class around it
 * @param parameters its parameters
 * @param isLambda true for a lambda
 * @param atOnce true for a lambda that runs before the call that gets it returns
 * @param isUnsafe true in {@code @Unsafe} code
 * @param parts the owned fields of the class, if {@code this} or its construction is at stake
 * @param kind what the code may do with {@code this}
 * @param locks the access paths of the locks that are held on entry
 * @param atomic the text of what forbids sleep on entry, or null
 */
public record Body(
    Tree tree,
    MethodSymbol method,
    ClassSymbol owner,
    List<JCVariableDecl> parameters,
    boolean isLambda,
    boolean atOnce,
    boolean isUnsafe,
    List<VarSymbol> parts,
    Kind kind,
    Set<String> locks,
    String atomic) {
  /** What the code may do with {@code this}. */
  public enum Kind {
    /** It has it, or its class is not owned. */
    FREE,
    /** It borrows it. */
    BORROWS_THIS,
    /** It consumes it. */
    CONSUMES_THIS,
    /** It makes it. */
    CONSTRUCTS_THIS
  }

  /** True for constructors and initializers: nobody else knows {@code this} yet. */
  boolean isConstruction() {
    return method == null && !isLambda || method != null && method.isConstructor();
  }

  boolean tracks(VarSymbol field) {
    return parts.contains(field)
        && (kind == Kind.CONSUMES_THIS || kind == Kind.CONSTRUCTS_THIS && field.owner == owner)
        && !isLambda;
  }
}
