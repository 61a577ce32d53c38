package orrery.ownership.checker.flow;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.Types;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCAnyPattern;
import com.sun.tools.javac.tree.JCTree.JCBindingPattern;
import com.sun.tools.javac.tree.JCTree.JCCase;
import com.sun.tools.javac.tree.JCTree.JCCaseLabel;
import com.sun.tools.javac.tree.JCTree.JCConstantCaseLabel;
import com.sun.tools.javac.tree.JCTree.JCExpression;
import com.sun.tools.javac.tree.JCTree.JCPattern;
import com.sun.tools.javac.tree.JCTree.JCPatternCaseLabel;
import com.sun.tools.javac.tree.JCTree.JCRecordPattern;
import com.sun.tools.javac.tree.JCTree.JCSwitch;
import com.sun.tools.javac.tree.JCTree.JCSwitchExpression;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.nullaway.dataflow.cfg.node.InstanceOfNode;
import orrery.ownership.checker.Code;
import orrery.ownership.checker.Marks;
import orrery.ownership.checker.Reporter;
import orrery.ownership.checker.Rule;
import orrery.ownership.checker.Session;

/** Patterns: the value that is tested goes over to what they bind. */
final class Patterns {
  private final Code code;
  private final Marks marks;
  private final Types types;
  private final Reporter reporter;
  private final Findings findings;

  /** Switches whose value comes from no variable, and the variable that stands for it. */
  private final Map<JCTree, VarSymbol> temporaries = new IdentityHashMap<>();

  /** The position of variables that the source does not have. */
  static final int TEMPORARY = -2;

  private final Map<JCTree, VarSymbol> results = new IdentityHashMap<>();

  Patterns(Code code, Session session, Reporter reporter, Findings findings) {
    this.code = code;
    this.marks = session.marks();
    this.types = session.types();
    this.reporter = reporter;
    this.findings = findings;
  }

  /** The variable that stands for a result until the call that takes it is made. */
  VarSymbol temporary(JCTree result, ClassSymbol owner) {
    return results.computeIfAbsent(
        result,
        r -> {
          var name = owner.name.table.fromString(Code.text(r));
          var place = new MethodSymbol(0, owner.name, Type.noType, owner);
          VarSymbol variable = new VarSymbol(0, name, r.type, place);
          variable.pos = TEMPORARY;
          return variable;
        });
  }

  /** The value of a switch's selector is held by {@code variable}. */
  void standIn(JCTree selectorOwner, VarSymbol variable) {
    temporaries.put(selectorOwner, variable);
  }

  boolean instanceOf(InstanceOfNode test, boolean outcome, PathState state) {
    var tree = (JCTree.JCInstanceOf) test.getTree();
    VarSymbol variable = Conditions.variable(test.getOperand());
    if (!outcome) {
      return variable == null
          || !excludesAll(variable, tree, state)
          || state.values.get(variable).may(ValueState.EMPTY)
              && Conditions.isNull(variable, true, state);
    }
    if (!Conditions.isNull(variable, false, state)) {
      return false;
    }
    if (tree.pattern instanceof JCPattern pattern) {
      ValueState before = variable == null ? null : state.values.get(variable);
      match(pattern, variable, state);
      if (before != null) {
        state.matches.put(tree, new PathState.Match(variable, before, bound(pattern, state)));
      }
    }
    return true;
  }

  /** The test has failed: true if no class of the variable's type is left. */
  private boolean excludesAll(VarSymbol variable, JCTree.JCInstanceOf test, PathState state) {
    Type tested = test.pattern.type;
    boolean whole = !(test.pattern instanceof JCPattern pattern) || matchesAll(pattern, tested);
    if (!whole || state.values.get(variable) == null) {
      return false;
    }
    Set<Symbol> excluded = new HashSet<>(state.excluded.getOrDefault(variable, Set.of()));
    excluded.add(tested.tsym);
    state.excluded.put(variable, excluded);
    return isCovered(variable.type.tsym, excluded);
  }

  /** True if every instance of the class is an instance of one of {@code by}. */
  private boolean isCovered(Symbol type, Set<Symbol> by) {
    if (by.stream().anyMatch(b -> type.isSubClass(b, types))) {
      return true;
    }
    return type instanceof ClassSymbol c
        && (c.flags() & Flags.SEALED) != 0
        && (c.flags() & (Flags.ABSTRACT | Flags.INTERFACE)) != 0
        && c.getPermittedSubclasses().nonEmpty()
        && c.getPermittedSubclasses().stream().allMatch(t -> isCovered(t.tsym, by));
  }

  /** True if the pattern takes every value of the type but null. */
  private boolean matchesAll(JCPattern pattern, Type type) {
    if (pattern instanceof JCAnyPattern) {
      return true;
    }
    if (!types.isSubtype(types.erasure(type), types.erasure(pattern.type))) {
      return false;
    }
    if (!(pattern instanceof JCRecordPattern record)) {
      return true;
    }
    var components = ((ClassSymbol) record.type.tsym).getRecordComponents().iterator();
    for (JCPattern nested : record.nested) {
      // a nested type pattern that covers its component takes null too; a record pattern does not
      if (!components.hasNext()
          || nested instanceof JCRecordPattern
          || !matchesAll(nested, types.memberType(type, components.next()))) {
        return false;
      }
    }
    return true;
  }

  private static Map<VarSymbol, ValueState> bound(JCPattern pattern, PathState state) {
    Map<VarSymbol, ValueState> bound = new HashMap<>();
    new TreeScanner() {
      @Override
      public void visitBindingPattern(JCBindingPattern binding) {
        if (state.values.get(binding.var.sym) instanceof ValueState value) {
          bound.put(binding.var.sym, value);
        }
      }
    }.scan(pattern);
    return bound;
  }

