package orrery.cli.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.ControlFlag;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import orrery.machine.MachineException;

/**
 * The user's terminal in raw mode: every key goes to the guest, whose own terminal does echo, lines
 * and signals. It is put back as it was on {@link #close} and, however the process ends but by
 * SIGKILL, by a shutdown hook.
 */
final class RawTerminal implements AutoCloseable {
  private static final int DEFAULT_COLUMNS = 80;
  private static final int DEFAULT_ROWS = 24;

  private final Terminal terminal;
  private final Attributes before;
  private final Thread restorer = new Thread(this::restore, "terminal-restore");

  RawTerminal() {
    try {
      terminal =
          TerminalBuilder.builder()
              .system(true)
              .provider(TerminalBuilder.PROP_PROVIDER_FFM)
              .encoding(StandardCharsets.ISO_8859_1)
              .nativeSignals(true)
              // Else it asks the terminal what it can, and the answers would be typed at the guest.
              .graphemeCluster(false)
              .signalHandler(Terminal.SignalHandler.SIG_DFL)
              .build();
    } catch (IOException | IllegalStateException e) {
      throw new MachineException(
          "cannot use this terminal (" + e.getMessage() + "): redirect stdin or stdout", e);
    }
    before = terminal.getAttributes();
    Runtime.getRuntime().addShutdownHook(restorer);
    terminal.setAttributes(raw(before));
  }

  /** As cfmakeraw(3) does. */
  static Attributes raw(Attributes from) {
    Attributes raw = new Attributes(from);
    raw.getInputFlags()
        .removeAll(
            EnumSet.of(
                InputFlag.IGNBRK,
                InputFlag.BRKINT,
                InputFlag.PARMRK,
                InputFlag.ISTRIP,
                InputFlag.INLCR,
                InputFlag.IGNCR,
                InputFlag.ICRNL,
                InputFlag.IXON));
    raw.setOutputFlag(OutputFlag.OPOST, false);
    raw.getLocalFlags()
        .removeAll(
            EnumSet.of(
                LocalFlag.ECHO,
                LocalFlag.ECHONL,
                LocalFlag.ICANON,
                LocalFlag.ISIG,
                LocalFlag.IEXTEN));
    raw.setControlFlag(ControlFlag.PARENB, false);
    raw.setControlFlag(ControlFlag.CS8, true);
    raw.setControlChar(ControlChar.VMIN, 1);
    raw.setControlChar(ControlChar.VTIME, 0);
    return raw;
  }

  int columns() {
    int columns = size().getColumns();
    return columns > 0 ? columns : DEFAULT_COLUMNS;
  }

  int rows() {
    int rows = size().getRows();
    return rows > 0 ? rows : DEFAULT_ROWS;
  }

  private Size size() {
    return terminal.getSize();
  }

  /** Sets what is called, on a thread of the Java machine, when the window's size has changed. */
  void onResize(Runnable changed) {
    terminal.handle(Terminal.Signal.WINCH, signal -> changed.run());
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(restorer);
    } catch (IllegalStateException e) {
      return; // the process is ending already, and the hook has run or will
    }
  }

  private void restore() {
    terminal.setAttributes(before);
  }
}
