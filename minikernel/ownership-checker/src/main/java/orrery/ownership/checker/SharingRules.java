package orrery.ownership.checker;

import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.RecordComponent;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCClassDecl;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMemberReference;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import orrery.ownership.checker.flow.Sinks;

/** What crosses between threads and contexts is sent whole or shared under a lock. */
final class SharingRules {
  private final Marks marks;
  private final Code code;
  private final Sinks sinks;
  private final Reporter reporter;
  private final UnsafeCode unsafe;
  private final boolean strict;

  SharingRules(
      Session session,
      Code code,
      Sinks sinks,
      Reporter reporter,
      UnsafeCode unsafe,
      boolean strict) {
    this.marks = session.marks();
    this.code = code;
    this.sinks = sinks;
    this.reporter = reporter;
    this.unsafe = unsafe;
    this.strict = strict;
  }

  // ---- declarations

  void check(JCClassDecl tree) {
    boolean sendable = marks.has(tree.sym, Mark.SENDABLE) && !tree.sym.isInterface();
    boolean shared = marks.has(tree.sym, Mark.SHARED) && !tree.sym.isInterface();
    for (JCTree member : tree.defs) {
      if (!(member instanceof JCVariableDecl field)) {
        continue;
      }
      String lock = marks.text(field.sym, Mark.SHARED);
      if (!lock.isEmpty()) {
        checkLock(field, lock, tree.sym);
      } else if (field.sym.isStatic() || unsafe.contains(field)) {
        continue;
      } else if (shared) {
        checkShared(field);
      } else if (sendable && !goesAlong(field)) {
        reporter.report(
            Rule.NOT_SENDABLE,
            field,
            "`"
                + tree.sym.name
                + "` is @Sendable, but its field `"
                + field.name
                + "` is a `"
                + field.sym.type
                + "`");
      }
    }
  }

  private void checkLock(JCVariableDecl field, String lock, ClassSymbol owner) {
    if (lock.equals("this")) {
      return;
    }
    for (Symbol each : owner.members().getSymbols(s -> s.name.contentEquals(lock))) {
      if (each instanceof VarSymbol found && (found.flags() & Flags.FINAL) != 0) {
        return;
      }
    }
    reporter.report(
        Rule.LOCK_NAME, field, "`" + owner.name + "` has no final field `" + lock + "` to lock");
  }

  private void checkShared(JCVariableDecl field) {
    boolean fixed = (field.sym.flags() & (Flags.FINAL | Flags.VOLATILE)) != 0;
    if (!fixed || !canBeShared(field.sym.type, new HashSet<>())) {
      reporter.report(
          Rule.NOT_SHARED,
          field,
          "`"
              + field.sym.owner.name
              + "` is @Shared, but its field `"
              + field.name
              + "` "
              + (fixed ? "is a `" + field.sym.type + "`" : "can change and names no lock"));
    }
  }

  /** A private array goes along with its object. */
  private boolean goesAlong(JCVariableDecl field) {
    Type type = field.sym.type;
    boolean ownArray = type.hasTag(TypeTag.ARRAY) && (field.sym.flags() & Flags.PRIVATE) != 0;
    return canBeSent(ownArray ? ((Type.ArrayType) type).elemtype : type, new HashSet<>());
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

  // ---- crossings

  void checkArguments(MethodSymbol method, List<JCExpression> arguments) {
    boolean sends = strict && Jdk.sends(method);
    for (int i = 0; i < arguments.size(); i++) {
      VarSymbol parameter = Sinks.parameter(method, i);
      if (parameter == null || !sends && !marks.has(parameter, Mark.SENDABLE)) {
        continue;
      }
      JCExpression argument = TreeInfo.skipParens(arguments.get(i));
      if (isFunction(argument)) {
        checkCaptures(argument);
      } else if (!canBeSent(argument.type, new HashSet<>()) && !unsafe.contains(argument)) {
        reporter.report(
            Rule.SEND,
            argument,
            "`"
                + Code.text(argument)
                + "`, a `"
                + argument.type.tsym.name
                + "`, crosses to another thread or context by `"
                + Reporter.name(method)
                + "`");
      }
    }
  }

  private static boolean isFunction(JCTree tree) {
    return tree instanceof JCLambda || tree instanceof JCMemberReference;
  }

  /** A lambda or reference whose interface is sendable. */
  void check(JCTree function) {
    if (function instanceof JCExpression e
        && e.type != null
        && marks.has(e.type.tsym, Mark.SENDABLE)) {
      checkCaptures(function);
    }
  }

  private void checkCaptures(JCTree function) {
    if (unsafe.contains(function)) {
      return;
    }
    Set<Symbol> reported = new HashSet<>();
    new TreeScanner() {
      private final Set<Symbol> own = new HashSet<>();

      @Override
      public void visitVarDef(JCVariableDecl tree) {
        own.add(tree.sym);
        super.visitVarDef(tree);
      }

      @Override
      public void visitIdent(JCIdent tree) {
        if (tree.sym instanceof VarSymbol variable && isLocal(variable)) {
          if (!own.contains(variable) && !canBeSent(variable.type, new HashSet<>())) {
            captured(
                tree, variable, "`" + variable.name + "`, a `" + variable.type.tsym.name + "`,");
          }
        } else if (isInstanceMember(tree)) {
          ClassSymbol owner = code.enclosingClass(function).sym;
          if (!canBeShared(owner.type, new HashSet<>())) {
            captured(tree, owner, "`this`, a `" + owner.name + "`,");
          }
        }
      }

      private void captured(JCTree tree, Symbol symbol, String what) {
        if (reported.add(symbol)) {
          reporter.report(
              Rule.SEND, tree, what + " crosses to another thread or context in a function");
        }
      }
    }.scan(function);
  }

  private static boolean isLocal(VarSymbol variable) {
    return variable.owner.kind == com.sun.tools.javac.code.Kinds.Kind.MTH;
  }

  private static boolean isInstanceMember(JCIdent tree) {
    if (tree.name.contentEquals("this") || tree.name.contentEquals("super")) {
      return true;
    }
    Symbol symbol = tree.sym;
    return symbol != null
        && !symbol.isStatic()
        && symbol.owner.kind == com.sun.tools.javac.code.Kinds.Kind.TYP
        && (symbol instanceof MethodSymbol || symbol instanceof VarSymbol);
  }
}
