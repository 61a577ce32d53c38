package orrery.cli.root;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import orrery.machine.MachineException;

final class RootImageTest {
  private static final int ROOM = 4 << 20;

  @TempDir Path temporary;

  @Test
  void filesFoldersAndLinksKeepTheirModesAndContents() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root"));
    Files.createDirectory(root.resolve("d"));
    write(root.resolve("d/program"), "#!/bin/sh\n", "rwxr-x---");
    Files.createSymbolicLink(root.resolve("d/link"), Path.of("program"));
    Files.createSymbolicLink(root.resolve("nowhere"), Path.of("/no/such/file"));

    ReadArchive archive = load(new RootImage(root, List.of()));

    assertEquals(
        List.of(".", "d", "d/link", "d/program", "nowhere"), List.copyOf(archive.items().keySet()));
    assertEquals(0100750, archive.items().get("d/program").mode());
    assertEquals("#!/bin/sh\n", text(archive, "d/program"));
    assertEquals(0120777, archive.items().get("d/link").mode());
    assertEquals("program", text(archive, "d/link"));
    assertEquals("/no/such/file", text(archive, "nowhere"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 4096, 4097, 100_000, 1 << 20})
  void contentOfAtLeastAPageStartsAtAPage(int size) throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root"));
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Files.write(root.resolve("a"), new byte[] {1, 2, 3});
    Files.write(root.resolve("file"), content);

    ReadArchive.Item item = load(new RootImage(root, List.of())).items().get("file");

    assertArrayEquals(content, item.content());
    if (size >= CpioWriter.PAGE) {
      assertEquals(0, item.contentAt() % CpioWriter.PAGE);
    }
  }

  @Test
  void namesOfOneFileShareAnInodeAndTheLastHasTheContent() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root"));
    Files.writeString(root.resolve("a"), "shared");
    Files.createLink(root.resolve("b"), root.resolve("a"));
    Files.createLink(root.resolve("c"), root.resolve("a"));

    ReadArchive archive = load(new RootImage(root, List.of()));

    assertEquals(archive.items().get("a").inode(), archive.items().get("c").inode());
    assertEquals(3, archive.items().get("b").links());
    assertEquals("", text(archive, "a"));
    assertEquals("shared", text(archive, "c"));
  }

  @Test
  void aLinkToAFolderIsNotFollowed() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root"));
    Files.createSymbolicLink(root.resolve("loop"), root);
    assertEquals(
        List.of(".", "loop"), List.copyOf(load(new RootImage(root, List.of())).items().keySet()));
  }

  @Test
  void aCopyGoesWhereTheGuestPathLeadsThroughLinks() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root"));
    Files.createDirectories(root.resolve("usr/bin"));
    Files.createSymbolicLink(root.resolve("bin"), Path.of("usr/bin"));
    Path program = write(temporary.resolve("program"), "hello", "rwxr-xr-x");

    ReadArchive archive = load(new RootImage(root, List.of(new Copy(program, "/bin/mine"))));

    assertEquals("hello", text(archive, "usr/bin/mine"));
    assertEquals(0100755, archive.items().get("usr/bin/mine").mode());
    assertFalse(archive.items().containsKey("bin/mine"));
  }

  @Test
  void aCopyMakesTheFoldersOnItsWay() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "x");
    ReadArchive archive = load(new RootImage(null, List.of(new Copy(file, "/a/b/c"))));
    assertEquals(List.of("a", "a/b", "a/b/c"), List.copyOf(archive.items().keySet()));
    assertEquals(040755, archive.items().get("a").mode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/tmp", "/tmp/"})
  void aCopyIntoAFolderKeepsItsName(String guest) throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root"));
    Files.createDirectory(root.resolve("tmp"));
    Path file = Files.writeString(temporary.resolve("file"), "x");
    ReadArchive archive = load(new RootImage(root, List.of(new Copy(file, guest))));
    assertEquals("x", text(archive, "tmp/file"));
  }

  @Test
  void aFolderIsCopiedWithAllBelow() throws IOException {
    Path tree = Files.createDirectories(temporary.resolve("tree/deep"));
    Files.writeString(tree.resolve("leaf"), "green");
    ReadArchive archive =
        load(new RootImage(null, List.of(new Copy(temporary.resolve("tree"), "/opt/tree"))));
    assertEquals("green", text(archive, "opt/tree/deep/leaf"));
  }

  @Test
  void copiesGoOnBehindAPackedArchive() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root"));
    Files.createDirectory(root.resolve("etc"));
    Files.writeString(root.resolve("etc/old"), "old");
    Path packed = temporary.resolve("root.cpio");
    new RootImage(root, List.of()).pack(packed);
    Path file = Files.writeString(temporary.resolve("file"), "new");

    ReadArchive archive = load(new RootImage(packed, List.of(new Copy(file, "/etc/new"))));

    assertEquals(List.of(".", "etc", "etc/old", "etc/new"), List.copyOf(archive.items().keySet()));
    assertEquals("new", text(archive, "etc/new"));
    assertEquals(Files.size(packed), load(new RootImage(packed, List.of())).length());
  }

  @Test
  void aRootLargerThanTheMemoryIsRefusedWithWhatItNeeds() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root"));
    Files.write(root.resolve("big"), new byte[ROOM]);
    MachineException e =
        assertThrows(MachineException.class, () -> load(new RootImage(root, List.of())));
    assertTrue(e.getMessage().contains("needs 5 MiB"), e.getMessage());
    assertTrue(e.getMessage().contains("--memory"), e.getMessage());
  }

  @Test
  void aDamagedArchiveIsRefused() throws IOException {
    Path packed = temporary.resolve("root.cpio");
    Files.writeString(packed, "070701 and so on".repeat(30));
    Path file = Files.writeString(temporary.resolve("file"), "x");
    assertThrows(
        MachineException.class, () -> load(new RootImage(packed, List.of(new Copy(file, "/x")))));
  }

  @Test
  void linksInACircleAreRefused() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root"));
    Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(root.resolve("b"), Path.of("a"));
    Path file = Files.writeString(temporary.resolve("file"), "x");
    assertThrows(
        MachineException.class, () -> load(new RootImage(root, List.of(new Copy(file, "/a/x")))));
  }

  private static ReadArchive load(RootImage image) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = arena.allocate(ROOM, CpioWriter.PAGE);
      long length = image.load(room);
      ReadArchive archive = ReadArchive.of(room.toArray(ValueLayout.JAVA_BYTE));
      assertEquals(length, archive.length());
      return archive;
    }
  }

  private static String text(ReadArchive archive, String name) {
    return new String(archive.items().get(name).content(), StandardCharsets.UTF_8);
  }

  private static Path write(Path file, String text, String permissions) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
