package orrery.ownership.checker;

import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.JCArrayTypeTree;
import com.sun.tools.javac.tree.JCTree.JCBlock;
import com.sun.tools.javac.tree.JCTree.JCCase;
import com.sun.tools.javac.tree.JCTree.JCClassDecl;
import com.sun.tools.javac.tree.JCTree.JCFieldAccess;
import com.sun.tools.javac.tree.JCTree.JCIdent;
import com.sun.tools.javac.tree.JCTree.JCInstanceOf;
import com.sun.tools.javac.tree.JCTree.JCLambda;
import com.sun.tools.javac.tree.JCTree.JCMemberReference;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.JCTree.JCMethodInvocation;
import com.sun.tools.javac.tree.JCTree.JCNewClass;
import com.sun.tools.javac.tree.JCTree.JCTypeApply;
import com.sun.tools.javac.tree.JCTree.JCTypeCast;
import com.sun.tools.javac.tree.JCTree.JCVariableDecl;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeScanner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import orrery.ownership.checker.flow.Body;
import orrery.ownership.checker.flow.Flow;
import orrery.ownership.checker.flow.LambdaContexts;
import orrery.ownership.checker.flow.Paths;
import orrery.ownership.checker.flow.Sinks;

/** Walks over one top-level class: rules that need no flow at each tree, the flow of each body. */
final class ClassChecker extends TreeScanner {
  private final Session session;
  private final Marks marks;
  private final Code code;
  private final Reporter reporter;
  private final Sinks sinks;
  private final boolean strict;
  private final UnsafeCode unsafe;
  private final DeclarationRules declarations;
  private final OverrideRules overrides;
  private final TypeRules types;
  private final FunctionRules functions;
  private final SleepRules sleep;
  private final SharingRules sharing;
  private final Map<JCTree, LambdaContexts> contexts = new HashMap<>();

  ClassChecker(Session session, Code code, Reporter reporter, String packageName) {
    this.session = session;
    this.marks = session.marks();
    this.code = code;
    this.reporter = reporter;
    this.sinks = new Sinks(code, marks, session.types());
    this.strict = session.options().isStrict(packageName);
    this.unsafe = new UnsafeCode(session, code, reporter, strict);
    this.functions = new FunctionRules(code, marks, sinks, reporter);
    this.declarations = new DeclarationRules(session, reporter, unsafe);
    this.overrides = new OverrideRules(session, reporter);
    this.types = new TypeRules(marks, reporter, unsafe, session.types());
    this.sleep = new SleepRules(code, marks, sinks, reporter, strict);
    this.sharing = new SharingRules(session, code, sinks, reporter, unsafe, strict);
  }

  void check() {
    scan(code.top());
    unsafe.finish();
  }

  // ---- declarations

  @Override
  public void visitClassDef(JCClassDecl tree) {
    declarations.check(tree);
    sharing.check(tree);
    unsafe.check(tree);
    for (JCTree member : tree.defs) {
      if (member instanceof JCBlock block && Survey.concerns(block, marks, strict)) {
        analyze(initializer(block, tree.sym));
      }
    }
    super.visitClassDef(tree);
  }

  @Override
  public void visitMethodDef(JCMethodDecl tree) {
    overrides.check(tree);
    sleep.check(tree);
    unsafe.check(tree);
    if (tree.body != null && !isGenerated(tree) && Survey.concerns(tree, marks, strict)) {
      analyze(methodBody(tree));
    }
    super.visitMethodDef(tree);
  }

  private static boolean isGenerated(JCMethodDecl tree) {
    long flags = com.sun.tools.javac.code.Flags.GENERATEDCONSTR;
    return (tree.sym.flags() & (flags | com.sun.tools.javac.code.Flags.GENERATED_MEMBER)) != 0;
  }

  @Override
  public void visitVarDef(JCVariableDecl tree) {
    types.check(tree);
    boolean field = code.parent(tree) instanceof JCClassDecl;
    if (field && tree.init != null && Survey.concerns(tree, marks, strict)) {
      analyze(initializer(tree, code.enclosingClass(tree).sym));
    }
    super.visitVarDef(tree);
  }

  // ---- bodies

  private void analyze(Body body) {
    contexts.put((JCTree) body.tree(), new Flow(session, code, sinks, reporter, body).run());
  }

  private Body methodBody(JCMethodDecl tree) {
    MethodSymbol method = tree.sym;
    ClassSymbol owner = (ClassSymbol) method.owner;
    String lock = marks.text(method, Mark.SHARED);
    return new Body(
        tree,
        method,
        owner,
        tree.params,
        false,
        false,
        unsafe.contains(tree),
        parts(owner),
        kind(tree, owner),
        lock.isEmpty() ? Set.of() : Set.of(Paths.ofLock(method, lock, "this")),
        null);
  }

  private Body.Kind kind(JCMethodDecl tree, ClassSymbol owner) {
    MethodSymbol method = tree.sym;
    if (!marks.isOwned(owner.type) || method.isStatic()) {
      return Body.Kind.FREE;
    }
    if (method.isConstructor()) {
      return callsThis(tree) ? Body.Kind.BORROWS_THIS : Body.Kind.CONSTRUCTS_THIS;
    }
    return marks.consumesReceiver(method) ? Body.Kind.CONSUMES_THIS : Body.Kind.BORROWS_THIS;
  }

