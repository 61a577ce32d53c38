package orrery.ownership.checker.flow;

import com.sun.source.util.Trees;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import com.sun.tools.javac.code.Types;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import orrery.ownership.checker.Mark;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Session;

/**
 * Which calls may take a value out of a holder ({@code Slot} and the like) in a field of an object,
 * so that borrows from that object end. Classes of the same compilation are looked into; of others
 * every method that can reach a holder is taken to do so.
 */
final class Emptying {
  private final Marks marks;
  private final Types types;
  private final Trees trees;

  Emptying(Session session) {
    this.marks = session.marks();
    this.types = session.types();
    this.trees = session.trees();
  }

  /** The holders in the fields of a class, inherited ones included. */
  List<VarSymbol> holders(Type type) {
    List<VarSymbol> holders = new ArrayList<>();
    for (Type t = type; t.hasTag(TypeTag.CLASS); t = types.supertype(t)) {
      for (Symbol member : t.tsym.members().getSymbols(s -> s instanceof VarSymbol)) {
        if (!member.isStatic() && marks.isHolder(member.type)) {
          holders.add((VarSymbol) member);
        }
      }
    }
    return holders;
  }

  /** True if an argument of the type lets the callee take something out. */
  boolean canBeEmptied(Type type) {
    return type.hasTag(TypeTag.CLASS) && (marks.isHolder(type) || !holders(type).isEmpty());
  }

  /** True if the method may take something out of a holder of its object. */
  boolean mayEmpty(MethodSymbol method) {
    return !method.isStatic()
        && !method.isConstructor()
        && !marks.isHolder(method.owner.type)
        && mayEmpty(method, new HashSet<>());
  }

  private boolean mayEmpty(MethodSymbol method, Set<Symbol> seen) {
    if (!seen.add(method)) {
      return false;
    }
    List<VarSymbol> holders = holders(method.owner.type);
    if (holders.isEmpty()) {
      return false;
    }
    if (!(trees.getTree(method) instanceof JCMethodDecl tree)) {
      return !marks.lendsResult(method);
    }
    return tree.body != null && takes(tree, (ClassSymbol) method.owner, holders, seen);
  }

  /** Looks at names, because the class may not be attributed yet. */
  private boolean takes(
      JCMethodDecl tree, ClassSymbol owner, List<VarSymbol> holders, Set<Symbol> seen) {
    boolean[] found = new boolean[1];
    new TreeScanner() {
      @Override
      public void visitApply(JCMethodInvocation call) {
        if (isOwn(call.meth)) {
          for (Symbol each :
              types.membersClosure(owner.type, false).getSymbolsByName(TreeInfo.name(call.meth))) {
            found[0] |= each instanceof MethodSymbol m && mayEmpty(m, seen);
          }
        } else if (call.meth instanceof JCFieldAccess select
            && !isHarmless(select, holders)
            && holders.stream().anyMatch(h -> names(select.selected, h))) {
          found[0] = true;
        }
        for (JCExpression argument : call.args) {
          found[0] |= holders.stream().anyMatch(h -> names(argument, h));
        }
        super.visitApply(call);
      }
    }.scan(tree.body);
    return found[0];
  }

  private static boolean isOwn(JCExpression method) {
    return method instanceof JCIdent
        || method instanceof JCFieldAccess select
            && select.selected instanceof JCIdent self
            && (self.name.contentEquals("this") || self.name.contentEquals("super"));
  }

  private static boolean names(JCExpression expression, VarSymbol field) {
    return switch (TreeInfo.skipParens(expression)) {
      case JCIdent ident -> ident.name == field.name;
      case JCFieldAccess select ->
          select.name == field.name
              && select.selected instanceof JCIdent self
              && self.name.contentEquals("this");
      case null, default -> false;
    };
  }

  /** A call on a holder that gives nothing away. */
  private boolean isHarmless(JCFieldAccess select, List<VarSymbol> holders) {
    for (VarSymbol holder : holders) {
      if (names(select.selected, holder)) {
        for (Symbol each : holder.type.tsym.members().getSymbolsByName(select.name)) {
          if (each instanceof MethodSymbol m && gives(m)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** True if a method of a holder hands a value out. */
  boolean gives(MethodSymbol method) {
    return marks.isOwned(method.getReturnType()) && !marks.lendsResult(method)
        || marks.isOwned(method.owner.type)
            && method.params().stream().anyMatch(p -> drains(p.type));
  }

  /** A function that takes owned values over: the receiver hands its contents to it. */
  private boolean drains(Type parameter) {
    return types.isFunctionalInterface(parameter)
        && types.findDescriptorSymbol(parameter.tsym) instanceof MethodSymbol function
        && function.params().stream().anyMatch(p -> marks.has(p, Mark.MOVE));
  }
}
