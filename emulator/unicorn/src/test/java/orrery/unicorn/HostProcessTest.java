package orrery.unicorn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import orrery.unicorn.host.HostProcess;

class HostProcessTest {
  /** Leaves by {@link HostProcess#exit} while a thread reads and a hook would never return. */
  static final class Leaver {
    private static final int STATUS = 42;

    private Leaver() {}

    public static void main(String[] arguments) {
      Thread reader = new Thread(() -> read(System.in));
      reader.start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> read(System.in)));
      HostProcess.exit(STATUS);
    }

    private static void read(InputStream stream) {
      try {
        stream.read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void exitWaitsForNoThreadAndNoHook() throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classPath(HostProcess.class) + ":" + classPath(Leaver.class),
                    Leaver.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // Its input stays open: the end of the process is all that this can return by.
    assertEquals(Leaver.STATUS, process.waitFor());
  }

  private static String classPath(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
