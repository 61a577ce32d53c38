package orrery.ownership.checker;

import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import com.sun.tools.javac.code.Types;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCClassDecl;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
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
  private final Crossing crossing;
  private final Code code;
  private final Sinks sinks;
  private final Types types;
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
    this.crossing = new Crossing(marks);
    this.code = code;
    this.sinks = sinks;
    this.types = session.types();
    this.reporter = reporter;
    this.unsafe = unsafe;
    this.strict = strict;
  }

  // ---- declarations

  void check(JCClassDecl tree) {
    boolean sendable = marks.has(tree.sym, Mark.SENDABLE) && !tree.sym.isInterface();
    boolean shared = marks.has(tree.sym, Mark.SHARED) && !tree.sym.isInterface();
    if (strict && isThread(tree.sym) && !crossing.canBeShared(tree.sym.type)) {
      reporter.report(Rule.SEND, tree, "`" + tree.sym.name + "` runs in a thread of its own");
    }
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

  private boolean isThread(ClassSymbol type) {
    return types.closure(type.type).stream().anyMatch(t -> Jdk.isThread(t.tsym));
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
    if (!fixed || !crossing.canBeShared(field.sym.type)) {
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
    return crossing.canBeSent(ownArray ? ((Type.ArrayType) type).elemtype : type);
  }

  // ---- crossings

  /** A parallel stream hands its functions to other threads, whatever they touch. */
  void checkCall(JCTree call, MethodSymbol method) {
    if (strict && Jdk.isParallel(method)) {
      reporter.report(
          Rule.SEND, call, "`" + method.name + "` hands functions to other threads unseen");
    }
  }

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
      } else if (!crossing.canBeSent(argument.type) && !unsafe.contains(argument)) {
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
          if (!own.contains(variable) && !crossing.canBeSent(variable.type)) {
            captured(
                tree, variable, "`" + variable.name + "`, a `" + variable.type.tsym.name + "`,");
          }
        } else if (isOpenStatic(tree.sym)) {
          captured(tree, tree.sym, "static `" + tree.name + "`");
        } else if (isInstanceMember(tree)) {
          ClassSymbol owner = code.enclosingClass(function).sym;
          if (!crossing.canBeShared(owner.type)) {
            captured(tree, owner, "`this`, a `" + owner.name + "`,");
          }
        }
      }

      @Override
      public void visitSelect(JCFieldAccess tree) {
        if (isOpenStatic(tree.sym)) {
          captured(tree, tree.sym, "static `" + tree.name + "`");
        }
        super.visitSelect(tree);
      }

      private void captured(JCTree tree, Symbol symbol, String what) {
        if (reported.add(symbol)) {
          reporter.report(
              Rule.SEND, tree, what + " crosses to another thread or context in a function");
        }
      }
    }.scan(function);
  }

  /** A static field that several threads may not touch, of whatever class. */
  private boolean isOpenStatic(Symbol symbol) {
    return symbol instanceof VarSymbol field
        && field.isStatic()
        && field.owner.kind == com.sun.tools.javac.code.Kinds.Kind.TYP
        && !field.name.contentEquals("class")
        && marks.text(field, Mark.SHARED).isEmpty()
        && ((field.flags() & Flags.FINAL) == 0 && (field.flags() & Flags.VOLATILE) == 0
            || strict && !isOfJdk(field) && !crossing.canBeShared(field.type));
  }

  private static boolean isOfJdk(VarSymbol field) {
    return field.packge().getQualifiedName().toString().startsWith("java.");
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
