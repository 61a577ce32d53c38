package orrery.kernel.task;

import java.util.List;
import orrery.kernel.log.KernelLog;
import orrery.kernel.memory.AddressSpace;
import orrery.machine.Ram;
import orrery.machine.bus.BusFault;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.GuestMemory;
import orrery.machine.cpu.MmioDispatcher;
import orrery.machine.cpu.TrapHandler;
import orrery.machine.cpu.Vcpu;

/** Processes with memory and a CPU whose registers are the running thread's: no program runs. */
public final class ProgramFixture implements AutoCloseable {
  public static final long RAM = 0x4000_0000L;
  public static final long RAM_SIZE = 16 << 20;

  /** Two pages that programs may write. */
  public static final long DATA = 0x1000_0000L;

  public static final long DATA_SIZE = 0x8000;

  /** As {@link #DATA}, shared by all processes. */
  public static final long SHARED = 0x2000_0000L;

  /** Nothing is mapped here. */
  public static final long HOLE = 0x3000_0000L;

  public final Ram ram = new Ram(RAM, RAM_SIZE);
  public final MachineClock clock = new MachineClock();
  public final Vcpu cpu;
  public final Scheduler scheduler;
  public final ProcessTable table = new ProcessTable(100);
  private final TestProcesses processes;
  public final Signals signals = new Signals();
  public final JobControl jobs = new JobControl(table, signals);
  public final Futexes futexes = new Futexes(table);
  public final SignalDelivery delivery;
  public final AddressSpace memory;
  public final Process init;
  public final Process process;
  public final Task task;

  public ProgramFixture() {
    cpu = new Vcpu(List.of(new GuestMemory(RAM, ram.segment(), true)), new NoDevices(), clock);
    cpu.traps(new NoTraps());
    cpu.enterUserMode();
    scheduler = new Scheduler(cpu, clock);
    processes = new TestProcesses(table, scheduler);
    signals.attach(jobs);
    Exit exit = new Exit(scheduler, table, futexes, signals, status -> {});
    delivery = new SignalDelivery(signals, jobs, exit, new KernelLog(null));
    memory = TestMemory.make(ram, cpu);
    init = process(1, null);
    thread(1, init, memory);
    process = process(2, init);
    task = thread(2, process, memory);
  }

  /** A process in the first group of its parent's session. */
  public Process process(int pid, Process parent) {
    return processes.process(pid, parent, 1, parent == null ? new Session(1) : parent.session());
  }

  public Task thread(int tid, Process of, AddressSpace space) {
    return processes.thread(tid, of, space);
  }

  /** Makes a thread known to its process and the table. */
  public Task enter(Task thread) {
    return processes.enter(thread);
  }

  @Override
  public void close() {
    cpu.close();
    ram.close();
  }

  private static final class NoDevices implements MmioDispatcher {
    @Override
    public long read(long address, int width) {
      throw BusFault.INSTANCE;
    }

    @Override
    public void write(long address, int width, long value) {
      throw BusFault.INSTANCE;
    }
  }

  private static final class NoTraps implements TrapHandler {
    @Override
    public void supervisorCall(Vcpu cpu) {
      throw new AssertionError("no program runs");
    }

    @Override
    public void synchronousException(Vcpu cpu) {
      throw new AssertionError("no program runs");
    }

    @Override
    public void interrupted(Vcpu cpu) {
      throw new AssertionError("no program runs");
    }
  }
}
