package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import java.util.Map;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Mark;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Rule;
import orrery.ownership.checker.flow.Sink.Kind;

/** What may be null is neither dereferenced nor put where nothing says that it may be. */
final class Nullness {
  private final Marks marks;
  private final Code code;
  private final Sinks sinks;
  private final Body body;
  private final Findings findings;

  Nullness(Analysis analysis) {
    this.marks = analysis.marks();
    this.code = analysis.code();
    this.sinks = analysis.sinks();
    this.body = analysis.body();
    this.findings = analysis.findings();
  }

  /** {@code null} itself. */
  void literal(Tree tree) {
    if (!findings.areTaken() || body.isUnsafe() || !code.contains(tree)) {
      return;
    }
    Sink sink = sinks.of(tree);
    if (refusesNull(sink)) {
      findings.add(Rule.NULL, tree, "this is null, and " + receiver(sink) + " may not be");
    }
  }

  /** A variable with that value; true if the use ends there. */
  boolean check(JCTree tree, VarSymbol variable, ValueState value, Sink sink) {
    if (!value.may(ValueState.EMPTY)) {
      return false;
    }
    String name = Findings.name(variable);
    if (isDereferenced(tree)) {
      findings.add(
          Rule.NULL,
          tree,
          variable.name.toString(),
          Map.of(),
          (certain, lines) ->
              name
                  + (value.bits() == ValueState.EMPTY && certain
                      ? " is null here"
                      : " may be null here"));
      return true;
    }
    if (!body.isUnsafe() && refusesNull(sink)) {
      mayNotBe(tree, name, sink);
    }
    return false;
  }

  /** The result of a call. */
  void checkResult(JCTree tree, String text, Sink sink) {
    if (!marks.has(Code.method(tree), Mark.NULLABLE) || body.isUnsafe()) {
      return;
    }
    if (isDereferenced(tree)) {
      findings.add(Rule.NULL, tree, text + " may be null here");
    } else if (refusesNull(sink)) {
      mayNotBe(tree, text, sink);
    }
  }

  private void mayNotBe(JCTree tree, String text, Sink sink) {
    findings.add(Rule.NULL, tree, text + " may be null here, and " + receiver(sink) + " may not");
  }

  private boolean isDereferenced(JCTree tree) {
    return code.parentBesidesParens(tree) instanceof JCFieldAccess;
  }

  /** A parameter, result or field of an owned type that is not marked @Nullable. */
  private boolean refusesNull(Sink sink) {
    return switch (sink.target()) {
      case VarSymbol parameter when parameter.owner instanceof MethodSymbol ->
          (sink.is(Kind.MOVE) || sink.is(Kind.BORROW)) && !marks.has(parameter, Mark.NULLABLE);
      case VarSymbol field -> sink.is(Kind.STORE) && body.tracks(field);
      case MethodSymbol method ->
          (sink.is(Kind.RETURN) || sink.is(Kind.BORROW)) && !marks.has(method, Mark.NULLABLE);
      case null, default -> false;
    };
  }

  private static String receiver(Sink sink) {
    return switch (sink.target()) {
      case VarSymbol parameter when parameter.owner instanceof MethodSymbol m ->
          "`" + parameter.name + "` of `" + Reporter.name(m) + "`";
      case MethodSymbol method -> "the result of `" + method.name + "`";
      default -> "field `" + sink.target().name + "`";
    };
  }
}
