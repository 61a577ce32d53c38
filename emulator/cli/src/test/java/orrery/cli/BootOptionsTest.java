package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootOptionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "''; ttyAMA0",
        "quiet; ttyAMA0",
        "console=hvc0; hvc0",
        "console=hvc0 console=ttyAMA0,115200 quiet; ttyAMA0",
        "console=ttyAMA0 console=hvc0; hvc0",
        "console=hvc0 console=tty0; hvc0",
        "netconsole=hvc0; ttyAMA0"
      })
  void theLastConsoleOfTheKernelsArgumentsGetsTheInput(String arguments, String console) {
    assertEquals(console, BootOptions.lastConsole(arguments));
  }
}
