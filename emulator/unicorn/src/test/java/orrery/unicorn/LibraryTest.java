package orrery.unicorn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryTest {
  @Test
  void theLibraryIsRecentEnough() {
    UnicornLibrary library = UnicornLibrary.load();
    assertTrue(Integer.compareUnsigned(library.version(), UnicornLibrary.MINIMUM_VERSION) >= 0);
    assertEquals(library.version(), Unicorn.version());
    assertTrue(library.versionText().matches("\\d+\\.\\d+\\.\\d+"));
    assertTrue(Files.isReadable(library.path()));
  }

  @Test
  void itKnowsAArch64AndNoUnknownArchitecture() {
    assertTrue(Unicorn.isArchitectureSupported(Unicorn.ARCHITECTURE_ARM64));
    assertFalse(Unicorn.isArchitectureSupported(99));
  }

  @Test
  void aMissingLibraryIsOneLineThatSaysWhatToDo(@TempDir Path folder) {
    UnicornException missing =
        assertThrows(
            UnicornException.class, () -> UnicornLibrary.load(folder.resolve("libunicorn.so.2")));
    assertTrue(missing.getMessage().contains(UnicornLibrary.ENVIRONMENT_VARIABLE));
    assertFalse(missing.getMessage().contains("\n"));
  }

  @Test
  void aFileThatIsNoLibraryIsRefused(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("libunicorn.so.2"), "not a library");
    UnicornException refused =
        assertThrows(UnicornException.class, () -> UnicornLibrary.load(file));
    assertTrue(refused.getMessage().contains("cannot be loaded"));
  }

  @Test
  void anotherLibraryIsRefused() {
    Path other = Path.of(System.getProperty("java.home"), "lib", "libjava.so");
    UnicornException refused =
        assertThrows(UnicornException.class, () -> UnicornLibrary.load(other));
    assertTrue(refused.getMessage().contains("is no Unicorn"));
  }

  @Test
  void errorsHaveTheEnginesTexts() {
    assertEquals("OK (UC_ERR_OK)", Unicorn.errorText(0));
    for (UnicornError error : UnicornError.values()) {
      assertEquals(error, UnicornError.of(error.code()));
      assertFalse(Unicorn.errorText(error.code()).isEmpty());
    }
    assertEquals(UnicornError.UNKNOWN, UnicornError.of(-1));
  }
}
