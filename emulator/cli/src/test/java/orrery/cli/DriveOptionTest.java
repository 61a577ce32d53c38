package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import orrery.device.nvme.Drive;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

final class DriveOptionTest {
  @TempDir Path folder;

  private static List<Drive> parse(String... drives) throws UsageException {
    List<String> words = new ArrayList<>();
    for (String drive : drives) {
      words.add("--drive");
      words.add(drive);
    }
    CommandLine line = new CommandLine(CommandSpec.create().addOption(DriveOption.spec()));
    return DriveOption.of(line.parseArgs(words.toArray(String[]::new)));
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
