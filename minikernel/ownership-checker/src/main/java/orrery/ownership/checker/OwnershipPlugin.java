package orrery.ownership.checker;

import com.sun.source.util.JavacTask;
import com.sun.source.util.Plugin;

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
    Options options = null;
    String refusal = null;
    try {
      options = Options.parse(words);
    } catch (IllegalArgumentException e) {
      refusal = e.getMessage();
    }
    task.addTaskListener(new Listener(task, options, refusal));
  }
}
