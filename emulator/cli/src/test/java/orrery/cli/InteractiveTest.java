package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The interactive shell on a real terminal. */
final class InteractiveTest {
  private static final String CTRL_A = "\1";
  private static final String CTRL_C = "\3";
  private static final String CTRL_D = "\4";
  private static final String CTRL_Z = "\u001a";
  private static final String ESCAPE = "\u001b";

  @TempDir Path folder;

  @Test
  void theShellIsOnATerminalAndEndsWithItsStatus() throws Exception {
    try (Terminal terminal = shell()) {
      terminal.type("test -t 0 && test -t 1 && test -t 2 && echo is-a-$((1+1))-tty\r");
      terminal.expect("is-a-2-tty");
      terminal.type("exit 9\r");
      assertEquals(9, terminal.status());
    }
  }

  @Test
  void nothingIsPrintedBeforeTheGuestPrints() throws Exception {
    try (Terminal terminal = new Terminal(folder, words("run echo hello"))) {
      terminal.expect("hello");
      assertEquals(0, terminal.status());
      assertEquals("hello\r\n", terminal.screen());
    }
  }

  @Test
  void controlCInterruptsTheProgramAndNotTheShell() throws Exception {
    try (Terminal terminal = shell()) {
      terminal.type("sh -c 'echo s$((1+1)); exec sleep 1000'\r");
      terminal.expect("s2");
      terminal.type(CTRL_C);
      terminal.expect("# ");
      terminal.type("echo status $?\r");
      terminal.expect("status 130\r\n/ # ");
      terminal.type(CTRL_D);
      terminal.status();
    }
  }

  @Test
  void jobsStopAndGoOn() throws Exception {
    try (Terminal terminal = shell()) {
      terminal.type("sh -c 'echo s$((1+1)); exec cat'\r");
      terminal.expect("s2");
      terminal.type(CTRL_Z);
      terminal.expect("Stopped");
      terminal.expect("# ");
      terminal.type("jobs\r");
      terminal.expect("Stopped");
      terminal.expect("# ");
      terminal.type("fg\r");
      terminal.expect("exec cat");
      terminal.type("typed\r");
      terminal.expect("typed\r\ntyped");
      terminal.type(CTRL_D);
      terminal.expect("# ");
      terminal.type("exit\r");
      terminal.status();
    }
  }

  @Test
  void controlAXQuitsAndGivesTheTerminalBack() throws Exception {
    try (Terminal terminal =
        new Terminal(
            folder,
            words("run") + "; echo quit $?; stty -a | grep -o ' echo \\| icanon '; read line")) {
      terminal.expect("# ");
      assertTrue(terminal.stty("-a").contains("-icanon"));
      terminal.type(CTRL_A + "x");
      terminal.expect("quit 0");
      assertTrue(terminal.stty("-a").contains(" icanon"));
      assertTrue(terminal.stty("-a").contains(" echo "));
      terminal.type("\n");
      terminal.status();
    }
  }

  @Test
  void aKilledEmulatorGivesTheTerminalBack() throws Exception {
    Path pid = folder.resolve("pid");
    try (Terminal terminal =
        new Terminal(
            folder,
            "sh -c 'echo $$ > " + pid + "; exec " + words("run") + "'; echo ended $?; read line")) {
      terminal.expect("# ");
      Launched.run(new byte[0], List.of("kill", "-TERM", Files.readString(pid).strip()));
      terminal.expect("ended 143");
      assertTrue(terminal.stty("-a").contains(" icanon"));
      terminal.type("\n");
      terminal.status();
    }
  }

  @Test
  void controlAHExplains() throws Exception {
    try (Terminal terminal = shell()) {
      terminal.type(CTRL_A + "h");
      terminal.expect("Ctrl-A x  quit");
      terminal.type("exit\r");
      terminal.status();
    }
  }

  @Test
  void theGuestSeesTheWindowsSizeAndItsChange() throws Exception {
    try (Terminal terminal = shell()) {
      terminal.type("stty size\r");
      terminal.expect("24 80");
      terminal.resize(100, 33);
      terminal.type("until stty size | grep '33 100'; do sleep 0.1; done\r");
      terminal.expect("\n33 100");
      terminal.type("exit\r");
      terminal.status();
    }
  }

  @Test
  void viEditsAFile() throws Exception {
    try (Terminal terminal = shell()) {
      terminal.type("vi /tmp/file\r");
      terminal.expect("~");
      terminal.type("ihello");
      terminal.expect("hello");
      terminal.type(ESCAPE); // vi takes what follows at once for a part of a function key
      terminal.expect("[Modified]");
      terminal.type(":wq\r");
      terminal.expect("# ");
      terminal.type("cat /tmp/file; exit\r");
      terminal.expect("\r\nhello\r\n");
      terminal.status();
    }
  }

  @Test
  void topAndPsShowTheProcesses() throws Exception {
    try (Terminal terminal = shell()) {
      terminal.type("top\r");
      terminal.expect("Load average");
      terminal.expect("/bin/sh");
      terminal.type("q");
      terminal.expect("# ");
      terminal.type("sleep 100 &\r");
      terminal.type("ps | cat\r");
      terminal.expect("COMMAND");
      terminal.expect("sleep 100");
      terminal.expect("# "); // an end of file typed before is one for the pipeline
      terminal.type(CTRL_D);
      terminal.status();
    }
  }

  private Terminal shell() throws Exception {
    Terminal terminal = new Terminal(folder, words("run"));
    terminal.expect("# ");
    return terminal;
  }

  private static String words(String command) throws Exception {
    return String.join(" ", Launched.command()) + " " + command;
  }
}
