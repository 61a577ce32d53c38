package orrery.ownership.checker.flow;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import orrery.ownership.checker.Reporter;

/**
 * Where the value of an expression goes.
 *
 * @param kind what happens to it there
 * @param place the tree that takes it
 * @param target the variable, field, parameter or method; may be null
 */
public record Sink(Kind kind, Tree place, Symbol target) {
  /** What happens to a value. */
  public enum Kind {
    /** Looked at, called, compared. */
    BORROW,
    /** Taken by a parameter or a consuming call. */
    MOVE,
    /** Bound to a local variable. */
    BIND,
    /** Returned or yielded by a lambda. */
    RETURN,
    /** Stored in a field. */
    STORE,
    /** Stored in an array. */
    ARRAY,
    /** Closed at the end of a try. */
    RESOURCE,
    /** Looked at by a switch, whose patterns may take it. */
    SELECTOR,
    /** Tested by instanceof, whose pattern may take it. */
    TEST,
    /** Goes where the type does not own. */
    ERASED,
    /** Nothing takes it. */
    DROP
  }

  boolean is(Kind other) {
    return kind == other;
  }

  /** True if the value's old name ends there. */
  boolean takes() {
    return switch (kind) {
      case MOVE, BIND, RETURN, STORE -> true;
      default -> false;
    };
  }

  /** What happened to a value that it takes, for messages. */
  String how() {
    return switch (kind) {
      case MOVE ->
          target instanceof VarSymbol parameter
              ? "moved into `" + Reporter.name((MethodSymbol) parameter.owner) + "`"
              : "consumed by `" + target.name + "`";
      case BIND -> "moved to `" + target.name + "`";
      case STORE -> "stored in `" + target.name + "`";
      default -> "returned";
    };
  }
}
