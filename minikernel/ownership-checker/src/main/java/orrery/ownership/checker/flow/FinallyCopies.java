package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCTry;
import org.checkerframework.nullaway.dataflow.cfg.node.MarkerNode;
import org.checkerframework.nullaway.dataflow.cfg.node.Node;
import org.checkerframework.nullaway.dataflow.cfg.node.ReturnNode;
import orrery.ownership.checker.Code;

/**
 * The graph has one copy of a finally block for each way into it. Its builder leads a jump out of a
 * copy (return, break, continue) into another copy of the same block, as if the block ran twice,
 * and only from there to where the jump goes. Such second runs are passed through without effect.
 */
final class FinallyCopies {
  private static final String TRY = "start of try statement";
  private static final String START = "start of finally block";
  private static final String END = "end of finally block";

  /** What to do with a node. */
  enum Step {
    /** It is part of the code's run. */
    CARRY_OUT,
    /** It is part of a second run. */
    PASS,
    /** The way to it is none that the code can take. */
    END
  }

  /**
   * A second run.
   *
   * @param statement whose finally block it is
   * @param taken the last return on the way through it, or null
   */
  record Rerun(JCTry statement, Tree taken) {}

  private final Code code;

  FinallyCopies(Code code) {
    this.code = code;
  }

  /** The next node of a path. */
  Step step(Node node, PathState state) {
    if (state.rerun != null && isIn(state.rerun.statement, node)) {
      if (node instanceof ReturnNode) {
        state.rerun = new Rerun(state.rerun.statement, node.getTree());
      }
      return Step.PASS;
    }
    if (!leave(state)) {
      return Step.END;
    }
    if (node instanceof ReturnNode && !state.finallyBlocks.isEmpty()) {
      state.lastReturn = node.getTree();
    } else if (node instanceof MarkerNode marker && marker.getTree() instanceof JCTry statement) {
      mark(statement, marker.getMessage(), state);
    }
    return state.rerun == null ? Step.CARRY_OUT : Step.PASS;
  }

  private void mark(JCTry statement, String message, PathState state) {
    if (message.startsWith(TRY) || message.startsWith(END)) {
      state.finallyBlocks.remove(statement);
    } else if (message.startsWith(START) && !state.finallyBlocks.add(statement)) {
      state.rerun = new Rerun(statement, null);
    }
  }

  /** Ends a second run; false if it went another way than the first. */
  boolean leave(PathState state) {
    Rerun ended = state.rerun;
    state.rerun = null;
    return ended == null || ended.taken == state.lastReturn;
  }

  /** Nodes without a tree of the source say nothing, so that the run goes on. */
  private boolean isIn(JCTry statement, Node node) {
    if (node.getTree() == statement || !code.contains(node.getTree())) {
      return true;
    }
    for (JCTree p = code.parent(node.getTree()); p != null; p = code.parent(p)) {
      if (p == statement.finalizer) {
        return true;
      }
    }
    return false;
  }
}
