package orrery.ownership.checker;

import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCClassDecl;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import java.util.List;

/** What an owned class may be, and where owned fields may stand. */
final class DeclarationRules {
  private static final List<String> COPYING =
      List.of("java.lang.Cloneable", "java.io.Serializable", "java.lang.Throwable");

  private final Session session;
  private final Marks marks;
  private final Reporter reporter;
  private final UnsafeCode unsafe;

  DeclarationRules(Session session, Reporter reporter, UnsafeCode unsafe) {
    this.session = session;
    this.marks = session.marks();
    this.reporter = reporter;
    this.unsafe = unsafe;
  }

  void check(JCClassDecl tree) {
    ClassSymbol type = tree.sym;
    checkSubtype(tree, type);
    boolean owned = marks.isOwned(type.type);
    if (owned) {
      checkCopies(tree, type);
      checkClose(tree, type);
    }
    checkOuter(tree, type);
    for (JCTree member : tree.defs) {
      if (member instanceof JCVariableDecl field && marks.isOwned(field.sym.type)) {
        checkField(field, owned);
      }
    }
  }

  private void checkSubtype(JCClassDecl tree, ClassSymbol type) {
    for (Mark mark : List.of(Mark.OWNED, Mark.SENDABLE, Mark.SHARED)) {
      if (marks.has(type, mark) || mark != Mark.OWNED && type.name.isEmpty()) {
        continue;
      }
      for (Type parent : session.types().directSupertypes(type.type)) {
        if (marks.has(parent.tsym, mark)) {
          reporter.report(
              Rule.SUBTYPE,
              tree,
              "`"
                  + (type.name.isEmpty() ? "this class" : type.name)
                  + "` extends `"
                  + parent.tsym.name
                  + "`, which is "
                  + annotation(mark)
                  + ", and is not marked so");
        }
      }
    }
  }

  private static String annotation(Mark mark) {
    return "@" + mark.qualifiedName().substring(Mark.PACKAGE.length());
  }

  private void checkCopies(JCClassDecl tree, ClassSymbol type) {
    for (Type each : session.types().closure(type.type)) {
      String name = each.tsym.getQualifiedName().toString();
      if (COPYING.contains(name) && !type.isRecord()) {
        reporter.report(
            Rule.COPYABLE, tree, "owned type `" + type.name + "` is a " + each.tsym.name);
        return;
      }
    }
  }

  private void checkClose(JCClassDecl tree, ClassSymbol type) {
    for (JCTree member : tree.defs) {
      if (member instanceof JCMethodDecl method
          && method.name.contentEquals("close")
          && method.params.isEmpty()
          && !marks.has(method.sym, Mark.MOVE)
          && isAutoCloseable(type)) {
        reporter.report(
            Rule.CLOSE, method, "`close` of owned type `" + type.name + "` is not @Move");
      }
    }
  }

  private boolean isAutoCloseable(ClassSymbol type) {
    return session.types().closure(type.type).stream()
        .anyMatch(t -> t.tsym.getQualifiedName().contentEquals("java.lang.AutoCloseable"));
  }

  /** An inner class keeps its outer object. */
  private void checkOuter(JCClassDecl tree, ClassSymbol type) {
    if (!type.hasOuterInstance() && !isLocalOfInstance(type)) {
      return;
    }
    ClassSymbol outer = type.owner.enclClass();
    if (outer != null && marks.isOwned(outer.type) && !unsafe.contains(tree)) {
      reporter.report(
          Rule.CAPTURE, tree, "an inner class keeps `this` of the owned type `" + outer.name + "`");
    }
  }

  private static boolean isLocalOfInstance(ClassSymbol type) {
    return type.owner instanceof MethodSymbol method
        && !method.isStatic()
        && (type.flags() & Flags.STATIC) == 0
        && !type.isRecord()
        && !type.isEnum()
        && !type.isInterface();
  }

  private void checkField(JCVariableDecl field, boolean ownerIsOwned) {
    if (unsafe.contains(field)) {
      return;
    }
    if (marks.has(field.sym.type.tsym, Mark.ATOMIC) && !marks.has(field.sym.owner, Mark.ATOMIC)) {
      reporter.report(
          Rule.ATOMIC_KEPT,
          field,
          "field `"
              + field.name
              + "` keeps a `"
              + field.sym.type.tsym.name
              + "`, but `"
              + field.sym.owner.name
              + "` is not @Atomic");
    }
    if (field.sym.isStatic()) {
      reporter.report(Rule.STATIC, field, "static field `" + field.name + "` has an owned type");
    } else if (!ownerIsOwned && !marks.isHolder(field.sym.type)) {
      reporter.report(
          Rule.HOLDER,
          field,
          "field `"
              + field.name
              + "` is owned, but `"
              + field.sym.owner.name
              + "` is not an owned class");
    }
  }
}
