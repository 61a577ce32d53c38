package orrery.cli;

import java.io.PrintWriter;

/**
 * What the start-up cache is trained on, called by {@code build/set-up}: help, and a machine with
 * either kind of kernel, in one Java process, because a cache remembers what one process has
 * loaded.
 */
final class TrainingRun {
  private static final String PROGRAM =
      "for i in 1 2 3; do ls -l /bin | wc -l; done; cat /proc/self/stat; exit 0";

  private TrainingRun() {}

  /**
   * Runs both machines and ends with the first status that is not 0.
   *
   * @param arguments a flat guest kernel that switches off at once
   */
  public static void main(String[] arguments) {
    Main main = new Main(new PrintWriter(System.out, true), new PrintWriter(System.err, true));
    int status = main.run("run", "--help"); // takes the parser that plain arguments do without
    if (status == ExitStatus.OK) {
      status = main.run("run", "--timeout", "60", "--", "sh", "-c", PROGRAM);
    }
    if (status == ExitStatus.OK) {
      status = main.run("boot", "--timeout", "60", "--kernel", arguments[0]);
    }
    Runtime.getRuntime().halt(status); // as Main ends
  }
}
