package orrery.device.virtio;

import java.util.concurrent.TimeUnit;
import orrery.device.console.ConsoleBackend;
import orrery.device.uart.SerialBackend;
import orrery.machine.cpu.DeferredCall;
import orrery.machine.pci.PciContext;

/**
 * A console with one port (5.3). What the driver sends goes to the line as fast as the host takes
 * it: a buffer stays in use until all of it is taken, so nothing is lost and the guest's CPU never
 * waits inside the device. What arrives waits in the line until the driver has room.
 *
 * <p>Threads: the vCPU's, but for the notices of line and terminal, which come on any.
 */
final class VirtioConsole implements VirtioDevice {
  private static final int DEVICE_ID = 3;

  /** Simple communication controller, other. */
  private static final int CLASS_CODE = 0x078000;

  private static final int QUEUE_SIZE = 128;
  private static final int RECEIVE = 0;
  private static final int TRANSMIT = 1;

  private static final long F_SIZE = 1;
  private static final long F_EMERG_WRITE = 1 << 2;

  // Configuration (5.3.4): byte offsets.
  private static final int COLUMNS = 0;
  private static final int ROWS = 2;
  private static final int EMERGENCY_WRITE = 8;
  private static final int CONFIG_SIZE = 12;

  private static final int CHUNK = 512;

  private final SerialBackend line;
  private final ConsoleBackend terminal;
  private final DeferredCall lineChanged;
  private final DeferredCall sizeChanged;
  private final VirtioConsoleState state = new VirtioConsoleState();
  private final byte[] chunk = new byte[CHUNK];
  private final Object roomMonitor = new Object();
  private VirtioFunction transport;

  /** Whether the line was full before all was sent; of use while the power goes off. */
  private boolean held;

  /** {@code terminal} is null if nobody knows the size of what is at the line's other end. */
  VirtioConsole(SerialBackend line, ConsoleBackend terminal, PciContext context) {
    this.line = line;
    this.terminal = terminal;
    lineChanged = context.deferred(this::attendLine);
    sizeChanged = context.deferred(this::resize);
    if (terminal != null) {
      state.columns = terminal.columns();
      state.rows = terminal.rows();
      terminal.addListener(sizeChanged::request);
    }
    line.listener(this::lineNotice);
  }

  @Override
  public int id() {
    return DEVICE_ID;
  }

  @Override
  public int classCode() {
    return CLASS_CODE;
  }

  @Override
  public long features() {
    return terminal == null ? F_EMERG_WRITE : F_SIZE | F_EMERG_WRITE;
  }

  @Override
  public int[] queueSizes() {
    return new int[] {QUEUE_SIZE, QUEUE_SIZE};
  }

  @Override
  public void connected(VirtioFunction itsTransport) {
    transport = itsTransport;
  }

  @Override
  public void started() {
    // Linux asks for the size of a console with one port only when it hears of a change.
    if (transport.negotiated(F_SIZE)) {
      transport.configurationChanged();
    }
  }

  // ---- Configuration ----

  @Override
  public int configSize() {
    return CONFIG_SIZE;
  }

  @Override
  public long readConfig(int offset, int width) {
    // One port: max_nr_ports, which only F_MULTIPORT makes valid, is zero, and so is emerg_wr.
    long size = (long) state.rows << ROWS * Byte.SIZE | (long) state.columns << COLUMNS * Byte.SIZE;
    return offset >= Long.BYTES
        ? 0
        : size >>> offset * Byte.SIZE & -1L >>> Long.SIZE - width * Byte.SIZE;
  }

  @Override
  public void writeConfig(int offset, int width, long value) {
    if (offset != EMERGENCY_WRITE) {
      return;
    }
    sendEmergency();
    if (state.emergencyCount > 0 || !line.offer((int) value & 0xff)) {
      // A driver in an emergency polls nothing; what exceeds the store is lost.
      if (state.emergencyCount < state.emergency.length) {
        state.emergency[state.emergencyCount++] = (byte) value;
      }
    }
  }

  private void sendEmergency() {
    int sent = 0;
    while (sent < state.emergencyCount && line.offer(state.emergency[sent] & 0xff)) {
      sent++;
    }
    if (sent > 0) {
      state.emergencyCount -= sent;
      System.arraycopy(state.emergency, sent, state.emergency, 0, state.emergencyCount);
    }
  }

  private void resize() {
    int columns = terminal.columns();
    int rows = terminal.rows();
    if (columns != state.columns || rows != state.rows) {
      state.columns = columns;
      state.rows = rows;
      transport.configurationChanged();
    }
  }

  // ---- Data ----

  /** Any thread: bytes have arrived, or there is room again. */
  private void lineNotice() {
    lineChanged.request();
    synchronized (roomMonitor) {
      roomMonitor.notifyAll();
    }
  }

  private void attendLine() {
    sendEmergency();
    transport.attend(TRANSMIT);
    transport.attend(RECEIVE);
  }

  @Override
  public void attend(int queue) {
    if (queue == TRANSMIT) {
      send();
    } else {
      receive();
    }
  }

  private void send() {
    sendEmergency();
    VirtQueue queue = transport.queue(TRANSMIT);
    DescriptorChain buffer = queue.next();
    while (buffer != null) {
      buffer.skip(state.sent);
      if (!send(buffer)) {
        held = true;
        return;
      }
      state.sent = 0;
      queue.complete(buffer);
      buffer = queue.next();
    }
  }

  /** Sends what is left of a buffer; false if the line takes no more now. */
  private boolean send(DescriptorChain buffer) {
    while (state.sent < buffer.readableBytes()) {
      int room = line.room();
      int count = room == 0 ? 0 : buffer.read(chunk, 0, Math.min(room, CHUNK));
      int taken = 0;
      while (taken < count && line.offer(chunk[taken] & 0xff)) {
        taken++;
      }
      state.sent += taken;
      if (taken < count || count == 0) {
        return false;
      }
    }
    return true;
  }

  private void receive() {
    VirtQueue queue = transport.queue(RECEIVE);
    while (line.available() > 0) {
      DescriptorChain buffer = queue.next();
      if (buffer == null) {
        return;
      }
      long room = buffer.writableBytes();
      while (room > 0) {
        int count = 0;
        int octet = -1;
        while (count < Math.min(room, CHUNK) && (octet = line.take()) >= 0) {
          chunk[count++] = (byte) octet;
        }
        if (count == 0) {
          break;
        }
        buffer.write(chunk, 0, count);
        room -= count;
      }
      queue.complete(buffer);
    }
  }

  @Override
  public void queueReset(int queue) {
    if (queue == TRANSMIT) {
      state.sent = 0;
    }
  }

  @Override
  public void reset() {
    state.sent = 0;
  }

  @Override
  public void powerOff(long deadline) {
    boolean interrupted = false;
    synchronized (roomMonitor) {
      sendRest();
      while (held && !isOver(deadline)) {
        try {
          if (line.room() == 0) { // notices of room take the monitor
            roomMonitor.wait(deadline == Long.MAX_VALUE ? 0 : millisUntil(deadline));
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
        sendRest();
      }
    }
    line.drain(deadline);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends what the line takes, and finds out whether it holds something back. */
  private void sendRest() {
    sendEmergency();
    held = state.emergencyCount > 0;
    transport.attend(TRANSMIT);
  }

  private static boolean isOver(long deadline) {
    return deadline != Long.MAX_VALUE && deadline - System.nanoTime() <= 0;
  }

  private static long millisUntil(long deadline) {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
  }
}
