package orrery.ownership.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Maven project outside of this one uses the plugin as the README says. */
@Tag("slow")
class MavenProjectTest {
  private static final Path ROOT = Path.of("../..");
  private static final String VERSION = "0.1.0-SNAPSHOT";
  private static final long PATIENCE_SECONDS = 240;

  private static final String GOOD =
      """
      package example;

      import orrery.ownership.Move;
      import orrery.ownership.Owned;

      @Owned
      final class Lamp {
        @Move
        void put() {}

        static void once() {
          Lamp lamp = new Lamp();
          lamp.put();
        }
      }
      """;

  @TempDir Path folder;
  private Path project;
  private Path repository;

  @BeforeEach
  void makeProject() throws IOException {
    project = Files.createDirectories(folder.resolve("project"));
    repository = Files.createDirectories(folder.resolve("repository"));
    linkLibraries();
    install("orrery", ROOT.resolve("pom.xml"), null);
    install("ownership", Path.of("../ownership/pom.xml"), Path.of("../ownership/target/classes"));
    install("ownership-checker", Path.of("pom.xml"), Path.of("target/classes"));
    Files.writeString(project.resolve("pom.xml"), pom());
  }

  @Test
  void goodCodeCompilesAndBadCodeDoesNot() throws Exception {
    assertEquals("", compile(GOOD), "good code is not bothered");
    String output =
        compile(GOOD.replace("    lamp.put();\n", "    lamp.put();\n    lamp.put();\n"));
    assertTrue(
        output.contains("Lamp.java:[14,5] [ORR0001] use of moved value `lamp`"), () -> output);
  }

  /** What Maven says; nothing if it compiles. */
  private String compile(String source) throws IOException, InterruptedException {
    Path file = project.resolve("src/main/java/example/Lamp.java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
    Path said = folder.resolve("said.txt");
    String goal = "org.apache.maven.plugins:maven-compiler-plugin:" + compilerVersion();
    String maven = System.getenv().getOrDefault("ORRERY_MVN", "mvn");
    ProcessBuilder builder =
        new ProcessBuilder(
                maven, "-q", "-o", "-B", "-Dmaven.repo.local=" + repository, goal + ":compile")
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home")));
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "Maven does not end");
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(said);
    assertEquals(process.exitValue() == 0, !text.contains("ERROR"), text);
    return process.exitValue() == 0 ? "" : text;
  }

  /** A project with the README's two blocks. */
  private static String pom() throws IOException {
    Matcher blocks =
        Pattern.compile("```xml\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    assertTrue(blocks.find(), "the README has the dependency");
    String dependency = blocks.group(1);
    assertTrue(blocks.find(), "the README has the plugin");
    return """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>example</groupId>
          <artifactId>lamp</artifactId>
          <version>1</version>
          <properties>
            <maven.compiler.release>25</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
          <dependencies>%s</dependencies>
          <build><plugins>%s</plugins></build>
        </project>
        """
        .formatted(
            dependency,
            blocks
                .group(1)
                .replace(
                    "<artifactId>maven-compiler-plugin</artifactId>",
                    "<artifactId>maven-compiler-plugin</artifactId><version>"
                        + compilerVersion()
                        + "</version>"));
  }

  private static String compilerVersion() throws IOException {
    Matcher version =
        Pattern.compile("<compiler-plugin.version>(.+)</")
            .matcher(Files.readString(ROOT.resolve("pom.xml")));
    assertTrue(version.find());
    return version.group(1);
  }

  /** All that this build has fetched, without what it has built. */
  private void linkLibraries() throws IOException {
    String here = System.getProperty("localRepository", "");
    Path libraries =
        here.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".m2", "repository")
            : Path.of(here);
    try (Stream<Path> groups = Files.list(libraries)) {
      for (Path group : groups.filter(Files::isDirectory).toList()) {
        if (!group.endsWith("orrery")) {
          Files.createSymbolicLink(repository.resolve(group.getFileName()), group);
        }
      }
    }
  }

  private void install(String artifact, Path pom, Path classes) throws IOException {
    Path place = Files.createDirectories(repository.resolve(Path.of("orrery", artifact, VERSION)));
    Files.copy(pom, place.resolve(artifact + "-" + VERSION + ".pom"));
    if (classes != null) {
      pack(classes, place.resolve(artifact + "-" + VERSION + ".jar"));
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> tree = Files.walk(classes)) {
      for (Path each : tree.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
        Files.copy(each, out);
        out.closeEntry();
      }
    }
  }
}
