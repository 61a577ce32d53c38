package orrery.ownership.checker.flow;

import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.TreeInfo;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.checkerframework.nullaway.dataflow.cfg.ControlFlowGraph;
import org.checkerframework.nullaway.dataflow.cfg.block.Block;
import org.checkerframework.nullaway.dataflow.cfg.node.Node;
import org.checkerframework.nullaway.dataflow.cfg.node.ReturnNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ThrowNode;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Rule;

/** The ends of a body: nothing that is owned may be left there. */
final class Exits {
  private final ControlFlowGraph graph;
  private final Body body;
  private final Findings findings;
  private final Reporter reporter;
  private final FinallyCopies copies;

  Exits(
      ControlFlowGraph graph,
      Body body,
      Findings findings,
      Reporter reporter,
      FinallyCopies copies) {
    this.graph = graph;
    this.body = body;
    this.findings = findings;
    this.reporter = reporter;
    this.copies = copies;
  }

  /** A way goes on to {@code to}, which may be an end; {@code last} is what came before. */
  void leave(Block to, PathState state, Node last) {
    boolean regular = to == graph.getRegularExitBlock();
    if (!regular && (to != graph.getExceptionalExitBlock() || state.panic)
        || !copies.leave(state)) {
      return;
    }
    int line = last == null || last.getTree() == null ? 0 : reporter.line(last.getTree());
    String how;
    if (regular) {
      how = last instanceof ReturnNode ? "at the return" : "at the end";
    } else {
      how = last instanceof ThrowNode ? "when the exception is thrown" : "when this call throws";
    }
    state.values.forEach(
        (variable, value) -> {
          PathState.Reclaimed early = regular ? state.reclaimed.get(variable) : null;
          if (early != null) {
            findings.moved(early.use(), variable, early.gone());
          } else {
            leave(variable, value, regular, line, how);
          }
        });
  }

  private void leave(VarSymbol variable, ValueState value, boolean regular, int line, String how) {
    if (regular && isLeftToTheObject(variable)) {
      mustHold(variable, value);
      return;
    }
    if (!value.may(ValueState.OWNED) || value.resource()) {
      return;
    }
    if (body.tracks(variable)) {
      if (body.kind() == Body.Kind.CONSUMES_THIS) {
        findings.add(
            Rule.FIELD_LEFT,
            body.tree(),
            variable.name.toString(),
            Map.of(line, how),
            (certain, lines) ->
                "`"
                    + variable.name
                    + "` is still owned by `this` when "
                    + (body.method() == null ? "it" : "`" + body.method().name + "`")
                    + " has consumed it ("
                    + Findings.lines(lines)
                    + ")");
      } else if (!regular) {
        findings.add(
            Rule.LEAK,
            value.birth() == null ? body.tree() : value.birth(),
            variable.name.toString(),
            Map.of(line, how),
            (certain, lines) ->
                "field `"
                    + variable.name
                    + "` leaks if the constructor fails at "
                    + Findings.lines(lines));
      }
      return;
    }
    findings.add(
        Rule.LEAK,
        value.birth() == null ? body.tree() : value.birth(),
        variable.name.toString(),
        Map.of(line, how),
        (certain, lines) ->
            "owned value " + Findings.name(variable) + " leaks: it is still owned " + exits(lines));
  }

  /** A field when its constructor ends, or what a compact constructor stores in one. */
  private boolean isLeftToTheObject(VarSymbol variable) {
    return body.kind() == Body.Kind.CONSTRUCTS_THIS
        && (body.tracks(variable)
            || body.tree() instanceof JCMethodDecl method
                && TreeInfo.isCompactConstructor(method)
                && body.parameters().stream().anyMatch(p -> p.sym == variable));
  }

  private void mustHold(VarSymbol variable, ValueState value) {
    if (value.may(ValueState.MOVED) && !body.isUnsafe()) {
      findings.add(
          Rule.FIELD_MOVE,
          value.birth() == null ? body.tree() : value.birth(),
          variable.name.toString(),
          value.gone(),
          (certain, lines) ->
              "`"
                  + variable.name
                  + "` is without its value when the object is made: "
                  + Findings.history(lines));
    }
  }

  private static String exits(TreeMap<Integer, String> lines) {
    var texts = new ArrayList<String>();
    lines.forEach((line, how) -> texts.add(how + (line == 0 ? "" : " in line " + line)));
    return String.join(", ", texts);
  }
}
