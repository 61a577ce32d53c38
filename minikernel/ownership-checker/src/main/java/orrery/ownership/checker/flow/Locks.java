package orrery.ownership.checker.flow;

import com.sun.tools.javac.code.Kinds;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCAssign;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCReturn;
import com.sun.tools.javac.tree.TreeInfo;
import java.util.HashSet;
import java.util.Set;
import org.checkerframework.nullaway.dataflow.cfg.node.Node;
import org.checkerframework.nullaway.dataflow.cfg.node.SynchronizedNode;
import org.checkerframework.nullaway.dataflow.cfg.node.ThisNode;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Crossing;
import orrery.ownership.checker.Mark;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Rule;

/** Which locks are held, and that they are where what they guard is touched. */
final class Locks {
  private final Marks marks;
  private final Code code;
  private final Body body;
  private final Findings findings;
  private final Crossing crossing;
  private final Guarding guarding;

  Locks(Analysis analysis, Guarding guarding) {
    this.marks = analysis.marks();
    this.code = analysis.code();
    this.body = analysis.body();
    this.findings = analysis.findings();
    this.crossing = new Crossing(analysis.marks());
    this.guarding = guarding;
  }

  /** The begin or the end of a {@code synchronized} block. */
  void passMonitor(SynchronizedNode monitor, PathState state) {
    JCTree lock = TreeInfo.skipParens((JCTree) monitor.getTree().getExpression());
    String path = Paths.of(lock);
    if (!monitor.getIsStartOfBlock()) {
      state.monitors.remove(path);
    } else if (Paths.isFixed(lock)) {
      state.monitors.add(path);
    }
  }

  /** The access paths of the locks that are held for certain. */
  Set<String> held(PathState state) {
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

  /** A field or a method, which may be guarded, is used. */
  void check(JCTree tree, Symbol member, Node receiver, PathState state) {
    String lock = marks.text(member, Mark.SHARED);
    boolean onThis = receiver instanceof ThisNode;
    if (lock.isEmpty() || onThis && isNew()) {
      return;
    }
    String owner = onThis ? "this" : Paths.of(receiverTree(tree));
    String path = Paths.ofLock(member, lock, owner);
    if (!held(state).contains(path)) {
      findings.add(
          Rule.UNLOCKED,
          tree,
          "`" + Code.text(tree) + "` is guarded by `" + lock + "`, which is not held here");
    }
  }

  private boolean isNew() {
    return body.kind() == Body.Kind.CONSTRUCTS_THIS || body.isConstruction();
  }

  private static JCTree receiverTree(JCTree tree) {
    return switch (tree) {
      case JCFieldAccess select -> select.selected;
      case JCMethodInvocation call -> receiverTree(call.meth);
      default -> tree;
    };
  }

  /** A guarded object that is handed out would be touched without its lock. */
  void checkEscape(JCTree tree, VarSymbol field) {
    if (marks.text(field, Mark.SHARED).isEmpty()
        || body.isUnsafe()
        || crossing.canBeShared(field.type)) {
      return;
    }
    JCTree parent = code.parentBesidesParens(tree);
    boolean leaves =
        parent instanceof JCReturn
            || parent instanceof JCLambda
            || parent instanceof JCAssign assign
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

  // ---- local names of what is guarded

  /** A local variable is read. */
  void read(JCIdent tree, VarSymbol variable, PathState state) {
    if (isWatched(state)) {
      guarding.read(tree, variable, held(state), state);
    }
  }

  /** A function names a local variable. */
  void capture(JCIdent tree, VarSymbol variable, JCTree function, PathState state) {
    if (isWatched(state)) {
      guarding.capture(tree, variable, function, held(state), state);
    }
  }

  /** A call is made, which may take something out from under its lock. */
  void call(JCMethodInvocation tree, MethodSymbol method, PathState state) {
    guarding.call(tree, method, state);
  }

  private boolean isWatched(PathState state) {
    return findings.areTaken() && !body.isUnsafe() && !state.guarded.isEmpty();
  }
}
