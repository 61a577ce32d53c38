package orrery.kernel.tty;

import orrery.kernel.abi.OpenFlag;
import orrery.kernel.device.DeviceNode;
import orrery.kernel.device.Driven;
import orrery.kernel.device.SerialInput;
import orrery.kernel.device.Terminals;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.task.Signals;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.clock.MachineClock;

/** Terminals on the lines of serial drivers. */
public final class DriverTerminals implements Terminals {
  private static final int PERMISSIONS = 0620;

  private final Signals signals;
  private final TimerQueue timers;
  private final MachineClock clock;

  /** Terminals of a kernel with these services. */
  public DriverTerminals(Signals signals, TimerQueue timers, MachineClock clock) {
    this.signals = signals;
    this.timers = timers;
    this.clock = clock;
  }

  @Override
  public Line open(String file, int major, int minor, Driven driver) {
    Port port = new Port(driver);
    Terminal terminal =
        new Terminal(file, FileSystem.makeDevice(major, minor), port, true, signals, timers);
    Console.setUp(terminal.termios());
    DeviceNode node =
        new DeviceNode(
            file,
            major,
            minor,
            PERMISSIONS,
            (c, inode, f) -> terminal.open(c, inode, f, (f & OpenFlag.O_NOCTTY) == 0));
    return new Line(node, new Input(terminal, clock));
  }

  /** The driver's side as the terminal sees it; without a driver everything vanishes. */
  private record Port(Driven driver) implements TerminalPort {
    private static final int ROOM_OF_NOBODY = 4096;

    @Override
    public int room() {
      return !driver.isBound() ? ROOM_OF_NOBODY : driver.serial().room();
    }

    @Override
    public void put(int c) {
      if (driver.isBound()) {
        driver.serial().put(c);
      }
    }

    @Override
    public void flush() {
      if (driver.isBound()) {
        driver.serial().flush();
      }
    }

    @Override
    public int pending() {
      return !driver.isBound() ? 0 : driver.serial().pending();
    }

    @Override
    public void discard() {
      // what the device was lent cannot be taken back
    }

    @Override
    public void inputWanted() {
      if (driver.isBound()) {
        driver.serial().inputWanted();
      }
    }

    @Override
    public void discardInput() {
      // what the device holds has not arrived yet
    }
  }

  private record Input(Terminal terminal, MachineClock clock) implements SerialInput {
    @Override
    public boolean accepts() {
      return terminal.accepts();
    }

    @Override
    public void receive(int octet) {
      terminal.receive(octet, clock.nanos());
    }

    @Override
    public void transmitReady() {
      terminal.portReady();
    }

    @Override
    public void resize(int rows, int columns) {
      terminal.resize(rows, columns);
    }
  }
}
