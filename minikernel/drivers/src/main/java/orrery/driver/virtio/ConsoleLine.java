package orrery.driver.virtio;

import orrery.kernel.device.Completion;
import orrery.kernel.device.SerialDriver;
import orrery.kernel.device.SerialInput;
import orrery.kernel.hw.CpuBuffer;
import orrery.kernel.hw.Direction;
import orrery.kernel.hw.Dma;
import orrery.kernel.hw.IoMem;
import orrery.ownership.IrqCtx;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.Owned;
import orrery.ownership.OwnedList;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Slot;

/**
 * A console with one port (5.3). Input buffers are with the device until it has filled one; output
 * goes from the buffer being filled to the device, and the buffer returns when it was sent.
 */
@Owned
final class ConsoleLine implements SerialDriver {
  /** Numbers of the queues (5.3.2). */
  static final int INPUT = 0;

  static final int OUTPUT = 1;
  static final int INPUT_BUFFERS = 8;
  static final int OUTPUT_BUFFERS = 8;

  private static final int INPUT_SIZE = 256;
  private static final int OUTPUT_SIZE = 512;
  private static final int OCTET = 0xff;

  /** How long a removal waits for the host to take what was written. */
  private static final long PATIENCE_NANOS = 2_000_000_000;

  private final Transport transport;
  private final IoMem<ConsoleConfiguration> configuration;
  private final Virtqueue input;
  private final Virtqueue output;
  private final Slot<CpuBuffer> arrived = new Slot<>();
  private final Slot<CpuBuffer> filling = new Slot<>();
  private final OwnedList<CpuBuffer> spare = new OwnedList<>();
  private final SerialInput terminal;
  private final Completion sent;
  private int arrivedBytes;
  private int taken;
  private int filled;

  ConsoleLine(
      @Move Transport transport,
      @Move IoMem<ConsoleConfiguration> configuration,
      @Move Virtqueue input,
      @Move Virtqueue output,
      SerialInput terminal,
      Completion sent) {
    this.terminal = terminal;
    this.sent = sent;
    Dma dma = transport.dma();
    for (int i = 0; i < INPUT_BUFFERS; i++) {
      CpuBuffer buffer = dma.buffer(INPUT_SIZE, Direction.FROM_DEVICE);
      input.submit(buffer.toDevice(), INPUT_SIZE, Descriptor.F_WRITE);
    }
    input.notifyDevice();
    for (int i = 0; i < OUTPUT_BUFFERS; i++) {
      spare.addLast(dma.buffer(OUTPUT_SIZE, Direction.TO_DEVICE));
    }
    resize(configuration, terminal);
    this.transport = transport;
    this.configuration = configuration;
    this.input = input;
    this.output = output;
  }

  private static void resize(IoMem<ConsoleConfiguration> configuration, SerialInput terminal) {
    int rows = configuration.read(ConsoleConfiguration.ROWS);
    int columns = configuration.read(ConsoleConfiguration.COLUMNS);
    if (rows > 0 && columns > 0) {
      terminal.resize(rows, columns);
    }
  }

  @Override
  public void interrupt(IrqCtx irq, int vector) {
    switch (vector) {
      case INPUT + 1 -> receive();
      case OUTPUT + 1 -> reclaim();
      default -> resize(configuration, terminal);
    }
  }

  // ---- Input ----

  private void receive() {
    while (next()) {
      while (taken < arrivedBytes) {
        if (!terminal.accepts()) {
          return; // inputWanted() goes on
        }
        terminal.receive(arrived.get().readByte(taken++) & OCTET);
      }
      CpuBuffer empty = arrived.take();
      if (empty != null) {
        input.submit(empty.toDevice(), INPUT_SIZE, Descriptor.F_WRITE);
        input.notifyDevice();
      }
    }
  }

  /** Whether there is a buffer that has arrived. */
  private boolean next() {
    if (!arrived.isEmpty()) {
      return true;
    }
    CpuBuffer buffer = input.reap();
    if (buffer == null) {
      return false;
    }
    arrivedBytes = input.written();
    taken = 0;
    arrived.put(buffer);
    return true;
  }

  @Override
  public void inputWanted() {
    receive();
  }

  // ---- Output ----

  @Override
  public int room() {
    int here = filling.isEmpty() ? 0 : OUTPUT_SIZE - filled;
    return here + spare.size() * OUTPUT_SIZE;
  }

  @Override
  public void put(int octet) {
    if (filling.isEmpty()) {
      CpuBuffer buffer = spare.removeFirst();
      if (buffer == null) {
        return; // the caller did not look at room(): the byte is lost
      }
      filling.put(buffer);
      filled = 0;
    }
    filling.get().writeByte(filled++, octet);
    if (filled == OUTPUT_SIZE) {
      flush();
    }
  }

  @Override
  public void flush() {
    CpuBuffer buffer = filling.take();
    if (buffer != null) {
      output.submit(buffer.toDevice(), filled, 0);
      output.notifyDevice();
    }
  }

  @Override
  public int pending() {
    return output.pending() + (filling.isEmpty() ? 0 : filled);
  }

  private void reclaim() {
    boolean any = false;
    CpuBuffer buffer = output.reap();
    while (buffer != null) {
      spare.addLast(buffer);
      any = true;
      buffer = output.reap();
    }
    if (any) {
      terminal.transmitReady();
    }
    if (pending() == 0) {
      sent.complete();
    }
  }

  @Override
  @MaySleep
  public void quiesce(ProcessCtx ctx) {
    flush();
    if (pending() > 0) {
      sent.reset();
      sent.await(ctx, PATIENCE_NANOS);
    }
  }

  @Override
  @MaySleep
  @Move
  public void remove(ProcessCtx ctx) {
    transport.stop();
    input.close();
    output.close();
    close(arrived.take());
    arrived.close();
    close(filling.take());
    filling.close();
    spare.drain(buffer -> buffer.close());
    spare.close();
    configuration.close();
    transport.close();
  }

  private static void close(@Move @Nullable CpuBuffer buffer) {
    if (buffer != null) {
      buffer.close();
    }
  }
}
