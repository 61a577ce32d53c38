package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import java.util.List;
import java.util.TreeMap;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Rule;
import orrery.ownership.checker.flow.Sink.Kind;

/** {@code this} and {@code super} of an owned class, whole and in parts. */
final class ThisObject {
  private final Marks marks;
  private final Reporter reporter;
  private final Body body;
  private final Findings findings;
  private final Uses uses;

  ThisObject(Analysis analysis, Uses uses) {
    this.marks = analysis.marks();
    this.reporter = analysis.reporter();
    this.body = analysis.body();
    this.findings = analysis.findings();
    this.uses = uses;
  }

  /** {@code this} is named, or a method of it is called. */
  void read(Tree tree, Sink sink, PathState state) {
    if (body.isLambda() && !body.atOnce() && !sink.is(Kind.MOVE)) {
      if (body.kind() != Body.Kind.FREE) {
        findings.add(Rule.CAPTURE, tree, "`this` is captured by a lambda that may be kept");
      }
      return;
    }
    use(tree, sink, state);
  }

  private void use(Tree tree, Sink sink, PathState state) {
    if (body.kind() == Body.Kind.FREE) {
      return;
    }
    checkWhole(tree, state);
    if (body.isUnsafe()) {
      return;
    }
    switch (sink.kind()) {
      case MOVE, RETURN, STORE -> {
        if (mayConsume()) {
          move(tree, sink, state);
        } else {
          findings.add(
              Rule.ESCAPE, tree, "`this` is only borrowed here and cannot be " + sink.how());
        }
      }
      case ERASED -> uses.erased((JCTree) tree, "`this`", sink);
      case ARRAY -> findings.add(Rule.ARRAY, tree, "`this` is stored in an array");
      default -> {}
    }
  }

  private boolean mayConsume() {
    return body.kind() == Body.Kind.CONSUMES_THIS && !body.isLambda();
  }

  private void checkWhole(Tree tree, PathState state) {
    if (!state.thisGone.isEmpty()) {
      findings.add(
          Rule.PARTLY_MOVED,
          tree,
          "this",
          state.thisGone,
          (certain, lines) -> "`this` is used although it is gone: " + Findings.history(lines));
      return;
    }
    for (VarSymbol part : body.parts()) {
      ValueState value = state.values.get(part);
      if (body.tracks(part) && value != null && value.may(ValueState.MOVED)) {
        findings.add(
            Rule.PARTLY_MOVED,
            tree,
            part.name.toString(),
            value.gone(),
            (certain, lines) ->
                "`this` is used although `" + part.name + "` is gone: " + Findings.history(lines));
        return;
      }
    }
  }

  private void move(Tree tree, Sink sink, PathState state) {
    int line = reporter.line(tree);
    state.thisGone.put(line, sink.how());
    moveParts(body.parts(), line, sink.how() + " with `this`", state);
  }

  private void moveParts(List<VarSymbol> parts, int line, String how, PathState state) {
    for (VarSymbol part : parts) {
      ValueState value = state.values.get(part);
      if (value != null && body.tracks(part)) {
        state.values.put(part, value.moved(line, how, null));
      }
    }
  }

  // ---- super

  /** A call of the superclass's method of that name; if it consumes, it ends what is inherited. */
  void callSuper(Tree tree, MethodSymbol method, PathState state) {
    if (!marks.consumesReceiver(method)) {
      use(tree, new Sink(Kind.BORROW, tree, method), state);
      return;
    }
    checkInherited(tree, state);
    String how = "consumed by `super." + method.name + "`";
    if (mayConsume()) {
      int line = reporter.line(tree);
      state.superGone.put(line, how);
      moveParts(inherited(), line, how, state);
    } else if (body.kind() != Body.Kind.FREE && !body.isUnsafe()) {
      findings.add(Rule.ESCAPE, tree, "`this` is only borrowed here and cannot be " + how);
    }
  }

  private void checkInherited(Tree tree, PathState state) {
    TreeMap<Integer, String> gone = new TreeMap<>(state.thisGone);
    gone.putAll(state.superGone);
    for (VarSymbol part : inherited()) {
      ValueState value = state.values.get(part);
      if (value != null && value.may(ValueState.MOVED)) {
        gone.putAll(value.gone());
      }
    }
    if (!gone.isEmpty()) {
      findings.add(
          Rule.PARTLY_MOVED,
          tree,
          "super",
          gone,
          (certain, lines) ->
              "`super` is used although a part of it is gone: " + Findings.history(lines));
    }
  }

  private List<VarSymbol> inherited() {
    return body.parts().stream().filter(p -> p.owner != body.owner()).toList();
  }
}
