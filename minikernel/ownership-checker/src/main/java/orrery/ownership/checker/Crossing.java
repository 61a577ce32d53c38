package orrery.ownership.checker;

import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.RecordComponent;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import java.util.HashSet;
import java.util.Set;

/** Which types may be shared between threads and contexts, and which may be sent. */
public final class Crossing {
  private final Marks marks;

  /** By what the annotations say. */
  public Crossing(Marks marks) {
    this.marks = marks;
  }

  /** True if several threads may use a value at once. */
  public boolean canBeShared(Type type) {
    return canBeShared(type, new HashSet<>());
  }

  /** True if another thread may get a value. */
  public boolean canBeSent(Type type) {
    return canBeSent(type, new HashSet<>());
  }

  private boolean canBeShared(Type type, Set<Symbol> seen) {
    return type.isPrimitive()
        || type.hasTag(TypeTag.BOT)
        || marks.has(type.tsym, Mark.SHARED)
        || type.hasTag(TypeTag.CLASS) && Jdk.isShareable(type)
        || (type.tsym.flags() & Flags.ENUM) != 0
        || isRecordOf(type, seen, this::canBeShared);
  }

  private boolean canBeSent(Type type, Set<Symbol> seen) {
    return canBeShared(type, new HashSet<>())
        || marks.has(type.tsym, Mark.SENDABLE)
        || isRecordOf(type, seen, this::canBeSent);
  }

  private interface Test {
    boolean holds(Type type, Set<Symbol> seen);
  }

  private boolean isRecordOf(Type type, Set<Symbol> seen, Test test) {
    if (!(type.tsym instanceof ClassSymbol record)
        || !record.isRecord()
        || marks.isOwned(type)
        || !seen.add(record)) {
      return false;
    }
    for (RecordComponent component : record.getRecordComponents()) {
      if (!test.holds(component.type, seen)) {
        return false;
      }
    }
    return true;
  }
}
