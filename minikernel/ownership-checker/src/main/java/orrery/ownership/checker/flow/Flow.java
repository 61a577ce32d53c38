package orrery.ownership.checker.flow;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.type.TypeMirror;
import org.checkerframework.nullaway.dataflow.cfg.ControlFlowGraph;
import org.checkerframework.nullaway.dataflow.cfg.UnderlyingAST;
import org.checkerframework.nullaway.dataflow.cfg.block.Block;
import org.checkerframework.nullaway.dataflow.cfg.block.ConditionalBlock;
import org.checkerframework.nullaway.dataflow.cfg.block.ExceptionBlock;
import org.checkerframework.nullaway.dataflow.cfg.block.SingleSuccessorBlock;
import org.checkerframework.nullaway.dataflow.cfg.builder.CFGBuilder;
import org.checkerframework.nullaway.dataflow.cfg.node.MarkerNode;
import org.checkerframework.nullaway.dataflow.cfg.node.MethodInvocationNode;
import org.checkerframework.nullaway.dataflow.cfg.node.Node;
import org.checkerframework.nullaway.dataflow.cfg.node.ObjectCreationNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ThrowNode;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Mark;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Rule;
import orrery.ownership.checker.Session;

/**
 * The analysis of one body: follows the control-flow graph to a fixed point, then reports. At each
 * point it keeps one state per way there, up to {@value #MAX_PATHS}; beyond that they are joined.
 */
public final class Flow {
  private static final int MAX_PATHS = 24;
  private static final int MAX_STEPS = 40_000;

  private final Session session;
  private final Code code;
  private final Reporter reporter;
  private final Body body;
  private final Findings findings = new Findings();
  private final Conditions conditions;
  private final Transfer transfer;
  private final FinallyCopies copies;
  private final Map<Block, Set<PathState>> states = new LinkedHashMap<>();
  private final Set<Block> joined = new HashSet<>();

  /** Prepares the analysis of a body. */
  public Flow(Session session, Code code, Sinks sinks, Reporter reporter, Body body) {
    this.session = session;
    this.code = code;
    this.reporter = reporter;
    this.body = body;
    Patterns patterns = new Patterns(code, session, reporter, findings);
    this.conditions = new Conditions(patterns);
    this.copies = new FinallyCopies(code);
    this.transfer =
        new Transfer(new Analysis(session, code, sinks, reporter, body, findings, patterns));
  }

  /** Runs it and reports; returns what holds where lambdas are made. */
  public LambdaContexts run() {
    ControlFlowGraph graph = build();
    states.put(graph.getEntryBlock(), new LinkedHashSet<>(Set.of(entry())));
    var work = new LinkedHashSet<Block>(List.of(graph.getEntryBlock()));
    int steps = 0;
    while (!work.isEmpty()) {
      if (++steps > MAX_STEPS) {
        reporter.report(Rule.TOO_COMPLEX, body.tree(), "this code is too complex to check");
        return transfer.lambdas();
      }
      Block block = work.removeFirst();
      flow(
          block,
          (to, state, from) -> {
            if (add(to, state)) {
              work.add(to);
            }
          });
    }
    findings.take();
    Exits exits = new Exits(graph, body, findings, reporter, copies);
    for (Block block : new ArrayList<>(states.keySet())) {
      flow(block, exits::leave);
    }
    findings.report(reporter);
    return transfer.lambdas();
  }

  private ControlFlowGraph build() {
    ClassTree owner = code.enclosingClass(body.tree());
    UnderlyingAST ast;
    Tree start;
    if (body.tree() instanceof LambdaExpressionTree lambda) {
      ast = new UnderlyingAST.CFGLambda(lambda, owner, code.enclosingMethod(lambda));
      start = lambda.getBody();
    } else if (body.tree() instanceof MethodTree method) {
      ast = new UnderlyingAST.CFGMethod(method, owner);
      start = method.getBody();
    } else {
      ast = new UnderlyingAST.CFGStatement((StatementTree) body.tree(), owner);
      start = body.tree();
    }
    TreePath path = code.path(start);
    // assertions may be on or off
    return CFGBuilder.build(path, ast, false, false, session.environment());
  }

  private PathState entry() {
    PathState state = new PathState();
    for (int i = 0; i < body.parameters().size(); i++) {
      var parameter = body.parameters().get(i);
      if (session.marks().isOwned(parameter.sym.type)) {
        VarSymbol declared = body.isLambda() ? declaredParameter(i) : parameter.sym;
        boolean moved =
            declared != null
                && body.method() != null
                && session.marks().isMoved(body.method(), declared);
        int bits = moved ? ValueState.OWNED : ValueState.LENT;
        if (session.marks().has(declared, Mark.NULLABLE)) {
          bits |= ValueState.EMPTY;
        }
        ValueState value = ValueState.of(bits, parameter);
        state.values.put(
            parameter.sym,
            body.atOnce() && !moved
                ? value.ownedBy(transfer.lendersOf((JCTree) body.tree()))
                : value);
      }
    }
    for (VarSymbol part : body.parts()) {
      if (body.tracks(part)) {
        boolean filled = body.kind() == Body.Kind.CONSUMES_THIS || isFilledAtDeclaration(part);
        state.values.put(
            part, ValueState.of(filled ? ValueState.OWNED : ValueState.EMPTY, body.tree()));
      }
    }
    state.monitors.addAll(body.locks());
    return state;
  }

