package orrery.cli.root;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import orrery.machine.MachineException;
import orrery.machine.boot.BootPayload;

/** The roots that need no {@code --root}: the default one of the set-up, or the built-in sample. */
public final class Roots {
  /** Path of the sample program in the root of {@link #sample}. */
  public static final String SAMPLE_PROGRAM = "/bin/sample";

  /** Where ./orrery says the packed default root is. */
  private static final String DEFAULT_ROOT = "orrery.root";

  private static final String RESOURCE = "/orrery/cli/sample";

  private Roots() {}

  /** The packed default root, or null if there is none. */
  public static Path defaultArchive() {
    String path = System.getProperty(DEFAULT_ROOT, "");
    return !path.isEmpty() && Files.isRegularFile(Path.of(path)) ? Path.of(path) : null;
  }

  /** A root with nothing but the sample program and what the user copies into it. */
  public static BootPayload sample(List<Copy> copies) {
    return new BootPayload() {
      @Override
      public long load(MemorySegment room) throws IOException {
        Path program = Files.createTempFile("orrery", ".sample");
        try (InputStream resource = Roots.class.getResourceAsStream(RESOURCE)) {
          if (resource == null) {
            throw new MachineException("the built-in sample is missing: build Orrery again");
          }
          Files.write(program, resource.readAllBytes());
          Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
          return new RootImage(null, with(copies, new Copy(program, SAMPLE_PROGRAM))).load(room);
        } finally {
          Files.delete(program);
        }
      }
    };
  }

  private static List<Copy> with(List<Copy> copies, Copy one) {
    return Stream.concat(Stream.of(one), copies.stream()).toList();
  }
}
