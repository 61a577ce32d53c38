package orrery.cli.console;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;
import orrery.device.console.ConsoleBackend;
import orrery.device.console.HostConsole;
import orrery.device.uart.SerialBackend;

/**
 * The guest's console on the process's standard streams.
 *
 * <p>If input and output are both terminals the guest gets a terminal: raw mode, window size,
 * Ctrl-A commands. Otherwise they are pipes, and bytes pass both ways as they are. The guest's
 * standard error goes over a line of its own unless it is the same terminal.
 */
public final class Console implements AutoCloseable {
  /** Exit status after Ctrl-A x. */
  private static final int STATUS_QUIT = 0;

  /** Exit status when nobody reads standard output any more: 128 + SIGPIPE. */
  private static final int STATUS_CLOSED = 141;

  private static final int CTRL_D = 4;

  private final boolean terminalMode;
  private final boolean separateErrors;
  private final RawTerminal terminal;
  private final HostOutput output;
  private final HostInput input;
  private final HostConsole control = new HostConsole();

  /** Guarded by the monitor, for a machine may follow another one. */
  private IntConsumer powerOff = status -> {};

  private int wantedStatus = -1;
  private boolean started;

  /** How the guest learns that a pipe or file has nothing more to read. */
  public enum EndOfInput {
    /** From the console-control device. */
    STATE,
    /** By a Ctrl-D that is typed. */
    KEY
  }

  /** Takes the standard streams; a terminal becomes raw. */
  public Console(EndOfInput end) {
    terminalMode =
        StandardStreams.isTerminal(StandardStreams.INPUT)
            && StandardStreams.isTerminal(StandardStreams.OUTPUT);
    separateErrors = !terminalMode || !StandardStreams.isTerminal(StandardStreams.ERRORS);
    terminal = terminalMode ? new RawTerminal() : null;
    output = new HostOutput("console-output", stream(FileDescriptor.out), () -> off(STATUS_CLOSED));
    input =
        new HostInput(
            "console-input",
            new FileInputStream(FileDescriptor.in),
            terminalMode ? new EscapeKeys(() -> off(STATUS_QUIT), this::help) : InputFilter.NONE,
            terminalMode || end == EndOfInput.STATE ? InputFilter.NOTHING : CTRL_D);
    if (terminal != null) {
      resize();
    }
  }

  /** Whether the guest's standard input and output are a terminal. */
  public boolean isTerminal() {
    return terminalMode;
  }

  /** Whether the guest's standard error has a line of its own. */
  public boolean hasSeparateErrors() {
    return separateErrors;
  }

  /** The host's end of the line that prints on standard output and gets the input. */
  public SerialBackend line() {
    return new HostLine(output, input);
  }

  /** The host's end of another line that prints on standard output. */
  public SerialBackend outputLine() {
    return new HostLine(output, null);
  }

  /** The host's end of the line for standard error; once. */
  public SerialBackend errorLine() {
    HostOutput errors = new HostOutput("console-errors", stream(FileDescriptor.err), () -> {});
    return new HostLine(errors, null);
  }

  /** The terminal's size and the end of input, for the console-control device. */
  public ConsoleBackend control() {
    return control;
  }

  /** Starts to read, unless it has started before. */
  public synchronized void start() {
    if (started) {
      return;
    }
    started = true;
    if (terminal != null) {
      terminal.onResize(this::resize);
    }
    input.endListener(control::endInput);
    input.start();
  }

  /**
   * Sets what the user's keys and a closed output switch off.
   *
   * @param machineOff switches the machine off with an exit status; any thread
   */
  public synchronized void controls(IntConsumer machineOff) {
    powerOff = machineOff;
    if (wantedStatus >= 0) {
      machineOff.accept(wantedStatus);
    }
  }

  /** Gives the terminal back. */
  @Override
  public void close() {
    if (terminal != null) {
      terminal.close();
    }
  }

  private void resize() {
    control.resize(terminal.columns(), terminal.rows());
  }

  private synchronized void off(int status) {
    if (wantedStatus < 0) {
      wantedStatus = status;
      powerOff.accept(status);
    }
  }

  private void help() {
    try {
      stream(FileDescriptor.err).write(EscapeKeys.HELP.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      off(STATUS_CLOSED);
    }
  }

  private static OutputStream stream(FileDescriptor descriptor) {
    return new FileOutputStream(descriptor);
  }
}
