package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Kinds;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCCase;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCTry;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.checkerframework.nullaway.dataflow.cfg.node.AssignmentNode;
import org.checkerframework.nullaway.dataflow.cfg.node.CatchMarkerNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ExpressionStatementNode;
import org.checkerframework.nullaway.dataflow.cfg.node.FieldAccessNode;
import org.checkerframework.nullaway.dataflow.cfg.node.FunctionalInterfaceNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ImplicitThisNode;
import org.checkerframework.nullaway.dataflow.cfg.node.LocalVariableNode;
import org.checkerframework.nullaway.dataflow.cfg.node.MethodInvocationNode;
import org.checkerframework.nullaway.dataflow.cfg.node.Node;
import org.checkerframework.nullaway.dataflow.cfg.node.NullLiteralNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ObjectCreationNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ReturnNode;
import org.checkerframework.nullaway.dataflow.cfg.node.SuperNode;
import org.checkerframework.nullaway.dataflow.cfg.node.SynchronizedNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ThisNode;
import org.checkerframework.nullaway.dataflow.cfg.node.VariableDeclarationNode;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Crossing;
import orrery.ownership.checker.Jdk;
import orrery.ownership.checker.Mark;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Rule;
import orrery.ownership.checker.Session;
import orrery.ownership.checker.flow.Sink.Kind;

/** What each step of a body does to the values that are followed. */
final class Transfer {
  private final Marks marks;
  private final Code code;
  private final Sinks sinks;
  private final Reporter reporter;
  private final Body body;
  private final Findings findings;
  private final Patterns patterns;
  private final Numbers numbers;
  private final Emptying emptying;
  private final Crossing crossing;
  private final Guarding guarding;
  private final Expressions expressions;
  private final LambdaContexts lambdas = new LambdaContexts();
  private boolean report;

  Transfer(
      Session session,
      Code code,
      Sinks sinks,
      Reporter reporter,
      Body body,
      Findings findings,
      Patterns patterns) {
    this.marks = session.marks();
    this.code = code;
    this.sinks = sinks;
    this.reporter = reporter;
    this.body = body;
    this.findings = findings;
    this.patterns = patterns;
    this.numbers = new Numbers(session, code, sinks, findings);
    this.emptying = new Emptying(session);
    this.crossing = new Crossing(session.marks());
    this.guarding = new Guarding(session.marks(), code, sinks, reporter, findings, isConstructor());
    this.expressions = new Expressions(session.marks(), body);
  }

  LambdaContexts lambdas() {
    return lambdas;
  }

  static String name(VarSymbol variable) {
    return variable.owner.kind == Kinds.Kind.MTH
        ? "`" + variable.name + "`"
        : "`this." + variable.name + "`";
  }

  boolean isFilledAtDeclaration(VarSymbol field) {
    for (JCTree member : code.enclosingClass(body.tree()).defs) {
      if (member instanceof JCVariableDecl variable && variable.sym == field) {
        return variable.init != null;
      }
    }
    return false;
  }

  /** Carries one step out. */
  void apply(Node node, PathState state, boolean reporting) {
    report = reporting;
    Tree tree = node.getTree();
    switch (node) {
      case CatchMarkerNode marker -> state.panic = false;
      case VariableDeclarationNode declaration -> declare(declaration, state);
      case AssignmentNode assignment -> assign(assignment, state);
      case LocalVariableNode local -> {
        if (!local.isLValue() && tree instanceof JCIdent ident && code.contains(tree)) {
          VarSymbol variable = (VarSymbol) local.getElement();
          if (report && !body.isUnsafe() && !state.guarded.isEmpty()) {
            guarding.read(ident, variable, held(state), state);
          }
          readLocal(ident, variable, state);
        }
      }
      case FieldAccessNode field -> {
        if (code.contains(tree)) {
          accessField(field, state);
        }
      }
      case ThisNode self -> {
        if (tree != null && code.contains(tree) && marks.isOwned(Code.type(tree))) {
          readThis(tree, sinks.of(tree), state);
        }
      }
      case MethodInvocationNode call -> call(call, state);
      case ObjectCreationNode creation -> {
        settle(tree, state);
        checkResult(tree, Code.type(tree), false, state);
      }
      case FunctionalInterfaceNode function -> makeFunction((JCTree) tree, state);
      case SynchronizedNode monitor -> {
        String path = Paths.of(TreeInfo.skipParens((JCTree) monitor.getTree().getExpression()));
        if (!monitor.getIsStartOfBlock()) {
          state.monitors.remove(path);
        } else if (Paths.isFixed((JCTree) monitor.getTree().getExpression())) {
          state.monitors.add(path);
        }
      }
      case ReturnNode returned -> {
        state.endOfStatement();
        takeBackOtherReturns(tree, state);
      }
      case NullLiteralNode literal -> checkNull(tree);
      case ExpressionStatementNode end -> state.endOfStatement();
      default -> {}
    }
    if (report && !body.isUnsafe() && tree != null && code.contains(tree)) {
      numbers.check(node, state);
    }
  }

