package orrery.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import orrery.cli.root.PackRoot;

/** Runs the command line in a process of its own, with the default root, as a user does. */
final class Launched {
  private static final long PATIENCE_SECONDS = 120;

  private Launched() {}

  /** What a run did. */
  record Result(int status, String out, String err) {
    private static final Pattern PROGRESS =
        Pattern.compile("(?m)^orrery: (fetching|unpacking|resolving|waiting for) .*\\n");

    /** What stderr has besides the progress of fetching and making images, which is done once. */
    String complaints() {
      return PROGRESS.matcher(err).replaceAll("");
    }
  }

  /** The project's folder. */
  static Path project() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("orrery"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** The words that start the command line, without its arguments. */
  static List<String> command() throws IOException, InterruptedException {
    List<String> path = new ArrayList<>();
    for (String property : List.of("jdk.module.path", "java.class.path")) {
      String value = System.getProperty(property, "");
      if (!value.isEmpty()) {
        path.add(value);
      }
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xlog:disable",
        "-Xlog:all=error:stderr",
        "--enable-native-access=ALL-UNNAMED",
        "-Dorrery.root=" + defaultRoot(),
        "-Dorrery.home=" + project(),
        "-cp",
        String.join(":", path),
        "orrery.cli.Main");
  }

  /** Runs it with nothing to read. */
  static Result orrery(String... arguments) throws Exception {
    return orrery(new byte[0], arguments);
  }

  /** Runs it with {@code input} to read. */
  static Result orrery(byte[] input, String... arguments) throws Exception {
    List<String> words = new ArrayList<>(command());
    words.addAll(List.of(arguments));
    return run(input, words);
  }

  /** Runs it with {@code input} to read and more in its environment. */
  static Result orrery(Map<String, String> environment, byte[] input, String... arguments)
      throws Exception {
    List<String> words = new ArrayList<>(command());
    words.addAll(List.of(arguments));
    return run(environment, input, words);
  }

  /** Runs any program to its end. */
  static Result run(byte[] input, List<String> words) throws Exception {
    return run(Map.of(), input, words);
  }

  private static Result run(Map<String, String> environment, byte[] input, List<String> words)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(words).directory(project().toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      CompletableFuture<String> out = all(process.getInputStream());
      CompletableFuture<String> err = all(process.getErrorStream());
      try (var stdin = process.getOutputStream()) {
        stdin.write(input);
      } catch (IOException e) {
        // A program that ends without reading its input is no failure of the test.
      }
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still running: " + words + "\n" + now(out) + now(err));
      }
      return new Result(process.exitValue(), out.get(), err.get());
    } finally {
      process.destroyForcibly();
    }
  }

  private static String now(CompletableFuture<String> text)
      throws ExecutionException, InterruptedException {
    try {
      return text.get(1, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return "";
    }
  }

  private static CompletableFuture<String> all(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }

  private static synchronized Path defaultRoot() throws IOException, InterruptedException {
    Process script =
        new ProcessBuilder(project().resolve("build/default-root").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String folder = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (script.waitFor() != 0) {
      throw new AssertionError("no default root: build/default-root failed");
    }
    Path archive = Path.of(folder.strip() + ".cpio");
    if (!Files.exists(archive)) {
      PackRoot.main(new String[] {folder.strip(), archive.toString()});
    }
    return archive;
  }
}