  private static boolean callsThis(JCMethodDecl tree) {
    return tree.body.stats.stream()
        .anyMatch(
            s ->
                s instanceof JCTree.JCExpressionStatement e
                    && e.expr instanceof JCMethodInvocation call
                    && TreeInfo.name(call.meth).contentEquals("this"));
  }

  private Body initializer(JCTree tree, ClassSymbol owner) {
    return new Body(
        tree,
        null,
        owner,
        List.of(),
        false,
        false,
        unsafe.contains(tree),
        List.of(),
        marks.isOwned(owner.type) ? Body.Kind.BORROWS_THIS : Body.Kind.FREE,
        Set.of(),
        null);
  }

  private List<VarSymbol> parts(ClassSymbol owner) {
    List<VarSymbol> parts = new ArrayList<>();
    Type type = owner.type;
    while (marks.isOwned(type) && (type.tsym == owner || !marks.has(type.tsym, Mark.UNSAFE))) {
      for (var member : type.tsym.members().getSymbols(s -> s instanceof VarSymbol)) {
        VarSymbol field = (VarSymbol) member;
        if (!field.isStatic() && marks.isOwned(field.type) && !marks.has(field, Mark.UNSAFE)) {
          parts.addFirst(field);
        }
      }
      type = session.types().supertype(type);
    }
    return parts;
  }

  @Override
  public void visitLambda(JCLambda tree) {
    functions.check(tree);
    sharing.check(tree);
    if (Survey.concerns(tree, marks, strict)) {
      analyze(lambdaBody(tree));
    }
    super.visitLambda(tree);
  }

  private Body lambdaBody(JCLambda tree) {
    ClassSymbol owner = code.enclosingClass(tree).sym;
    boolean atOnce = sinks.runsAtOnce(tree);
    JCTree outer = outerBody(tree);
    LambdaContexts around = contexts.get(outer);
    boolean keepsContext = atOnce && around != null;
    JCMethodDecl method = code.enclosingMethod(tree);
    boolean inStatic = method == null || method.sym.isStatic();
    return new Body(
        tree,
        sinks.function(tree.type),
        owner,
        tree.params,
        true,
        atOnce,
        unsafe.contains(tree),
        parts(owner),
        marks.isOwned(owner.type) && !inStatic ? Body.Kind.BORROWS_THIS : Body.Kind.FREE,
        keepsContext ? around.locks(tree) : Set.of(),
        keepsContext ? around.atomic(tree) : null);
  }

  private JCTree outerBody(JCTree tree) {
    JCTree p = code.parent(tree);
    while (p != null && !contexts.containsKey(p)) {
      p = code.parent(p);
    }
    return p;
  }

  // ---- expressions

  @Override
  public void visitApply(JCMethodInvocation tree) {
    MethodSymbol method = Code.method(tree);
    if (method != null) {
      sleep.check(tree, method);
      unsafe.checkCall(tree, method);
      sharing.checkCall(tree, method);
      sharing.checkArguments(method, tree.args);
      if (!(code.parent(tree) instanceof JCTree.JCExpressionStatement)) {
        types.checkResult(tree, method);
      }
    }
    super.visitApply(tree);
  }

  @Override
  public void visitNewClass(JCNewClass tree) {
    if (tree.constructor instanceof MethodSymbol constructor) {
      sleep.check(tree, constructor);
      unsafe.checkCall(tree, constructor);
      sharing.checkArguments(constructor, tree.args);
    }
    types.check(tree);
    super.visitNewClass(tree);
  }

  @Override
  public void visitReference(JCMemberReference tree) {
    functions.check(tree);
    sharing.check(tree);
    sleep.check(tree);
    if (tree.sym instanceof MethodSymbol method) {
      unsafe.checkCall(tree, method);
    }
    super.visitReference(tree);
  }

  @Override
  public void visitIdent(JCIdent tree) {
    unsafe.checkRaw(tree, tree.sym);
    functions.checkKept(tree);
  }

  @Override
  public void visitSelect(JCFieldAccess tree) {
    unsafe.checkRaw(tree, tree.sym);
    super.visitSelect(tree);
  }

  @Override
  public void visitTypeCast(JCTypeCast tree) {
    types.checkMade(tree, tree.type, tree.expr.type);
    super.visitTypeCast(tree);
  }

  @Override
  public void visitTypeTest(JCInstanceOf tree) {
    types.checkMade(tree, tree.pattern.type, tree.expr.type);
    super.visitTypeTest(tree);
  }

  @Override
  public void visitCase(JCCase tree) {
    types.check(tree, code.parent(tree));
    super.visitCase(tree);
  }

  @Override
  public void visitTypeApply(JCTypeApply tree) {
    types.check(tree);
    super.visitTypeApply(tree);
  }

  @Override
  public void visitTypeArray(JCArrayTypeTree tree) {
    types.check(tree);
    super.visitTypeArray(tree);
  }
}
