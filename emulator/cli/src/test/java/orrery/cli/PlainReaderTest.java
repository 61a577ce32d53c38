package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class PlainReaderTest {
  private static final Command RUN = new RunCommand();
  private static final Command BOOT = new BootCommand();

  /** The arguments of a command as picocli reads them. */
  static Arguments byPicocli(Command command, String... arguments) {
    return Arguments.of(
        new CommandLine(Main.spec(command)).setStopAtPositional(true).parseArgs(arguments));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "true",
        "-- true",
        "-v --memory 64M --timeout=5 -- sh -c x",
        "--copy a:b --copy=c:d --env A=b=c ls -l --memory",
        "--drive disk.img,overlay --pci --dma-guard log -- a -- b"
      })
  void plainFormsAreRead(String line) {
    String[] arguments = words(line);
    Arguments plain = PlainReader.read(RUN, arguments, 0);
    assertNotNull(plain);
    assertEquals(byPicocli(RUN, arguments), plain);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "-h",
        "-hv",
        "--nope",
        "--memory",
        "--memory=",
        "--memory --pci",
        "--memory 64M --memory 32M",
        "--verbose=false",
        "-v -v",
        "-",
        "@file",
        "-- @file"
      })
  void helpComplaintsAndOtherFormsAreLeft(String line) {
    assertNull(PlainReader.read(RUN, words(line), 0));
  }

  @Test
  void wordsThatACommandDoesNotTakeAreLeft() {
    assertNull(PlainReader.read(BOOT, words("--cpus 2 more"), 0));
    assertNull(PlainReader.read(BOOT, words("--debian 6.1"), 0));
    assertNotNull(PlainReader.read(BOOT, words("--cpus 2 --memory 1G"), 0));
  }

  @Property(tries = 2000)
  void whatIsReadIsWhatPicocliReads(@ForAll("lines") List<String> line, @ForAll boolean run) {
    Command command = run ? RUN : BOOT;
    String[] arguments = line.toArray(String[]::new);
    Arguments plain = PlainReader.read(command, arguments, 0);
    if (plain != null) {
      assertEquals(byPicocli(command, arguments), plain);
    }
  }

  @Provide
  Arbitrary<List<String>> lines() {
    return Arbitraries.of(
            "--memory",
            "--memory=64M",
            "64M",
            "--pci",
            "--pci=true",
            "-v",
            "--verbose",
            "-vh",
            "--copy",
            "--copy=a:b",
            "--copy=",
            "a:b",
            "--env",
            "--env=A=b",
            "A=-b",
            "--env=-A",
            "'quoted'",
            "\"x\"",
            "--",
            "-",
            "-1",
            "--debian",
            "--no-reboot",
            "--append",
            "x y",
            "",
            "@x",
            "@@",
            "${x}",
            "--memoryx",
            "--mem")
        .list()
        .ofMaxSize(7);
  }

  private static String[] words(String line) {
    return line.isEmpty() ? new String[0] : line.split(" ");
  }
}
