package orrery.ownership.checker;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.Trees;
import com.sun.tools.javac.api.BasicJavacTask;
import java.io.UncheckedIOException;
import javax.tools.Diagnostic;

/**
 * Checks each class that javac has analysed. What keeps the checker itself from working is an error
 * of the compilation, once, and never an exception out of javac.
 */
final class Listener implements TaskListener {
  private final JavacTask task;
  private final Options options;
  private final UnsafeReport unsafeReport;
  private String refusal;
  private Session session;
  private CompilationUnitTree last;

  /** {@code refusal}: why nothing can be checked, or null. */
  Listener(JavacTask task, Options options, String refusal) {
    this.task = task;
    this.options = options;
    this.unsafeReport = options == null ? null : new UnsafeReport(options);
    this.refusal = refusal;
  }

  @Override
  public void finished(TaskEvent event) {
    if (event.getKind() == TaskEvent.Kind.ANALYZE && event.getTypeElement() != null) {
      last = event.getCompilationUnit();
      check(event);
    } else if (event.getKind() == TaskEvent.Kind.COMPILATION && unsafeReport != null) {
      write();
    }
  }

  private void check(TaskEvent event) {
    if (options != null) {
      try {
        if (session == null) {
          session = new Session((BasicJavacTask) task, options, unsafeReport);
        }
        session.check(last, event.getTypeElement());
        return;
      } catch (IllegalAccessError e) {
        refusal =
            "javac's packages are closed to it: pass the five --add-exports that its README lists";
      } catch (LinkageError e) {
        refusal = "its library is not on the processor path: " + e.getMessage();
      }
    }
    if (refusal != null) {
      say(refusal);
      refusal = null;
    }
  }

  private void write() {
    try {
      unsafeReport.write();
    } catch (UncheckedIOException e) {
      if (last == null) {
        throw e; // nothing was compiled at which it could be said
      }
      say(e.getMessage() + " (" + e.getCause().getMessage() + ")");
    }
  }

  /** In the words of {@link Rule#FAILED}, which may be out of reach itself. */
  private void say(String why) {
    Trees.instance(task)
        .printMessage(
            Diagnostic.Kind.ERROR,
            "[ORR0901] the ownership checker cannot work: " + why,
            last,
            last);
  }
}
