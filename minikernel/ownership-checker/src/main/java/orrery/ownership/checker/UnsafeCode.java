package orrery.ownership.checker;

import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCClassDecl;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Raw memory, foreign functions and reflection: only in marked code, and each with its reason. */
final class UnsafeCode {
  private static final Pattern SAFETY = Pattern.compile("//\\s*SAFETY:\\s*(\\S.*)");

  private final Session session;
  private final Marks marks;
  private final Code code;
  private final Reporter reporter;
  private final boolean strict;
  private final Set<JCMethodDecl> needSafety = new LinkedHashSet<>();
  private String source;

  UnsafeCode(Session session, Code code, Reporter reporter, boolean strict) {
    this.session = session;
    this.marks = session.marks();
    this.code = code;
    this.reporter = reporter;
    this.strict = strict;
  }

  /** True if the tree stands in code that is marked. */
  boolean contains(JCTree tree) {
    for (JCTree p = tree; p != null; p = code.parent(p)) {
      boolean declares =
          p instanceof JCClassDecl || p instanceof JCMethodDecl || p instanceof JCVariableDecl;
      if (declares && marks.has(Code.symbol(p), Mark.UNSAFE)) {
        return true;
      }
    }
    return false;
  }

  void check(JCClassDecl tree) {
    checkWhy(tree, tree.sym);
  }

  void check(JCMethodDecl tree) {
    if (checkWhy(tree, tree.sym) && tree.body != null) {
      needSafety.add(tree);
    }
    if (strict && (tree.sym.flags() & Flags.NATIVE) != 0 && !contains(tree)) {
      reporter.report(Rule.RAW, tree, "`" + tree.name + "` is native");
    }
  }

  private boolean checkWhy(JCTree tree, Symbol symbol) {
    if (!marks.has(symbol, Mark.UNSAFE)) {
      return false;
    }
    String why = marks.text(symbol, Mark.UNSAFE);
    if (why.isBlank()) {
      reporter.report(Rule.WHY, tree, "@Unsafe of `" + symbol.name + "` gives no reason");
    }
    session
        .unsafeReport()
        .add(
            new UnsafeReport.Place(
                reporter.unit().getSourceFile().getName(),
                reporter.line(tree),
                symbol instanceof MethodSymbol
                    ? symbol.owner.getQualifiedName() + "." + symbol.name
                    : symbol.getQualifiedName().toString(),
                why,
                safetyLines(tree)));
    return true;
  }

  void checkCall(JCTree tree, MethodSymbol method) {
    if (marks.has(method, Mark.UNSAFE_CALL)) {
      if (contains(tree)) {
        used(tree);
      } else {
        reporter.report(
            Rule.UNSAFE_CALL,
            tree,
            "`" + method.name + "` asks that " + marks.text(method, Mark.UNSAFE_CALL));
      }
    }
  }

  void checkRaw(JCTree tree, Symbol symbol) {
    if (!strict || symbol == null || !Jdk.isRaw(symbol) || isImportedName(tree)) {
      return;
    }
    if (!contains(tree)) {
      reporter.report(
          Rule.RAW,
          tree,
          "`" + Code.text(tree) + "` is of " + symbol.enclClass().getQualifiedName());
    } else if (symbol instanceof MethodSymbol) {
      used(tree);
    }
  }

  /** The qualifier of a select whose own symbol is checked already. */
  private boolean isImportedName(JCTree tree) {
    return code.parent(tree) instanceof JCFieldAccess select
        && select.selected == tree
        && Jdk.isRaw(select.sym);
  }

  private void used(JCTree tree) {
    JCMethodDecl method = code.enclosingMethod(tree);
    if (method != null) {
      needSafety.add(method);
    }
  }

  /** After the whole class: which marked code lacks its line? */
  void finish() {
    for (JCMethodDecl method : needSafety) {
      if (safetyLines(method).isEmpty()) {
        reporter.report(
            Rule.SAFETY, method, "`" + method.sym + "` is unsafe and has no SAFETY line");
      }
    }
  }

  private List<String> safetyLines(JCTree tree) {
    String text = source();
    int from = (int) reporter.position(tree);
    int to = end(tree);
    if (from < 0 || to > text.length() || to < from) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    Matcher matcher = SAFETY.matcher(text).region(from, to);
    while (matcher.find()) {
      lines.add(matcher.group(1).strip());
    }
    return lines;
  }

  /** Where the last body in the tree ends; javac knows no other ends unless it is asked to. */
  private static int end(JCTree tree) {
    return switch (tree) {
      case JCMethodDecl method when method.body != null -> TreeInfo.endPos(method.body);
      case JCClassDecl type -> type.defs.stream().mapToInt(UnsafeCode::end).max().orElse(-1);
      default -> -1;
    };
  }

  private String source() {
    if (source == null) {
      try {
        source = reporter.unit().getSourceFile().getCharContent(true).toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return source;
  }
}
