package orrery.device.console;

import static orrery.device.console.ConsoleControlRegisters.*;

import orrery.machine.bus.MmioDevice;
import orrery.machine.irq.InterruptLine;

/**
 * The console-control device. Its interrupt is asserted while the size changed, or the input ended
 * and that was not acknowledged.
 *
 * <p>Threads: registers on the vCPU's thread, backend's notices on any; the monitor guards the
 * registers and is taken before the backend's and the interrupt controller's.
 */
public final class ConsoleControl implements MmioDevice {
  private final ConsoleBackend console;
  private final InterruptLine interrupt;
  private int columns;
  private int rows;
  private boolean sizeChanged;
  private boolean endAcknowledged;
  private boolean asserted;

  /** A device in reset: the size the console has now is not a change. */
  public ConsoleControl(ConsoleBackend console, InterruptLine interrupt) {
    this.console = console;
    this.interrupt = interrupt;
    columns = console.columns();
    rows = console.rows();
    console.addListener(this::changed);
    changed();
  }

  @Override
  public synchronized long read(long offset, int width) {
    return switch ((int) offset) {
      case STATUS -> status();
      case COLUMNS -> columns;
      case ROWS -> rows;
      default -> 0; // write-only or reserved: RAZ
    };
  }

  @Override
  public synchronized void write(long offset, int width, long value) {
    if (offset == STATUS && (value & STATUS_SIZE_CHANGED) != 0) {
      sizeChanged = false;
    } else if (offset == ACKNOWLEDGE && (value & STATUS_INPUT_ENDED) != 0) {
      // Nothing to acknowledge before it happened: the end must not pass unseen.
      endAcknowledged = console.inputEnded();
    }
    update();
  }

  private synchronized void changed() {
    int newColumns = console.columns();
    int newRows = console.rows();
    sizeChanged |= newColumns != columns || newRows != rows;
    columns = newColumns;
    rows = newRows;
    update();
  }

  private int status() {
    return (console.inputEnded() ? STATUS_INPUT_ENDED : 0)
        | (sizeChanged ? STATUS_SIZE_CHANGED : 0);
  }

  private void update() {
    boolean assertion = sizeChanged || console.inputEnded() && !endAcknowledged;
    if (assertion != asserted) {
      asserted = assertion;
      interrupt.set(assertion);
    }
  }
}