  // ---- variables

  private void declare(VariableDeclarationNode declaration, PathState state) {
    if (!(declaration.getTree() instanceof JCVariableDecl tree) || !code.contains(tree)) {
      return;
    }
    VarSymbol variable = tree.sym;
    state.forget(variable);
    if (patterns.isBinding(variable)
        || !marks.isOwned(variable.type)
        || variable.owner.kind != Kinds.Kind.MTH) {
      return;
    }
    ValueState old = state.values.get(variable);
    if (report && old != null && old.may(ValueState.OWNED) && !old.resource()) {
      int line = reporter.line(tree);
      leak(variable, old, "is still owned when its loop turns", line);
    }
    state.values.put(variable, ValueState.of(ValueState.EMPTY, tree));
  }

  private void leak(VarSymbol variable, ValueState value, String how, int line) {
    findings.add(
        Rule.LEAK,
        value.birth(),
        variable.name.toString(),
        Map.of(line, how),
        (certain, lines) -> "owned value " + name(variable) + " leaks: it " + how);
  }

  private void assign(AssignmentNode assignment, PathState state) {
    Tree tree = assignment.getTree();
    if (!assignment.getInSource() || !code.contains(tree)) {
      assignSynthetic(assignment, state);
      return;
    }
    JCTree value = value(tree);
    switch (assignment.getTarget()) {
      case LocalVariableNode local -> {
        VarSymbol variable = (VarSymbol) local.getElement();
        boolean untrusted =
            tree instanceof JCTree.JCAssignOp op
                ? numbers.isUntrustedAfter(op, state)
                : tree instanceof JCTree.JCUnary
                    ? state.untrusted.contains(variable)
                    : value != null && numbers.isUntrusted(value, state);
        Boolean constant = value != null ? constant(value) : null;
        PathState before = state.copy();
        state.forget(variable);
        guarding.bind(variable, value, state);
        if (value != null && emptying.canBeEmptied(variable.type)) {
          Set<VarSymbol> named = expressions.named(value, before);
          if (!named.isEmpty()) {
            state.aliases.put(variable, named);
          }
        }
        if (untrusted) {
          state.untrusted.add(variable);
        }
        if (constant != null) {
          state.facts.put(
              variable.name + "@" + System.identityHashCode(variable),
              new PathState.Fact(constant, Set.of(variable)));
        }
        if (marks.isOwned(variable.type)) {
          bind(variable, tree, value, state);
        }
      }
      case FieldAccessNode field -> assignField(field, tree, value, state);
      default -> {}
    }
    if (tree instanceof JCTree.JCAssign replaced
        && !(assignment.getTarget() instanceof LocalVariableNode)) {
      guarding.release(replaced.lhs, state);
    }
    if (!(code.parent(tree) instanceof JCTree.JCBinary)) {
      state.operands.clear();
    }
  }

  private static Boolean constant(JCTree value) {
    return value instanceof JCTree.JCLiteral literal && literal.getValue() instanceof Boolean b
        ? b
        : null;
  }

  /** The switch's own variable, if its value comes from no variable of the source. */
  private void assignSynthetic(AssignmentNode assignment, PathState state) {
    if (!(assignment.getTarget() instanceof LocalVariableNode local)
        || !(local.getElement() instanceof VarSymbol variable)) {
      return;
    }
    Tree from = assignment.getExpression().getTree();
    if (from == null || !code.contains(from) || !marks.isOwned(variable.type)) {
      return;
    }
    Sink sink = sinks.of(from);
    if (sink.is(Kind.SELECTOR) && !(TreeInfo.skipParens((JCTree) from) instanceof JCIdent)) {
      patterns.standIn((JCTree) sink.place(), variable);
      state.values.put(variable, expressions.value((JCTree) from, state).bornAt(from));
    }
  }

  private static JCTree value(Tree tree) {
    return switch (tree) {
      case JCVariableDecl variable -> variable.init;
      case JCTree.JCAssign assign -> assign.rhs;
      default -> null;
    };
  }

