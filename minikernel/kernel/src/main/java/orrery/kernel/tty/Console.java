package orrery.kernel.tty;

import java.util.ArrayList;
import java.util.List;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.TermiosFlag;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.InterruptController;
import orrery.kernel.hw.IoMem;
import orrery.kernel.hw.RegisterBlock;
import orrery.kernel.hw.Resources;
import orrery.kernel.task.Signals;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.bus.Bus;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.Vcpu;
import orrery.machine.fdt.DeviceTree;
import orrery.machine.fdt.DeviceTreeException;
import orrery.machine.fdt.DeviceTreeNode;
import orrery.ownership.Census;
import orrery.ownership.Unsafe;

/**
 * The machine's console: a terminal on the first serial port, and plain streams in place of those
 * of the first program's three descriptors that are no terminal on the host ({@code /chosen},
 * properties {@code orrery,stdin}, {@code orrery,stdout} and {@code orrery,stderr}: "tty" or
 * "pipe"). Output and error output come from the first port; error output from the second, if there
 * is one, when it is a stream.
 */
public final class Console {
  /** The first program's descriptors. */
  public static final int INPUT = 0;

  public static final int OUTPUT = 1;
  public static final int ERROR = 2;

  /** Name of the console's terminal under /dev. */
  public static final String TERMINAL_NAME = "ttyAMA0";

  /** Device number of the console's terminal. */
  public static final int TERMINAL_MAJOR = 204;

  public static final int TERMINAL_MINOR = 64;

  private static final String[] PROPERTIES = {"orrery,stdin", "orrery,stdout", "orrery,stderr"};
  private static final String PIPE = "pipe";
  private static final int SPEED = 115200;

  private final boolean[] isStream = new boolean[PROPERTIES.length];
  private final SerialPort port;
  private final SerialPort errorPort;
  private final Terminal terminal;
  private final SerialStream stream;
  private final SerialStream errorStream;
  private final MachineClock clock;

  /** What the first port receives goes to the stream or to the terminal. */
  private final class Receiver implements SerialReceiver {
    @Override
    public boolean accepts() {
      return isStream(INPUT) ? stream.accepts() : terminal.accepts();
    }

    @Override
    public void receive(int c) {
      if (isStream(INPUT)) {
        stream.receive(c);
      } else {
        terminal.receive(c, clock.nanos());
      }
    }

    @Override
    public void received() {
      if (isStream(INPUT)) {
        stream.received();
      }
    }

    @Override
    public void transmitReady() {
      terminal.portReady();
    }
  }

  private final class ControlEvents implements ConsoleControl.Events {
    @Override
    public void sizeChanged(int rows, int columns) {
      terminal.resize(rows, columns);
    }

    @Override
    public void inputEnded() {
      if (isStream(INPUT)) {
        stream.end();
      } else {
        terminal.hangUp();
      }
    }
  }

  /**
   * Finds the console's devices and takes them over.
   *
   * @throws DeviceTreeException if there is no serial port
   * @throws HardwareException if a device's registers are too few
   */
  public Console(
      DeviceTree tree,
      Bus bus,
      InterruptController interrupts,
      MachineClock clock,
      Signals signals,
      TimerQueue timers) {
    this.clock = clock;
    DeviceTreeNode chosen = tree.node("/chosen");
    for (int i = 0; i < PROPERTIES.length; i++) {
      isStream[i] = chosen != null && PIPE.equals(chosen.string(PROPERTIES[i], ""));
    }
    List<DeviceTreeNode> ports = ports(tree);
    if (ports.isEmpty()) {
      throw new DeviceTreeException("the machine has no serial port for the console");
    }
    port = new SerialPort(map(bus, ports.get(0), SerialRegisters.BLOCK));
    errorPort =
        ports.size() > 1 ? new SerialPort(map(bus, ports.get(1), SerialRegisters.BLOCK)) : port;
    long device = FileSystem.makeDevice(TERMINAL_MAJOR, TERMINAL_MINOR);
    terminal = new Terminal(TERMINAL_NAME, device, port, true, signals, timers);
    setUp(terminal.termios());
    stream = new SerialStream(port);
    errorStream = errorPort == port ? stream : new SerialStream(errorPort);
    port.connect(new Receiver());
    listen(interrupts, ports.get(0), port::interrupt);
    if (errorPort != port) {
      errorPort.connect(errorStream);
      listen(interrupts, ports.get(1), errorPort::interrupt);
    }
    for (DeviceTreeNode node : tree.compatible(ConsoleControl.COMPATIBLE)) {
      ConsoleControl control =
          new ConsoleControl(map(bus, node, ConsoleControlRegisters.BLOCK), new ControlEvents());
      terminal.resize(control.rows(), control.columns());
      listen(interrupts, node, control::interrupt);
    }
  }