  /** Undoes the matches inside of a condition that has failed as a whole. */
  void undo(Tree condition, PathState state) {
    new TreeScanner() {
      @Override
      public void visitTypeTest(JCTree.JCInstanceOf test) {
        PathState.Match match = state.matches.remove(test);
        if (match != null) {
          state.undo(match);
        }
        super.visitTypeTest(test);
      }
    }.scan((JCTree) condition);
  }

  boolean label(CaseTree tree, boolean outcome, PathState state) {
    JCCase label = (JCCase) tree;
    VarSymbol variable = selector(code.parent(label));
    if (variable == null || label.labels.size() != 1) {
      return true;
    }
    JCCaseLabel only = label.labels.head;
    if (only instanceof JCConstantCaseLabel constant && isNull(constant.expr)) {
      return Conditions.isNull(variable, outcome, state);
    }
    if (outcome && only instanceof JCPatternCaseLabel pattern) {
      if (!Conditions.isNull(variable, false, state)) {
        return false;
      }
      match(pattern.pat, variable, state);
    } else if (!outcome) {
      matchLast(label, variable, state);
    }
    return true;
  }

  /** The last but one label has failed: then the last one of an exhaustive switch matches. */
  private void matchLast(JCCase failed, VarSymbol variable, PathState state) {
    List<JCCase> cases =
        switch (code.parent(failed)) {
          case JCSwitch s -> s.cases;
          case JCSwitchExpression s -> s.cases;
          default -> List.of();
        };
    boolean lastButOne = cases.size() >= 2 && cases.get(cases.size() - 2) == failed;
    if (lastButOne
        && failed.guard == null
        && cases.getLast().guard == null
        && cases.getLast().labels.size() == 1
        && cases.getLast().labels.head instanceof JCPatternCaseLabel last
        && cases.stream().noneMatch(Patterns::hasDefault)
        && Conditions.isNull(variable, false, state)) {
      match(last.pat, variable, state);
    }
  }

  private static boolean hasDefault(JCCase label) {
    return label.labels.stream().anyMatch(JCTree.JCDefaultCaseLabel.class::isInstance);
  }

  private static boolean isNull(JCExpression expression) {
    return TreeInfo.isNull(expression);
  }

  /** The control-flow graph does not test the last label of an exhaustive switch: match it late. */
  void matchLate(VarSymbol binding, PathState state) {
    JCTree declaration = findBinding(binding);
    for (JCTree p = declaration; p != null; p = code.parent(p)) {
      if (p instanceof JCCase label
          && label.labels.size() == 1
          && label.labels.head instanceof JCPatternCaseLabel pattern) {
        VarSymbol variable = selector(code.parent(label));
        match(pattern.pat, variable, state);
        return;
      }
    }
  }

  private final Map<VarSymbol, JCTree> bindings = new IdentityHashMap<>();

  JCTree findBinding(VarSymbol binding) {
    if (bindings.isEmpty()) {
      new TreeScanner() {
        @Override
        public void visitBindingPattern(JCBindingPattern pattern) {
          bindings.put(pattern.var.sym, pattern);
        }
      }.scan(code.top());
    }
    return bindings.get(binding);
  }

  boolean isBinding(VarSymbol variable) {
    return findBinding(variable) != null;
  }

  private VarSymbol selector(JCTree owner) {
    JCExpression expression =
        switch (owner) {
          case JCSwitch s -> s.selector;
          case JCSwitchExpression s -> s.selector;
          default -> null;
        };
    if (expression != null
        && TreeInfo.skipParens(expression) instanceof JCTree.JCIdent ident
        && ident.sym instanceof VarSymbol variable) {
      return variable;
    }
    return temporaries.get(owner);
  }

  /**
   * The value of {@code from}, null for one that nobody holds, goes into the pattern's variables.
   */
  private void match(JCPattern pattern, VarSymbol from, PathState state) {
    ValueState value = from == null ? null : state.values.get(from);
    switch (pattern) {
      case JCBindingPattern binding -> {
        if (marks.isOwned(binding.var.sym.type) && (value != null || from == null)) {
          ValueState bound =
              value == null ? ValueState.of(ValueState.LENT, binding) : value.bornAt(binding.var);
          state.values.put(binding.var.sym, bound);
          leave(from, value, "taken by the pattern `" + binding.var.name + "`", binding, state);
        }
      }
      case JCRecordPattern record -> {
        if (value != null && marks.isOwned(record.type)) {
          takeApart(record, value, state);
          leave(from, value, "taken apart by a pattern", record, state);
        }
      }
      default -> {}
    }
  }

  private void leave(VarSymbol from, ValueState value, String how, JCTree place, PathState state) {
    if (from != null && value != null && !value.may(ValueState.LENT)) {
      state.values.put(from, value.moved(reporter.line(place), how, null));
    }
  }

  private void takeApart(JCRecordPattern record, ValueState value, PathState state) {
    var components = ((ClassSymbol) record.type.tsym).getRecordComponents().iterator();
    for (JCPattern nested : record.nested) {
      if (!components.hasNext()) {
        return;
      }
      var component = components.next();
      if (!marks.isOwned(component.type)) {
        continue;
      }
      switch (nested) {
        case JCBindingPattern binding ->
            state.values.put(binding.var.sym, value.withBits(value.bits()).bornAt(binding.var));
        case JCRecordPattern inner -> takeApart(inner, value, state);
        case JCAnyPattern any when value.may(ValueState.OWNED) ->
            findings.add(
                Rule.COMPONENT_LEFT,
                any,
                "`" + component.name + "` of `" + record.type.tsym.name + "` is left behind");
        default -> {}
      }
    }
  }
}
