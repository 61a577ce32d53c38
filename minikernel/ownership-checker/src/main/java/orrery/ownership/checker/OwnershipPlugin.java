package orrery.ownership.checker;

import com.sun.source.util.JavacTask;
import com.sun.source.util.Plugin;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.tools.javac.api.BasicJavacTask;

/**
 * The javac plugin: {@code -Xplugin:Ownership}. It checks each class after javac has attributed it
 * and analysed its flow, so that it sees what the compiler sees.
 */
public final class OwnershipPlugin implements Plugin {
  /** For javac, by the service loader. */
  public OwnershipPlugin() {}

  @Override
  public String getName() {
    return "Ownership";
  }

  @Override
  public void init(JavacTask task, String... words) {
    Options options = Options.parse(words);
    UnsafeReport unsafeReport = new UnsafeReport(options);
    task.addTaskListener(
        new TaskListener() {
          private Session session;

          @Override
          public void finished(TaskEvent event) {
            if (event.getKind() == TaskEvent.Kind.ANALYZE && event.getTypeElement() != null) {
              if (session == null) {
                session = new Session((BasicJavacTask) task, options, unsafeReport);
              }
              session.check(event.getCompilationUnit(), event.getTypeElement());
            } else if (event.getKind() == TaskEvent.Kind.COMPILATION) {
              unsafeReport.write();
            }
          }
        });
  }
}
