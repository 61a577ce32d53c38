package orrery.ownership.checker;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.Trees;
import com.sun.tools.javac.api.BasicJavacTask;
import com.sun.tools.javac.code.Types;
import com.sun.tools.javac.processing.JavacProcessingEnvironment;
import com.sun.tools.javac.tree.JCTree.JCClassDecl;
import com.sun.tools.javac.tree.JCTree.JCCompilationUnit;
import com.sun.tools.javac.util.Context;
import com.sun.tools.javac.util.Log;
import java.io.PrintWriter;
import java.io.StringWriter;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.TypeElement;

/** What all classes of a compilation share. */
public final class Session {
  private final Trees trees;
  private final Types types;
  private final Marks marks = new Marks();
  private final Options options;
  private final UnsafeReport unsafeReport;
  private final ProcessingEnvironment environment;
  private final ErrorCount errors;

  Session(BasicJavacTask task, Options options, UnsafeReport unsafeReport) {
    Context context = task.getContext();
    this.trees = Trees.instance(task);
    this.types = Types.instance(context);
    this.environment = JavacProcessingEnvironment.instance(context);
    this.errors = new ErrorCount(Log.instance(context));
    this.options = options;
    this.unsafeReport = unsafeReport;
  }

  /** Checks one class; whatever goes wrong in here becomes one diagnostic. */
  void check(CompilationUnitTree unit, TypeElement type) {
    if (!(unit instanceof JCCompilationUnit source)
        || !(trees.getTree(type) instanceof JCClassDecl tree)) {
      return; // a module or a package declaration
    }
    if (errors.hasOthers()) {
      return; // code that javac rejects may have no types; its own errors come first
    }
    Reporter reporter = new Reporter(trees, unit, errors);
    try {
      String packageName = tree.sym.packge().getQualifiedName().toString();
      if (Survey.concerns(tree, marks, options.isStrict(packageName))) {
        new ClassChecker(this, new Code(source, tree), reporter, packageName).check();
      }
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      String trace = options.debug() ? "\n" + trace(e) : "";
      reporter.report(Rule.FAILED, tree, "the checker failed in `" + tree.sym + "`: " + e + trace);
    }
  }

  private static String trace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  /** The sources of this compilation. */
  public Trees trees() {
    return trees;
  }

  /** javac's relations between types. */
  public Types types() {
    return types;
  }

  /** What the annotations say. */
  public Marks marks() {
    return marks;
  }

  /** For the builder of control-flow graphs. */
  public ProcessingEnvironment environment() {
    return environment;
  }

  Options options() {
    return options;
  }

  UnsafeReport unsafeReport() {
    return unsafeReport;
  }
}
