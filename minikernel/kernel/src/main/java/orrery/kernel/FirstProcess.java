package orrery.kernel;

import java.util.List;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.exec.Execution;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Vfs;
import orrery.kernel.task.Task;
import orrery.kernel.tty.Console;

/** Gives the first process its descriptors, its folder and its program. */
final class FirstProcess {
  private static final String PATH = "PATH=";
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Vfs vfs;
  private final Console console;
  private final Execution execution;

  FirstProcess(Vfs vfs, Console console, Execution execution) {
    this.vfs = vfs;
    this.console = console;
    this.execution = execution;
  }

  /**
   * Prepares {@code init} so that it can run.
   *
   * @throws ErrnoException if its program cannot be executed
   */
  void start(Task init, BootParameters parameters) {
    Location folder = vfs.find(init, init.fs(), parameters.folder());
    if (!folder.inode().isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    init.fs().current(folder);
    openStandardFiles(init);
    List<String> arguments = parameters.arguments();
    String program = arguments.getFirst();
    if (program.indexOf('/') >= 0) {
      execution.start(init, program, arguments, parameters.environment());
    } else {
      search(init, program, arguments, parameters.environment());
    }
  }

  /** As execvp(3): the first match wins, but a better reason than "not found" is remembered. */
  private void search(Task init, String program, List<String> arguments, List<String> environment) {
    String path = DEFAULT_PATH;
    for (String variable : environment) {
      if (variable.startsWith(PATH)) {
        path = variable.substring(PATH.length());
      }
    }
    ErrnoException failure = ErrnoException.of(Errno.ENOENT);
    int from = 0;
    while (from <= path.length()) {
      int end = path.indexOf(':', from);
      end = end < 0 ? path.length() : end;
      String folder = from == end ? "." : path.substring(from, end);
      from = end + 1;
      try {
        execution.start(init, folder + "/" + program, arguments, environment);
        return;
      } catch (ErrnoException e) {
        if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR) {
          failure = e;
          if (e.errno() != Errno.EACCES) {
            break;
          }
        }
      }
    }
    throw failure;
  }

  private void openStandardFiles(Task init) {
    OpenFile terminal = null;
    for (int fd = Console.INPUT; fd <= Console.ERROR; fd++) {
      if (console.isStream(fd)) {
        long number = vfs.anonymous().newNumber();
        init.files().install(console.openStream(fd, vfs.anonymous(), number), false);
      } else if (terminal == null) {
        terminal = vfs.open(init, init.fs(), "/dev/" + Console.TERMINAL_NAME, OpenFlag.O_RDWR, 0);
        init.files().install(terminal, false);
      } else {
        init.files().install(terminal.acquire(), false);
      }
    }
  }
}
