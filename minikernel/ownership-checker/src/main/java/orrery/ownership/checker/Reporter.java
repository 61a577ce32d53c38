package orrery.ownership.checker;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.Trees;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import java.util.HashSet;
import java.util.Set;
import javax.tools.Diagnostic;

/** Turns findings into compiler errors: code, what happened to which value, one line of help. */
public final class Reporter {
  private final Trees trees;
  private final CompilationUnitTree unit;
  private final ErrorCount errors;
  private final Set<String> reported = new HashSet<>();

  Reporter(Trees trees, CompilationUnitTree unit, ErrorCount errors) {
    this.errors = errors;
    this.trees = trees;
    this.unit = unit;
  }

  /**
   * Reports once per place, rule and text.
   *
   * @param detail what happened, naming the value in backquotes
   */
  public void report(Rule rule, Tree place, String detail) {
    if (reported.add(rule + " " + position(place) + " " + detail)) {
      String text = "[" + rule.code() + "] " + detail + "\n    help: " + rule.help();
      errors.count(() -> trees.printMessage(Diagnostic.Kind.ERROR, text, place, unit));
    }
  }

  /** A method's name for messages. */
  public static String name(MethodSymbol method) {
    return method.isConstructor() ? "new " + method.owner.name : method.name.toString();
  }

  /** True if the rule was reported at the place. */
  boolean has(Rule rule, Tree place) {
    String prefix = rule + " " + position(place) + " ";
    return reported.stream().anyMatch(r -> r.startsWith(prefix));
  }

  /** The line a tree begins on, from 1. */
  public int line(Tree tree) {
    long position = position(tree);
    return position < 0 ? 0 : (int) unit.getLineMap().getLineNumber(position);
  }

  /** The offset at which a tree begins. */
  public long position(Tree tree) {
    return trees.getSourcePositions().getStartPosition(unit, tree);
  }

  CompilationUnitTree unit() {
    return unit;
  }
}
