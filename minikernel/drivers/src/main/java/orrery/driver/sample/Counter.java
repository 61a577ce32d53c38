package orrery.driver.sample;

import static orrery.driver.sample.CounterRegisters.LIMIT;
import static orrery.driver.sample.CounterRegisters.STATUS;
import static orrery.driver.sample.CounterRegisters.STATUS_REACHED;
import static orrery.driver.sample.CounterRegisters.VALUE;

import orrery.kernel.device.CharacterDriver;
import orrery.kernel.device.Interrupts;
import orrery.kernel.device.Transfer;
import orrery.kernel.device.Waiters;
import orrery.kernel.hw.IoMem;
import orrery.ownership.IrqCtx;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.ProcessCtx;

/** A counter: a read of its file waits until it has counted to {@link #COUNT}. */
@Owned
final class Counter implements CharacterDriver {
  private static final int COUNT = 1000;

  private final IoMem<CounterRegisters> registers;
  private final Interrupts interrupts;
  private final Waiters waiters = new Waiters();
  private boolean running;
  private boolean reached;

  Counter(@Move IoMem<CounterRegisters> registers, @Move Interrupts interrupts) {
    this.registers = registers;
    this.interrupts = interrupts;
  }

  @Override
  public void interrupt(IrqCtx irq, int vector) {
    registers.clear(STATUS, STATUS_REACHED);
    reached = true;
    waiters.wakeAll();
  }

  @Override
  public long read(Transfer transfer) {
    if (!running) {
      running = true;
      reached = false;
      registers.write(LIMIT, COUNT);
    }
    if (!reached) {
      return transfer.sleepOn(waiters);
    }
    running = false;
    transfer.putInt(registers.read(VALUE));
    return transfer.done();
  }

  @Override
  public boolean isReadable() {
    return reached || !running;
  }

  @Override
  public Waiters changes() {
    return waiters;
  }

  @Override
  @MaySleep
  @Move
  public void remove(ProcessCtx ctx) {
    interrupts.close();
    registers.close();
  }
}
