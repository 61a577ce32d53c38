package orrery.ownership.checker;

import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import java.util.List;

/** An override keeps what callers of the overridden method count on. */
final class OverrideRules {
  private final Session session;
  private final Marks marks;
  private final Reporter reporter;

  OverrideRules(Session session, Reporter reporter) {
    this.session = session;
    this.marks = session.marks();
    this.reporter = reporter;
  }

  void check(JCMethodDecl tree) {
    MethodSymbol method = tree.sym;
    if (method.isConstructor() || method.isStatic()) {
      return;
    }
    ClassSymbol owner = (ClassSymbol) method.owner;
    for (Type parent : session.types().closure(owner.type)) {
      if (parent.tsym == owner) {
        continue;
      }
      for (Symbol each : parent.tsym.members().getSymbolsByName(method.name)) {
        if (each instanceof MethodSymbol overridden
            && method.overrides(overridden, owner, session.types(), false)) {
          compare(tree, method, overridden);
        }
      }
    }
  }

  private void compare(JCMethodDecl tree, MethodSymbol method, MethodSymbol overridden) {
    boolean ofOwned = marks.isOwned(overridden.owner.type);
    if (ofOwned || marks.has(overridden, Mark.MOVE)) {
      same(tree, method, overridden, Mark.MOVE);
    }
    same(tree, method, overridden, Mark.BORROW);
    notAdded(tree, method, overridden, Mark.UNTRUSTED);
    notAdded(tree, method, overridden, Mark.NULLABLE);
    notAdded(tree, method, overridden, Mark.UNSAFE_CALL);
    if (!Jdk.sleeps(overridden)) {
      notAdded(tree, method, overridden, Mark.MAY_SLEEP);
    }
    if (!marks.text(method, Mark.SHARED).equals(marks.text(overridden, Mark.SHARED))
        && marks.has(method, Mark.SHARED)) {
      differs(tree, "`" + method.name + "` adds @Shared to", overridden);
    }
    for (int i = 0; i < method.params().size(); i++) {
      compare(tree, method.params().get(i), overridden.params().get(i), overridden);
    }
  }

  private void compare(
      JCMethodDecl tree, VarSymbol parameter, VarSymbol before, MethodSymbol overridden) {
    if (marks.has(parameter, Mark.MOVE) != marks.has(before, Mark.MOVE)) {
      differs(
          tree, verb(parameter, Mark.MOVE) + " parameter `" + parameter.name + "` of", overridden);
    }
    if (marks.has(before, Mark.NOW) && !marks.has(parameter, Mark.NOW)) {
      differs(tree, "the override drops @Now at parameter `" + parameter.name + "` of", overridden);
    }
    for (Mark mark : List.of(Mark.UNTRUSTED, Mark.NULLABLE)) {
      if (marks.has(before, mark) && !marks.has(parameter, mark)) {
        differs(
            tree,
            "the override drops @" + name(mark) + " at parameter `" + parameter.name + "` of",
            overridden);
      }
    }
    if (marks.has(parameter, Mark.SENDABLE) && !marks.has(before, Mark.SENDABLE)) {
      differs(
          tree, "the override adds @Sendable at parameter `" + parameter.name + "` of", overridden);
    }
  }

  private String verb(VarSymbol parameter, Mark mark) {
    return marks.has(parameter, mark)
        ? "the override adds @" + name(mark) + " at"
        : "the override drops @" + name(mark) + " at";
  }

  private void same(JCMethodDecl tree, MethodSymbol method, MethodSymbol overridden, Mark mark) {
    if (marks.has(method, mark) != marks.has(overridden, mark)) {
      String verb = marks.has(method, mark) ? "adds" : "drops";
      differs(tree, "`" + method.name + "` " + verb + " @" + name(mark) + " of", overridden);
    }
  }

  private void notAdded(
      JCMethodDecl tree, MethodSymbol method, MethodSymbol overridden, Mark mark) {
    if (marks.has(method, mark) && !marks.has(overridden, mark)) {
      differs(tree, "`" + method.name + "` adds @" + name(mark) + " to", overridden);
    }
  }

  private static String name(Mark mark) {
    return mark.qualifiedName().substring(Mark.PACKAGE.length());
  }

  private void differs(JCMethodDecl tree, String what, MethodSymbol overridden) {
    reporter.report(
        Rule.OVERRIDE, tree, what + " `" + overridden.owner.name + "." + overridden.name + "`");
  }
}