  private boolean isFilledAtDeclaration(VarSymbol field) {
    for (JCTree member : code.enclosingClass(body.tree()).defs) {
      if (member instanceof JCVariableDecl variable && variable.sym == field) {
        return variable.init != null;
      }
    }
    return false;
  }

  private VarSymbol declaredParameter(int index) {
    MethodSymbol function = body.method();
    return function == null || index >= function.params().size()
        ? null
        : function.params().get(index);
  }

  private boolean add(Block block, PathState state) {
    Set<PathState> known = states.computeIfAbsent(block, b -> new LinkedHashSet<>());
    if (joined.contains(block) || known.size() >= MAX_PATHS) {
      PathState all = state;
      for (PathState each : known) {
        all = each.join(all);
      }
      boolean changed = !joined.contains(block) || !known.contains(all);
      joined.add(block);
      known.clear();
      known.add(all);
      return changed;
    }
    return known.add(state);
  }

  /** Takes what goes over an edge. */
  private interface Edge {
    void take(Block to, PathState state, Node last);
  }

  private void flow(Block block, Edge edge) {
    for (PathState in : List.copyOf(states.get(block))) {
      PathState state = in.copy();
      switch (block) {
        case ExceptionBlock x -> {
          Node node = x.getNode();
          FinallyCopies.Step step = copies.step(node, state);
          if (step == FinallyCopies.Step.CARRY_OUT) {
            exceptions(x, state, edge);
            transfer.apply(node, state);
          }
          if (step != FinallyCopies.Step.END && x.getSuccessor() != null) {
            next(x.getSuccessor(), state, node, edge);
          }
        }
        case ConditionalBlock c -> {
          // reached from a block without nodes: nothing is known about the test
          next(c.getThenSuccessor(), state.copy(), null, edge);
          next(c.getElseSuccessor(), state, null, edge);
        }
        case SingleSuccessorBlock s -> {
          List<Node> nodes = s.getNodes();
          boolean possible = nodes.stream().allMatch(n -> step(n, state));
          if (possible && s.getSuccessor() != null) {
            next(s.getSuccessor(), state, nodes.isEmpty() ? null : nodes.getLast(), edge);
          }
        }
        default -> {}
      }
    }
  }

  /** Carries a node out; false if the path is none. */
  private boolean step(Node node, PathState state) {
    FinallyCopies.Step step = copies.step(node, state);
    if (step == FinallyCopies.Step.CARRY_OUT) {
      transfer.apply(node, state);
    }
    return step != FinallyCopies.Step.END;
  }

  private void next(Block to, PathState state, Node last, Edge edge) {
    if (!(to instanceof ConditionalBlock test) || last == null) {
      edge.take(to, state, last);
      return;
    }
    PathState then = state.copy();
    if (state.rerun != null) {
      edge.take(test.getThenSuccessor(), then, last);
      edge.take(test.getElseSuccessor(), state, last);
      return;
    }
    if (conditions.assume(last, true, then)) {
      edge.take(test.getThenSuccessor(), then, last);
    }
    if (conditions.assume(last, false, state)) {
      edge.take(test.getElseSuccessor(), state, last);
    }
  }

  private void exceptions(ExceptionBlock block, PathState before, Edge edge) {
    for (Map.Entry<TypeMirror, Set<Block>> each : block.getExceptionalSuccessors().entrySet()) {
      for (Block to : each.getValue()) {
        PathState state = before.copy();
        transfer.giveBackPending(block.getNode(), state);
        state.endOfStatement();
        if (!isDeclared(block.getNode(), (Type) each.getKey())) {
          state.panic = true;
        }
        edge.take(to, state, block.getNode());
      }
    }
  }

  /** An exception that the code says it throws, or may pass on from what it calls. */
  private boolean isDeclared(Node node, Type exception) {
    return switch (node) {
      // errors, and what the run-time guard has found, are panics
      case ThrowNode t ->
          !isSubtype(exception, "java.lang.Error")
              && !isSubtype(exception, "orrery.ownership.OwnershipException");
      case MethodInvocationNode call ->
          throwsIt((MethodSymbol) call.getTarget().getMethod(), exception);
      case ObjectCreationNode creation -> throwsIt(Code.method(creation.getTree()), exception);
      case MarkerNode endOfFinally -> true; // whether it is a panic stands in the state
      default -> false;
    };
  }

  private boolean throwsIt(MethodSymbol method, Type exception) {
    return method != null
            && method.getThrownTypes().stream()
                .anyMatch(
                    t ->
                        session
                            .types()
                            .isSubtype(
                                session.types().erasure(exception), session.types().erasure(t)))
        || isChecked(exception);
  }

  private boolean isChecked(Type exception) {
    return !isSubtype(exception, "java.lang.RuntimeException")
        && !isSubtype(exception, "java.lang.Error")
        && !exception.tsym.getQualifiedName().contentEquals("java.lang.Throwable");
  }

  private boolean isSubtype(Type type, String name) {
    for (Type t = type; t != null && t != Type.noType; t = session.types().supertype(t)) {
      if (t.tsym.getQualifiedName().contentEquals(name)) {
        return true;
      }
    }
    return false;
  }
}