  private void bind(VarSymbol variable, Tree tree, JCTree value, PathState state) {
    ValueState old = state.values.get(variable);
    if (report && old != null && old.may(ValueState.OWNED) && !old.resource()) {
      ValueState was = old;
      findings.add(
          Rule.OVERWRITTEN,
          tree,
          variable.name.toString(),
          Map.of(),
          (certain, lines) ->
              name(variable)
                  + " still owns the value of line "
                  + reporter.line(was.birth())
                  + " when it is overwritten");
    }
    if (report
        && !(code.parent(tree) instanceof JCTree.JCExpressionStatement)
        && tree instanceof JCTree.JCAssign
        && (sinks.of(tree).is(Kind.MOVE)
            || sinks.of(tree).is(Kind.RETURN)
            || sinks.of(tree).is(Kind.BIND)
            || sinks.of(tree).is(Kind.STORE))) {
      findings.add(
          Rule.ESCAPE, tree, "the value of an assignment to " + name(variable) + " is moved");
    }
    ValueState bound = expressions.value(value, state).bornAt(tree);
    if (tree instanceof JCVariableDecl declaration && code.parent(tree) instanceof JCTry) {
      bound = bound.asResource();
    }
    String lock = expressions.lock(value);
    state.values.put(variable, lock == null ? bound : bound.guarding(lock));
  }

  private void readLocal(JCIdent tree, VarSymbol variable, PathState state) {
    if (!marks.isOwned(variable.type) || variable.owner.kind != Kinds.Kind.MTH) {
      return;
    }
    if (inGuard(tree, variable)) {
      Sink sink = sinks.of(tree);
      if (report && takes(sink)) {
        findings.add(
            Rule.ESCAPE,
            tree,
            name(variable) + " is only looked at in its guard and cannot be " + how(sink));
      }
      return;
    }
    if (!state.values.containsKey(variable)
        && patterns.isBinding(variable)
        && !isOutside(variable)) {
      patterns.matchLate(variable, state);
    }
    ValueState value = state.values.get(variable);
    Sink sink = sinks.of(tree);
    if (value == null) {
      readCaptured(tree, variable, sink, state);
      return;
    }
    use(tree, variable, value, sink, state);
  }

  private boolean isOutside(VarSymbol variable) {
    for (JCTree p = patterns.findBinding(variable); p != null; p = code.parent(p)) {
      if (p == body.tree()) {
        return false;
      }
    }
    return true;
  }

  /** A pattern's variable in the guard of its own case: the value has not gone over yet. */
  private boolean inGuard(JCTree tree, VarSymbol variable) {
    JCTree child = tree;
    for (JCTree p = code.parent(tree); p != null; child = p, p = code.parent(p)) {
      if (p instanceof JCCase label) {
        return label.guard == child && patterns.isBinding(variable);
      }
    }
    return false;
  }

  /** One read of a followed variable. */
  private void use(JCTree tree, VarSymbol variable, ValueState value, Sink sink, PathState state) {
    state.operands.put(tree, value);
    if (report) {
      findings.visit(tree);
      checkUse(tree, variable, value, sink);
    }
    boolean hidden = body.isUnsafe() && (sink.is(Kind.ARRAY) || sink.is(Kind.ERASED));
    if (!takes(sink) && !hidden || value.may(ValueState.LENT) && !value.may(ValueState.OWNED)) {
      if (sink.is(Kind.RESOURCE)) {
        state.values.put(variable, value.asResource());
      }
      return;
    }
    if (value.bits() == ValueState.EMPTY || value.resource()) {
      return;
    }
    int line = reporter.line(tree);
    Tree pending = sink.is(Kind.MOVE) || sink.is(Kind.RETURN) ? sink.place() : null;
    state.values.put(variable, value.moved(line, how(sink), pending));
    endBorrows(variable, line, "moved", state);
  }

  private static boolean takes(Sink sink) {
    return switch (sink.kind()) {
      case MOVE, BIND, RETURN, STORE -> true;
      default -> false;
    };
  }

  private static String how(Sink sink) {
    return switch (sink.kind()) {
      case MOVE ->
          sink.target() instanceof VarSymbol p
              ? "moved into `" + Reporter.name((MethodSymbol) p.owner) + "`"
              : "consumed by `" + sink.target().name + "`";
      case BIND -> "moved to `" + sink.target().name + "`";
      case STORE -> "stored in `" + sink.target().name + "`";
      default -> "returned";
    };
  }