  static void setUp(Termios t) {
    t.control = TermiosFlag.B115200 | TermiosFlag.CS8 | TermiosFlag.CREAD;
    t.control |= TermiosFlag.HUPCL | TermiosFlag.CLOCAL;
    t.inputSpeed = SPEED;
    t.outputSpeed = SPEED;
    t.input |= TermiosFlag.IUTF8; // as Linux does for its own consoles
  }

  private static List<DeviceTreeNode> ports(DeviceTree tree) {
    List<DeviceTreeNode> ports = new ArrayList<>(tree.compatible(SerialPort.COMPATIBLE));
    ports.sort((a, b) -> Long.compare(a.reg(0).address(), b.reg(0).address()));
    return ports;
  }

  @Unsafe("a console's device is driven here and nowhere else")
  private static <B> IoMem<B> map(Bus bus, DeviceTreeNode node, RegisterBlock<B> block) {
    DeviceTreeNode.Range range = node.reg(0);
    Resources own = new Resources(node.name(), Census.ofHandles());
    // SAFETY: the range is the device's own by the device tree
    return IoMem.map(own, bus, range.address(), range.size(), block);
  }

  private static void listen(InterruptController to, DeviceTreeNode node, Runnable handler) {
    to.register(InterruptController.intid(node.cells("interrupts")), handler);
  }

  /** The terminal on the first port. */
  public Terminal terminal() {
    return terminal;
  }

  /** Whether the first program's descriptor {@code fd} is a plain stream and no terminal. */
  public boolean isStream(int fd) {
    return isStream[fd];
  }

  /** Whether any of the three descriptors is the terminal. */
  public boolean hasTerminal() {
    return !isStream[INPUT] || !isStream[OUTPUT] || !isStream[ERROR];
  }

  /**
   * Opens the stream that stands for {@code fd}.
   *
   * @param fs where its file is, without a name
   * @param number the file's inode number
   */
  public OpenFile openStream(int fd, FileSystem fs, long number) {
    SerialStreamNode node = new SerialStreamNode(fs, number, fd == ERROR ? errorStream : stream);
    return new SerialStreamFile(
        node,
        fd == INPUT ? OpenFlag.O_RDONLY : OpenFlag.O_WRONLY,
        fd == ERROR ? errorStream : stream);
  }

  /** Opens the console's terminal by one of its device nodes. */
  public OpenFile openTerminal(Caller c, Inode node, int flags, boolean controls) {
    return terminal.open(c, node, flags, controls && (flags & OpenFlag.O_NOCTTY) == 0);
  }

  /** Puts the kernel's own line on the error output, after whatever programs have written. */
  public void message(String line) {
    SerialPort to = isStream(ERROR) ? errorPort : port;
    for (int i = 0; i < line.length() && to.room() > 2; i++) {
      to.put(line.charAt(i));
    }
    if (!isStream(ERROR)) {
      to.put('\r');
    }
    to.put('\n');
    to.flush();
  }

  /**
   * Waits in a trap until everything written has left for the host; for the machine's end, when no
   * program runs any more.
   */
  public void drain(Vcpu cpu, InterruptController interrupts) {
    while (!isDrained() && !cpu.isHalting()) {
      cpu.waitForInterrupt();
      interrupts.dispatch();
    }
  }

  /** True if everything written has left for the host. */
  public boolean isDrained() {
    return port.pending() == 0 && errorPort.pending() == 0;
  }
}
