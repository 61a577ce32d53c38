package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Rule;
import orrery.ownership.checker.flow.Sink.Kind;

/** One use of a name that is followed: whether its value is still there, and where it goes. */
final class Uses {
  private final Reporter reporter;
  private final Body body;
  private final Findings findings;
  private final Nullness nullness;
  private final Pending pending;
  private final Borrows borrows;

  Uses(Analysis analysis, Nullness nullness, Pending pending, Borrows borrows) {
    this.reporter = analysis.reporter();
    this.body = analysis.body();
    this.findings = analysis.findings();
    this.nullness = nullness;
    this.pending = pending;
    this.borrows = borrows;
  }

  /** The name is read; what takes the value ends the name. */
  void use(JCTree tree, VarSymbol variable, ValueState found, Sink sink, PathState state) {
    ValueState value = pending.reclaim(tree, variable, found, state);
    state.operands.put(tree, value);
    check(tree, variable, value, sink);
    boolean hidden = body.isUnsafe() && (sink.is(Kind.ARRAY) || sink.is(Kind.ERASED));
    if (!sink.takes() && !hidden || value.may(ValueState.LENT) && !value.may(ValueState.OWNED)) {
      if (sink.is(Kind.RESOURCE)) {
        state.values.put(variable, value.asResource());
      }
      return;
    }
    if (value.bits() == ValueState.EMPTY || value.resource()) {
      return;
    }
    int line = reporter.line(tree);
    Tree waitsFor = sink.is(Kind.MOVE) || sink.is(Kind.RETURN) ? sink.place() : null;
    state.values.put(variable, value.moved(line, sink.how(), waitsFor));
    borrows.end(variable, line, "moved", state);
  }

  /** A function that is made names it: it must not be gone already. */
  void capture(JCTree tree, VarSymbol variable, PathState state) {
    ValueState found = state.values.get(variable);
    if (found == null) {
      return;
    }
    ValueState value = pending.reclaim(tree, variable, found, state);
    if (value.may(ValueState.MOVED) || value.may(ValueState.DANGLING)) {
      check(tree, variable, value, new Sink(Kind.BORROW, tree, null));
    }
  }

  /** Whether a name with that value may be used so. */
  private void check(JCTree tree, VarSymbol variable, ValueState value, Sink sink) {
    if (!findings.areTaken()) {
      return;
    }
    findings.visit(tree);
    if (value.may(ValueState.MOVED)) {
      findings.moved(tree, variable, value.gone());
    } else if (value.may(ValueState.DANGLING)) {
      dangling(tree, variable, value);
    } else if (!nullness.check(tree, variable, value, sink)) {
      checkSink(tree, Findings.name(variable), value, sink);
    }
  }

  private void dangling(JCTree tree, VarSymbol variable, ValueState value) {
    findings.add(
        Rule.DANGLING,
        tree,
        variable.name.toString(),
        value.gone(),
        (certain, lines) ->
            "the borrow "
                + Findings.name(variable)
                + " is used after its end: "
                + Findings.history(lines));
  }

  private void checkSink(JCTree tree, String name, ValueState value, Sink sink) {
    switch (sink.kind()) {
      case ERASED -> erased(tree, name, sink);
      case ARRAY -> {
        if (!body.isUnsafe()) {
          findings.add(Rule.ARRAY, tree, name + " is stored in an array");
        }
      }
      case MOVE, RETURN, STORE -> {
        if (value.resource()) {
          findings.add(
              Rule.RESOURCE_MOVED,
              tree,
              name + " is closed by its try and cannot be " + sink.how());
        } else if (value.may(ValueState.LENT) && !body.isUnsafe()) {
          findings.add(
              Rule.ESCAPE,
              tree,
              name + " is only borrowed here and cannot be " + sink.how() + borrowedFrom(value));
        }
      }
      default -> {}
    }
  }

  private String borrowedFrom(ValueState value) {
    return value.birth() instanceof JCVariableDecl parameter
            && (parameter.sym.flags() & Flags.PARAMETER) != 0
        ? ": it is a parameter without @Move, line " + reporter.line(parameter)
        : "";
  }

  /** An owned value goes where the type does not say that it is owned. */
  void erased(JCTree tree, String name, Sink sink) {
    if (body.isUnsafe()) {
      return;
    }
    String where =
        switch (sink.target()) {
          case null -> "a type that does not own";
          case MethodSymbol m -> "the result of `" + m.name + "`";
          case VarSymbol v when v.owner instanceof MethodSymbol m && !m.params().contains(v) ->
              "`" + v.name + "`, a `" + v.type.tsym.name + "`";
          case VarSymbol v ->
              "`" + v.name + "` of `" + v.owner.name + "`, a `" + v.type.tsym.name + "`";
          default -> "`" + sink.target().name + "`";
        };
    findings.add(Rule.ERASED, tree, "ownership of " + name + " is lost: it flows into " + where);
  }
}
