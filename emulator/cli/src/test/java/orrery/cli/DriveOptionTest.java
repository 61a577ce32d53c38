package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import orrery.device.nvme.Drive;
import orrery.device.nvme.Drives;

final class DriveOptionTest {
  @TempDir Path folder;

  private static List<Drive> parse(String... drives) throws UsageException {
    List<String> words = new ArrayList<>();
    for (String drive : drives) {
      words.add("--drive");
      words.add(drive);
    }
    return DriveOption.drives(
        PlainReaderTest.byPicocli(new RunCommand(), words.toArray(String[]::new)));
  }

  private Path image() throws Exception {
    return Files.write(folder.resolve("disk.img"), new byte[4096]);
  }

  @Test
  void readsDrives() throws Exception {
    Path image = image();
    assertEquals(
        List.of(
            new Drive(image, false, false, false, null),
            new Drive(image, true, true, true, "A B-1")),
        parse(image.toString(), image + ",overlay,readonly,direct,serial=A B-1"));
  }

  @Test
  void withoutDrivesThereAreNone() throws Exception {
    assertEquals(List.of(), parse());
  }

  private static Drives withFaults(Path image, Path faults) throws UsageException {
    String[] words =
        image == null
            ? new String[] {"--faults", faults.toString()}
            : new String[] {"--faults", faults.toString(), "--drive", image.toString()};
    return DriveOption.of(PlainReaderTest.byPicocli(new RunCommand(), words));
  }

  @Test
  void readsAFileOfFaults() throws Exception {
    Path faults = folder.resolve("faults.toml");
    String[][] wrong = {
      {"[[nvme]]\ndrive = 0\n", ":1: key 'command'"},
      {"[[nvme]]\ncommand = 'read'\nfault = 'drip'\n", ":3: key 'fault'"},
      {"[[gpu]]\ncommand = 'read'\n", ":1: key 'gpu' is unknown here"},
      {"read nth=1 drop\n", ":1: "}
    };
    for (String[] one : wrong) {
      Files.writeString(faults, one[0]);
      UsageException refused =
          assertThrows(UsageException.class, () -> withFaults(image(), faults));
      assertTrue(
          refused.getMessage().startsWith("--faults: " + faults + one[1]), refused.getMessage());
    }
    Files.writeString(faults, "[[nvme]]\ncommand = 'read'\ndrive = 0\nnth = 2\nfault = 'drop'\n");
    assertFalse(withFaults(image(), faults).isEmpty());
  }

  @Test
  void saysWhichFaultsHaveNoDrive() throws Exception {
    Path faults = folder.resolve("faults.toml");
    Files.writeString(faults, "[[nvme]]\ncommand = 'read'\ndrive = 1\nfault = 'drop'\n");
    String[][] wrong = {
      {image().toString(), "drive 1 is not there"},
      {null, "add --drive"}
    };
    for (String[] one : wrong) {
      Path image = one[0] == null ? null : Path.of(one[0]);
      UsageException refused = assertThrows(UsageException.class, () -> withFaults(image, faults));
      assertTrue(refused.getMessage().contains(one[1]), refused.getMessage());
    }
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    Path image = image();
    String[][] wrong = {
      {folder + "/none", "truncate"},
      {folder.toString(), "folder"},
      {"", "there is no"},
      {image + ",fast", "'fast' is unknown"},
      {image + ",serial=", "serial"},
      {image + ",serial=123456789012345678901", "serial"},
      {image + ",serial=\u00e9", "serial"}
    };
    for (String[] one : wrong) {
      UsageException refused = assertThrows(UsageException.class, () -> parse(one[0]), one[0]);
      assertTrue(refused.getMessage().contains(one[1]), refused.getMessage());
    }
  }
}