  private void checkUse(JCTree tree, VarSymbol variable, ValueState value, Sink sink) {
    String name = name(variable);
    if (value.may(ValueState.MOVED)) {
      findings.add(
          Rule.MOVED,
          tree,
          variable.name.toString(),
          value.gone(),
          (certain, lines) ->
              "use of "
                  + (certain ? "moved" : "possibly moved")
                  + " value "
                  + name
                  + ": "
                  + history(lines));
      return;
    }
    if (value.may(ValueState.DANGLING)) {
      findings.add(
          Rule.DANGLING,
          tree,
          variable.name.toString(),
          value.gone(),
          (certain, lines) -> "the borrow " + name + " is used after its end: " + history(lines));
      return;
    }
    if (value.may(ValueState.EMPTY) && isDereferenced(tree)) {
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
      return;
    }
    if (value.may(ValueState.EMPTY) && !body.isUnsafe() && refusesNull(sink)) {
      findings.add(Rule.NULL, tree, name + " may be null here, and " + receiver(sink) + " may not");
    }
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
              Rule.RESOURCE_MOVED, tree, name + " is closed by its try and cannot be " + how(sink));
        } else if (value.may(ValueState.LENT) && !body.isUnsafe()) {
          findings.add(
              Rule.ESCAPE,
              tree,
              name + " is only borrowed here and cannot be " + how(sink) + borrowedFrom(value));
        }
      }
      default -> {}
    }
  }

  /** Null itself goes where an owned value is expected. */
  private void checkNull(Tree tree) {
    if (report && !body.isUnsafe() && code.contains(tree)) {
      Sink sink = sinks.of(tree);
      if (refusesNull(sink)) {
        findings.add(Rule.NULL, tree, "this is null, and " + receiver(sink) + " may not be");
      }
    }
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

  private boolean isDereferenced(JCTree tree) {
    return code.parentBesidesParens(tree) instanceof JCTree.JCFieldAccess;
  }

  private String borrowedFrom(ValueState value) {
    return value.birth() instanceof JCVariableDecl parameter
            && (parameter.sym.flags() & com.sun.tools.javac.code.Flags.PARAMETER) != 0
        ? ": it is a parameter without @Move, line " + reporter.line(parameter)
        : "";
  }

  private void erased(JCTree tree, String name, Sink sink) {
    String where =
        switch (sink.target()) {
          case null -> "a type that does not own";
          case MethodSymbol m -> "the result of `" + m.name + "`";
          case VarSymbol v
              when v.owner instanceof MethodSymbol m
                  && v != m.params().stream().filter(p -> p == v).findFirst().orElse(null) ->
              "`" + v.name + "`, a `" + v.type.tsym.name + "`";
          case VarSymbol v ->
              "`" + v.name + "` of `" + v.owner.name + "`, a `" + v.type.tsym.name + "`";
          default -> "`" + sink.target().name + "`";
        };
    if (!body.isUnsafe()) {
      findings.add(Rule.ERASED, tree, "ownership of " + name + " is lost: it flows into " + where);
    }
  }

  static String history(Map<Integer, String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(
        (line, how) ->
            text.append(text.isEmpty() ? "" : "; ").append(how).append(" in line ").append(line));
    return text.toString();
  }

  private void readCaptured(JCTree tree, VarSymbol variable, Sink sink, PathState state) {
    if (!body.isLambda() && !isLocalOutside(variable)) {
      return;
    }
    state.operands.put(tree, ValueState.of(ValueState.LENT, tree));
    if (!report) {
      return;
    }
    if (!body.atOnce()) {
      findings.add(
          Rule.CAPTURE,
          tree,
          name(variable)
              + " is captured by "
              + (body.isLambda() ? "a lambda" : "a class")
              + " that may be kept");
    } else if (takes(sink)) {
      if (sink.is(Kind.BIND)) {
        return;
      }
      findings.add(
          Rule.LAMBDA_MOVE,
          tree,
          name(variable) + " comes from outside of the lambda and cannot be " + how(sink));
    } else if (sink.is(Kind.ERASED)) {
      erased(tree, name(variable), sink);
    }
  }

  private boolean isLocalOutside(VarSymbol variable) {
    return variable.owner instanceof MethodSymbol owner && owner != body.method();
  }

  /** Borrows of what {@code owner} holds end. */
  private void endBorrows(VarSymbol owner, int line, String how, PathState state) {
    state.values.replaceAll(
        (variable, value) ->
            value.owners().contains(owner) && value.may(ValueState.LENT)
                ? value.dangling(line, "its owner " + name(owner) + " was " + how)
                : value);
  }

  // ---- fields

  private void accessField(FieldAccessNode node, PathState state) {
    if (!(node.getElement() instanceof VarSymbol field) || field.owner.kind != Kinds.Kind.TYP) {
      return;
    }
    JCTree tree = (JCTree) node.getTree();
    if (report) {
      checkLock(tree, field, node.getReceiver(), state);
      checkEscape(tree, field);
    }
    if (node.isLValue() || !marks.isOwned(field.type) || field.isStatic()) {
      return;
    }
    Sink sink = sinks.of(tree);
    boolean ownField = node.getReceiver() instanceof ThisNode;
    if (ownField && body.tracks(field)) {
      ValueState value = state.values.get(field);
      use(tree, field, value, sink, state);
      return;
    }
    state.operands.put(
        tree,
        body.isUnsafe()
            ? ValueState.of(ValueState.RAW, tree)
            : ValueState.lentBy(expressions.roots(tree), tree));
    if (!report) {
      return;
    }
    switch (sink.kind()) {
      case MOVE, RETURN, STORE -> {
        if (!body.isUnsafe()) {
          findings.add(
              Rule.FIELD_MOVE,
              tree,
              "`" + Code.text(tree) + "` belongs to its object and cannot be " + how(sink));
        }
      }
      case ERASED -> erased(tree, "`" + Code.text(tree) + "`", sink);
      case ARRAY ->
          findings.add(Rule.ARRAY, tree, "`" + Code.text(tree) + "` is stored in an array");
      default -> {}
    }
  }

  private void assignField(FieldAccessNode node, Tree tree, JCTree value, PathState state) {
    if (!(node.getElement() instanceof VarSymbol field) || !marks.isOwned(field.type)) {
      return;
    }
    boolean own = node.getReceiver() instanceof ThisNode && body.tracks(field);
    if (!own) {
      boolean declaration = tree instanceof JCVariableDecl;
      if (report && !declaration && !body.isUnsafe()) {
        findings.add(
            Rule.FIELD_OVERWRITTEN,
            tree,
            "`" + field.name + "` may still own a value when it is overwritten");
      }
      return;
    }
    ValueState old = state.values.get(field);
    if (report && old != null && old.may(ValueState.OWNED) && !body.isUnsafe()) {
      findings.add(
          Rule.FIELD_OVERWRITTEN,
          tree,
          "`" + field.name + "` still owns a value when it is overwritten");
    }
    state.values.put(field, expressions.value(value, state).bornAt(tree));
  }

  // ---- this

  private void readThis(Tree tree, Sink sink, PathState state) {
    if (body.isLambda() && !body.atOnce() && !sink.is(Kind.MOVE) && report) {
      if (body.kind() != Body.Kind.FREE) {
        findings.add(Rule.CAPTURE, tree, "`this` is captured by a lambda that may be kept");
      }
      return;
    }
    useThis(tree, sink, state);
  }

  private void useThis(Tree tree, Sink sink, PathState state) {
    if (body.kind() == Body.Kind.FREE) {
      return;
    }
    if (report) {
      checkParts(tree, state);
    }
    if (body.isUnsafe()) {
      return;
    }
    switch (sink.kind()) {
      case MOVE, RETURN, STORE -> {
        if (body.kind() == Body.Kind.CONSUMES_THIS && !body.isLambda()) {
          moveThis(tree, sink, state);
        } else if (report) {
          findings.add(
              Rule.ESCAPE, tree, "`this` is only borrowed here and cannot be " + how(sink));
        }
      }
      case ERASED -> {
        if (report) {
          erased((JCTree) tree, "`this`", sink);
        }
      }
      case ARRAY -> {
        if (report) {
          findings.add(Rule.ARRAY, tree, "`this` is stored in an array");
        }
      }
      default -> {}
    }
  }

  private void checkParts(Tree tree, PathState state) {
    if (!state.thisGone.isEmpty()) {
      findings.add(
          Rule.PARTLY_MOVED,
          tree,
          "this",
          state.thisGone,
          (certain, lines) -> "`this` is used although it is gone: " + history(lines));
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
                "`this` is used although `" + part.name + "` is gone: " + history(lines));
        return;
      }
    }
  }

  private void moveThis(Tree tree, Sink sink, PathState state) {
    int line = reporter.line(tree);
    state.thisGone.put(line, how(sink));
    moveParts(body.parts(), line, how(sink) + " with `this`", state);
  }

  private void moveParts(List<VarSymbol> parts, int line, String how, PathState state) {
    for (VarSymbol part : parts) {
      ValueState value = state.values.get(part);
      if (value != null && body.tracks(part)) {
        state.values.put(part, value.moved(line, how, null));
      }
    }
  }

  /** A call of the superclass's method of that name; if it consumes, it ends what is inherited. */
  private void callSuper(Tree tree, MethodSymbol method, PathState state) {
    if (!marks.consumesReceiver(method)) {
      useThis(tree, new Sink(Kind.BORROW, tree, method), state);
      return;
    }
    if (report) {
      checkInherited(tree, state);
    }
    if (body.kind() == Body.Kind.CONSUMES_THIS && !body.isLambda()) {
      int line = reporter.line(tree);
      String how = "consumed by `super." + method.name + "`";
      state.superGone.put(line, how);
      moveParts(inherited(), line, how, state);
    } else if (report && body.kind() != Body.Kind.FREE && !body.isUnsafe()) {
      findings.add(
          Rule.ESCAPE,
          tree,
          "`this` is only borrowed here and cannot be consumed by `super." + method.name + "`");
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
          (certain, lines) -> "`super` is used although a part of it is gone: " + history(lines));
    }
  }

  private List<VarSymbol> inherited() {
    return body.parts().stream().filter(p -> p.owner != body.owner()).toList();
  }

  // ---- calls

  private void call(MethodInvocationNode node, PathState state) {
    MethodSymbol method = (MethodSymbol) node.getTarget().getMethod();
    Node receiver = node.getTarget().getReceiver();
    if (!node.getInSource()) {
      closeResource(receiver, state);
      return;
    }
    Tree tree = node.getTree();
    if (!code.contains(tree)) {
      return;
    }
    settle(tree, state);
    boolean onThis = !method.isStatic() && (receiver instanceof ImplicitThisNode);
    if (onThis && !method.isConstructor() && marks.isOwned(method.owner.type)) {
      Kind kind = marks.consumesReceiver(method) ? Kind.MOVE : Kind.BORROW;
      readThis(tree, new Sink(kind, tree, method), state);
    } else if (receiver instanceof SuperNode && marks.isOwned(method.owner.type)) {
      callSuper(tree, method, state);
    }
    givesAway((JCTree.JCMethodInvocation) tree, method, state);
    if (report) {
      checkSleep(tree, method, state);
      checkLock((JCTree) tree, method, receiver, state);
    }
    checkResult(tree, Code.type(tree), marks.lendsResult(method), state);
  }

  /** A result that waits for the call it is an argument of: lost if that call is never made. */
  private void await(Tree result, Sink sink, PathState state) {
    if (sink.is(Kind.MOVE) && code.contains(sink.place())) {
      VarSymbol waiting = patterns.temporary((JCTree) result, body.owner());
      TreeMap<Integer, String> none = new TreeMap<>();
      state.values.put(
          waiting,
          new ValueState(ValueState.MOVED, result, none, Set.of(), null, sink.place(), false));
    }
  }

  /** A return in a finally block goes instead of the one before. */
  private static void takeBackOtherReturns(Tree made, PathState state) {
    state.values.replaceAll(
        (k, v) ->
            v.pending() instanceof JCTree.JCReturn && v.pending() != made ? v.givenBack() : v);
  }

  /** The arguments of the call are gone for good. */
  private void settle(Tree call, PathState state) {
    state.values.keySet().removeIf(k -> isTemporary(k) && state.values.get(k).pending() == call);
    state.values.replaceAll((k, v) -> v.pending() == call ? v.settled() : v);
  }

  /** An exception before the call itself: what was evaluated for it is still here. */
  void giveBackPending(Node node, PathState state) {
    state.values.replaceAll(
        (k, v) -> v.pending() != null && v.pending() != node.getTree() ? v.givenBack() : v);
  }

  private void closeResource(Node receiver, PathState state) {
    VarSymbol variable = Conditions.variable(receiver);
    ValueState value = variable == null ? null : state.values.get(variable);
    if (value != null) {
      int line = value.birth() == null ? 0 : reporter.line(value.birth());
      state.values.put(
          variable, value.moved(line, "closed at the end of the try that begins", null));
      endBorrows(variable, line, "closed at the end of its try", state);
    }
  }

  /** A call that may take something out of an object ends the borrows from it. */
  private void givesAway(JCTree.JCMethodInvocation tree, MethodSymbol method, PathState state) {
    if (report && !body.isUnsafe()) {
      checkLentTwice(tree, method, state);
    }
    boolean lends =
        state.values.values().stream().anyMatch(v -> !v.owners().isEmpty())
            || tree.args.stream().anyMatch(a -> marks.lendsResult(Code.symbol(a)));
    Map<VarSymbol, String> emptied = lends ? emptiedBy(tree, method, state) : Map.of();
    if (emptied.isEmpty()) {
      return;
    }
    if (report && !body.isUnsafe()) {
      checkLentTogether(tree, method, emptied.keySet(), state);
    }
    int line = reporter.line(tree);
    emptied.forEach((root, how) -> endContents(root, line, how, state));
  }

  /** What a call may take something out of, and how. */
  private Map<VarSymbol, String> emptiedBy(
      JCTree.JCMethodInvocation tree, MethodSymbol method, PathState state) {
    Map<VarSymbol, String> emptied = new LinkedHashMap<>();
    for (JCTree.JCExpression argument : tree.args) {
      if (argument.type != null && emptying.canBeEmptied(argument.type)) {
        String how = "handed to `" + Reporter.name(method) + "`";
        expressions.named(argument, state).forEach(root -> emptied.putIfAbsent(root, how));
      }
    }
    if (method.isStatic() || !emptying.gives(method) && !emptying.mayEmpty(method)) {
      return emptied;
    }
    String how = "asked for a value by `" + method.name + "`";
    if (tree.meth instanceof JCIdent) {
      emptying.holders(body.owner().type).forEach(root -> emptied.putIfAbsent(root, how));
    } else {
      expressions.named(tree.meth, state).forEach(root -> emptied.putIfAbsent(root, how));
    }
    return emptied;
  }

  /** Borrows of what {@code owner} holds end; other names of it stay. */
  private void endContents(VarSymbol owner, int line, String how, PathState state) {
    state.values.replaceAll(
        (variable, value) ->
            value.owners().contains(owner)
                    && value.may(ValueState.LENT)
                    && !state.aliases.getOrDefault(variable, Set.of()).contains(owner)
                ? value.dangling(line, "its owner " + name(owner) + " was " + how)
                : value);
  }

  /**
   * What can be emptied goes to one parameter of a call: two names of it would surprise each other.
   */
  private void checkLentTwice(
      JCTree.JCMethodInvocation tree, MethodSymbol method, PathState state) {
    List<JCTree.JCExpression> arguments = tree.args;
    for (int i = 1; i < arguments.size(); i++) {
      JCTree.JCExpression argument = arguments.get(i);
      if (argument.type == null || !emptying.canBeEmptied(argument.type)) {
        continue;
      }
      for (JCTree.JCExpression earlier : arguments.subList(0, i)) {
        if (expressions.isSame(earlier, argument, state)) {
          findings.add(
              Rule.DANGLING,
              argument,
              "`"
                  + Code.text(argument)
                  + "` is lent twice to `"
                  + Reporter.name(method)
                  + "`, which may empty it by one name and use the other");
        }
      }
    }
  }

  /** Whose contents a lambda that runs at once gets as its parameters. */
  Set<VarSymbol> lendersOf(JCTree lambda) {
    JCTree parent = code.parentBesidesParens(lambda);
    return parent instanceof JCTree.JCMethodInvocation call && !(call.meth instanceof JCIdent)
        ? expressions.roots(call.meth)
        : Set.of();
  }

  /**
   * A call that gets a borrow together with what it was borrowed from may use it when it is gone.
   */
  private void checkLentTogether(
      JCTree.JCMethodInvocation tree,
      MethodSymbol method,
      Set<VarSymbol> emptied,
      PathState state) {
    for (JCTree.JCExpression argument : tree.args) {
      for (VarSymbol owner : expressions.owners(argument, state)) {
        if (emptied.contains(owner) && !emptying.canBeEmptied(argument.type)) {
          findings.add(
              Rule.DANGLING,
              argument,
              "`"
                  + Code.text(argument)
                  + "` is borrowed from "
                  + name(owner)
                  + ", which `"
                  + Reporter.name(method)
                  + "` may empty while it has the borrow");
          break;
        }
      }
    }
  }

  private static boolean isTemporary(VarSymbol variable) {
    return variable.pos == Patterns.TEMPORARY;
  }

  private void checkResult(Tree tree, Type type, boolean lent, PathState state) {
    if (!marks.isOwned(type) || !code.contains(tree)) {
      return;
    }
    if (!lent && !body.isUnsafe()) {
      await(tree, sinks.of(tree), state);
    }
    if (!report || !(tree instanceof JCTree.JCExpression)) {
      return;
    }
    if (isInferred(tree)) {
      return; // the declared result does not own: reported where it is made to
    }
    Sink sink = sinks.of(tree);
    String text = "`" + Code.text(tree) + "`";
    if (marks.has(Code.method(tree), Mark.NULLABLE) && !body.isUnsafe()) {
      if (isDereferenced((JCTree) tree)) {
        findings.add(Rule.NULL, tree, text + " may be null here");
      } else if (refusesNull(sink)) {
        findings.add(
            Rule.NULL, tree, text + " may be null here, and " + receiver(sink) + " may not");
      }
    }
    if (lent) {
      if (takes(sink) && !sink.is(Kind.BIND)) {
        findings.add(Rule.ESCAPE, tree, text + " is a borrow and cannot be " + how(sink));
      } else if (sink.is(Kind.ERASED)) {
        erased((JCTree) tree, text, sink);
      }
      return;
    }
    switch (sink.kind()) {
      case BORROW, DROP, TEST -> {
        if (!isSameObject(tree)) {
          findings.add(
              Rule.DROPPED,
              tree,
              "the owned result of " + text + " is dropped: nothing consumes it");
        }
      }
      case ERASED -> erased((JCTree) tree, text, sink);
      case ARRAY -> findings.add(Rule.ARRAY, tree, text + " is stored in an array");
      default -> {}
    }
  }

  /** A generic method whose result is not declared to own. */
  private boolean isInferred(Tree tree) {
    return tree instanceof JCTree.JCMethodInvocation
        && Code.method(tree) instanceof MethodSymbol method
        && !method.isConstructor()
        && !marks.isOwned(method.getReturnType());
  }

  /** {@code super(...)} and {@code this(...)} have no result. */
  private static boolean isSameObject(Tree tree) {
    return Code.method(tree) != null
        && tree instanceof JCTree.JCMethodInvocation
        && Code.method(tree).isConstructor();
  }

  // ---- contexts and locks

  private void checkSleep(Tree tree, MethodSymbol method, PathState state) {
    if (!marks.has(method, Mark.MAY_SLEEP) && !Jdk.sleeps(method)) {
      return;
    }
    if (body.atomic() != null) {
      findings.add(
          Rule.ATOMIC,
          tree,
          "`" + method.name + "` may sleep, but " + body.atomic() + " is at hand");
      return;
    }
    String holder = atomic(state);
    if (holder != null) {
      findings.add(
          Rule.ATOMIC, tree, "`" + method.name + "` may sleep, but " + holder + " is at hand");
    }
  }

  /** What forbids sleep in this state: the text for a message, or null. */
  private String atomic(PathState state) {
    for (var each : state.values.entrySet()) {
      VarSymbol variable = each.getKey();
      if (marks.has(variable.type.tsym, Mark.ATOMIC)
          && each.getValue().may(ValueState.OWNED | ValueState.LENT | ValueState.RAW)) {
        return "`" + variable.name + "`, a `" + variable.type.tsym.name + "`,";
      }
    }
    return null;
  }

  private void checkLock(JCTree tree, Symbol member, Node receiver, PathState state) {
    String lock = marks.text(member, Mark.SHARED);
    if (lock.isEmpty()
        || body.kind() == Body.Kind.CONSTRUCTS_THIS && receiver instanceof ThisNode
        || isConstructor() && receiver instanceof ThisNode) {
      return;
    }
    String owner = receiver instanceof ThisNode ? "this" : Paths.of(receiverTree(tree));
    String path = Paths.ofLock(member, lock, owner);
    if (!held(state).contains(path)) {
      findings.add(
          Rule.UNLOCKED,
          tree,
          "`" + Code.text(tree) + "` is guarded by `" + lock + "`, which is not held here");
    }
  }

  /** A guarded object that is handed out would be touched without its lock. */
  private void checkEscape(JCTree tree, VarSymbol field) {
    if (marks.text(field, Mark.SHARED).isEmpty()
        || body.isUnsafe()
        || crossing.canBeShared(field.type)) {
      return;
    }
    JCTree parent = code.parentBesidesParens(tree);
    boolean leaves =
        parent instanceof JCTree.JCReturn
            || parent instanceof JCTree.JCLambda
            || parent instanceof JCTree.JCAssign assign
                && assign.rhs == tree
                && Code.symbol(assign.lhs) instanceof VarSymbol to
                && to.owner.kind == Kinds.Kind.TYP
                && marks.text(to, Mark.SHARED).isEmpty();
    if (leaves) {
      findings.add(
          Rule.UNLOCKED,
          tree,
          "`" + Code.text(tree) + "` is guarded and would be handed out from under its lock");
    }
  }

  private boolean isConstructor() {
    return body.method() == null && !body.isLambda()
        || body.method() != null && body.method().isConstructor();
  }

  private static JCTree receiverTree(JCTree tree) {
    return switch (tree) {
      case JCTree.JCFieldAccess select -> select.selected;
      case JCTree.JCMethodInvocation call -> receiverTree(call.meth);
      default -> tree;
    };
  }

  private Set<String> held(PathState state) {
    Set<String> held = new HashSet<>(state.monitors);
    state.values.forEach(
        (variable, value) -> {
          if (value.guards() != null
              && (value.bits() & ~(ValueState.OWNED | ValueState.LENT)) == 0) {
            held.add(value.guards());
          }
        });
    return held;
  }

  // ---- functions

  private void makeFunction(JCTree function, PathState state) {
    if (report) {
      lambdas.add(function, held(state), body.atomic() != null ? body.atomic() : atomic(state));
    }
    new TreeScanner() {
      @Override
      public void visitIdent(JCIdent ident) {
        if (report && !body.isUnsafe() && ident.sym instanceof VarSymbol variable) {
          guarding.capture(ident, variable, function, held(state), state);
        }
        if (report
            && ident.sym instanceof VarSymbol variable
            && state.values.get(variable) instanceof ValueState value
            && (value.may(ValueState.MOVED) || value.may(ValueState.DANGLING))) {
          findings.visit(ident);
          checkUse(ident, variable, value, new Sink(Kind.BORROW, ident, null));
        }
      }

      @Override
      public void visitApply(JCTree.JCMethodInvocation call) {
        if (Code.symbol(call) instanceof MethodSymbol method) {
          givesAway(call, method, state);
        }
        super.visitApply(call);
      }
    }.scan(function);
  }
}
