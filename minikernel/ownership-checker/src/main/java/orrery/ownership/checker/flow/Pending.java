package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCReturn;
import java.util.Set;
import java.util.TreeMap;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.flow.Sink.Kind;

/**
 * Values that were evaluated for a call or a {@code return} which has not happened yet: an
 * exception in between gives them back.
 */
final class Pending {
  private final Code code;
  private final Body body;
  private final Patterns patterns;

  Pending(Analysis analysis) {
    this.code = analysis.code();
    this.body = analysis.body();
    this.patterns = analysis.patterns();
  }

  /** A result that waits for what it is given to: lost if that call or return is never made. */
  void await(Tree result, Sink sink, PathState state) {
    if ((sink.is(Kind.MOVE) || sink.is(Kind.RETURN)) && code.contains(sink.place())) {
      VarSymbol waiting = patterns.temporary((JCTree) result, body.owner());
      TreeMap<Integer, String> none = new TreeMap<>();
      state.values.put(
          waiting,
          new ValueState(ValueState.MOVED, result, none, Set.of(), null, sink.place(), false));
    }
  }

  /** The call is made: its arguments are gone for good. */
  void settle(Tree call, PathState state) {
    state.values.keySet().removeIf(k -> isTemporary(k) && state.values.get(k).pending() == call);
    state.values.replaceAll((k, v) -> v.pending() == call ? v.settled() : v);
  }

  private static boolean isTemporary(VarSymbol variable) {
    return variable.pos == Patterns.TEMPORARY;
  }

  /** An exception before whatever waits but {@code call} itself: it is still here. */
  void giveBack(Tree call, PathState state) {
    state.values.replaceAll(
        (k, v) -> v.pending() != null && v.pending() != call ? v.givenBack() : v);
  }

  /**
   * A variable is used whose value a return has: in a finally block, or where one was left by a
   * jump. Whether that return still happens shows at the end of the path.
   *
   * @return the value as it is to be used
   */
  ValueState reclaim(JCTree tree, VarSymbol variable, ValueState value, PathState state) {
    if (!(value.pending() instanceof JCReturn)) {
      return value;
    }
    state.reclaimed.put(variable, new PathState.Reclaimed(tree, value.gone()));
    ValueState back = value.givenBack();
    state.values.put(variable, back);
    return back;
  }

  /** A return in a finally block goes instead of the one before. */
  void takeBackOtherReturns(Tree made, PathState state) {
    state.reclaimed.clear();
    state.values.replaceAll(
        (k, v) -> v.pending() instanceof JCReturn && v.pending() != made ? v.givenBack() : v);
  }
}
