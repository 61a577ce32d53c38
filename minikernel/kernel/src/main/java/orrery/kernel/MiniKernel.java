package orrery.kernel;

import java.util.List;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.dev.Devices;
import orrery.kernel.disk.Volumes;
import orrery.kernel.exec.Execution;
import orrery.kernel.exec.ProgramLoader;
import orrery.kernel.fs.Vfs;
import orrery.kernel.fs.initramfs.Initramfs;
import orrery.kernel.fs.initramfs.InitramfsException;
import orrery.kernel.fs.tmpfs.Tmpfs;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.InterruptController;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.log.KernelLog;
import orrery.kernel.memory.CpuMmu;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.KernelMemory;
import orrery.kernel.proc.ProcContext;
import orrery.kernel.syscall.PowerSwitch;
import orrery.kernel.syscall.Services;
import orrery.kernel.syscall.SystemCallTable;
import orrery.kernel.system.LoadAverage;
import orrery.kernel.system.RandomSource;
import orrery.kernel.system.SystemNames;
import orrery.kernel.task.ChildWait;
import orrery.kernel.task.Cloning;
import orrery.kernel.task.ExceptionHandler;
import orrery.kernel.task.Exit;
import orrery.kernel.task.Futexes;
import orrery.kernel.task.JobControl;
import orrery.kernel.task.KernelEntry;
import orrery.kernel.task.NewProgram;
import orrery.kernel.task.ProcessTable;
import orrery.kernel.task.Scheduler;
import orrery.kernel.task.SignalDelivery;
import orrery.kernel.task.Signals;
import orrery.kernel.task.Task;
import orrery.kernel.tty.Console;
import orrery.kernel.tty.PseudoTerminals;
import orrery.machine.HostedKernel;
import orrery.machine.HostedPlatform;
import orrery.machine.cpu.UserContext;
import orrery.machine.fdt.DeviceTree;
import orrery.machine.fdt.DeviceTreeException;
import orrery.machine.fdt.DeviceTreeNode;
import orrery.ownership.Census;

/**
 * The mini-kernel: put together on the machine that it finds, its root filled, its first program
 * started. From then on it runs in the CPU's traps ({@link KernelEntry}).
 */
public final class MiniKernel implements HostedKernel {
  /** What a shell answers for a program that is not there, and for one that cannot be run. */
  private static final int STATUS_NOT_FOUND = 127;

  private static final int STATUS_NOT_EXECUTABLE = 126;

  /** The machine's status when the kernel cannot start. */
  private static final int STATUS_FAILED = 125;

  /** A thread costs the JVM's heap a few KiB; there is one for so much of RAM. */
  private static final long RAM_PER_THREAD = 128 << 10;

  private static final int MIN_THREADS = 64;
  private static final int MAX_THREADS = 8192;

  /** FP and ASIMD: what every program may use (AT_HWCAP, {@code asm/hwcap.h}). */
  private static final long HWCAP = 1 | 1 << 1;

  private final Census census;
  private Drivers drivers;

  /** A kernel that has not started. */
  public MiniKernel() {
    this(Census.ofHandles());
  }

  /**
   * A kernel that has not started.
   *
   * @param census knows what drivers own, so that a shutdown can name what was not closed
   */
  public MiniKernel(Census census) {
    this.census = census;
  }

  /** What drivers had not closed when the kernel shut down; empty before. */
  public List<Census.Survivor> leaks() {
    return drivers == null ? List.of() : drivers.leaks();
  }

  @Override
  public void start(HostedPlatform platform) {
    KernelLog log = new KernelLog(platform.verbose() ? MiniKernel::diagnose : null);
    try {
      boot(platform, log);
    } catch (InitramfsException | DeviceTreeException | HardwareException e) {
      diagnose(e.getMessage());
      platform.powerOff(STATUS_FAILED);
    }
  }

  private static void diagnose(String line) {
    System.err.println("orrery: " + line);
  }

  private void boot(HostedPlatform platform, KernelLog log) throws InitramfsException {
    DeviceTree tree =
        DeviceTree.parse(
            platform.ram().segment().asSlice(platform.deviceTree() - platform.ram().base()));
    BootParameters parameters = BootParameters.of(tree);

    // Memory.
    CpuMmu mmu = new CpuMmu(platform.cpu());
    PhysicalMemory physical = new PhysicalMemory(platform.ram(), mmu);
    FrameAllocator frames = new FrameAllocator(physical);
    frames.reserve(parameters.initrd(), parameters.initrdSize());
    KernelMemory memory = new KernelMemory(frames, mmu);

    Scheduler scheduler = new Scheduler(platform.cpu(), platform.clock());
    ProcessTable processes = new ProcessTable(maxThreads(platform.ram().size()));
    Signals signals = new Signals();

    // Devices.
    InterruptController interrupts = interruptController(tree, platform);
    Console console =
        new Console(
            tree, platform.bus(), interrupts, platform.clock(), signals, scheduler.timers());

    drivers = new Drivers(log, census);
    drivers.probe(tree, platform, interrupts, frames, scheduler, signals);
    Volumes volumes = drivers.volumes(scheduler, frames, memory.zeroFrame());

    PowerSwitch power =
        status -> {
          drivers.shutDown();
          console.drain(platform.cpu(), interrupts);
          platform.powerOff(status);
        };

    // Tasks.
    Futexes futexes = new Futexes(processes);
    Exit exit =
        new Exit(scheduler, processes, futexes, signals, status -> power.off(exitStatus(status)));
    JobControl jobs = new JobControl(processes, signals);
    signals.attach(jobs);
    SignalDelivery delivery = new SignalDelivery(signals, jobs, exit, log);
    Cloning cloning = new Cloning(scheduler, processes);

    // Files.
    Vfs vfs = new Vfs(frames, scheduler.timers(), platform.clock()::realtimeNanos);
    Tmpfs root = new Tmpfs(vfs, "rootfs");
    vfs.mounts().mountRoot(root, "rootfs");
    new Initramfs(root, frames).load(parameters.initrd(), parameters.initrdSize());
    Tmpfs shared = new Tmpfs(vfs, "tmpfs");
    vfs.mounts().number(shared);

    // The system as a whole.
    SystemNames names = new SystemNames();
    RandomSource random = new RandomSource();
    LoadAverage load = new LoadAverage(scheduler);
    long bootNanos = platform.clock().startNanos();

    ProgramLoader loader =
        new ProgramLoader(memory, Execution.interpreters(vfs), random::nextLong, HWCAP);
    Execution execution =
        new Execution(vfs, loader, new NewProgram(scheduler, processes, exit, futexes));
    SystemCallTable calls =
        new SystemCallTable(
            new Services(
                log,
                memory,
                vfs,
                shared,
                scheduler,
                processes,
                cloning,
                exit,
                new ChildWait(exit),
                jobs,
                execution,
                signals,
                delivery,
                futexes,
                names,
                random,
                load,
                power,
                bootNanos));
    scheduler.attach(calls, interrupts::dispatch, delivery);

    FirstProcess first = new FirstProcess(vfs, console, execution);
    Task init =
        cloning.makeInit(
            new UserContext(),
            memory.newAddressSpace(),
            vfs.newFileTable(),
            vfs.newContext(),
            "init");
    PseudoTerminals pseudoTerminals =
        new PseudoTerminals(signals, scheduler.timers(), platform.clock()::realtimeNanos);
    Devices devices =
        new Devices(random, log, console, pseudoTerminals, drivers.nodes(), bootNanos);
    ProcContext proc =
        new ProcContext(
            processes,
            scheduler,
            vfs,
            names,
            random,
            load,
            platform.clock(),
            volumes,
            parameters.commandLine());
    new RootTree(vfs, devices, pseudoTerminals, volumes, drivers.nodes(), drivers.functions(), proc)
        .mount(init);
    drivers.onWithdrawal(node -> devices.withdraw(vfs.devices(), node));
    load.start();

    platform.cpu().traps(new KernelEntry(scheduler, new ExceptionHandler(signals)));
    platform.cpu().enterUserMode();
    try {
      first.start(init, parameters);
    } catch (ErrnoException e) {
      diagnose(parameters.arguments().getFirst() + ": " + reason(e.errno()));
      platform.powerOff(e.errno() == Errno.ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
      return;
    }
    scheduler.startWith(init);
  }

  private static int maxThreads(long ram) {
    return Math.clamp(ram / RAM_PER_THREAD, MIN_THREADS, MAX_THREADS);
  }

  static InterruptController interruptController(DeviceTree tree, HostedPlatform platform) {
    List<DeviceTreeNode> found = tree.compatible(InterruptController.COMPATIBLE);
    if (found.isEmpty()) {
      throw new DeviceTreeException("the machine has no " + InterruptController.COMPATIBLE);
    }
    return new InterruptController(found.getFirst(), platform.bus());
  }

  /** What wait(2) says of init, as an exit status: 128 and the signal's number if one ended it. */
  private static int exitStatus(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? status >> 8 & 0xff : 128 + signal;
  }

  private static String reason(int errno) {
    return switch (errno) {
      case Errno.ENOENT -> "no such program in the root";
      case Errno.ENOEXEC -> "not a program for AArch64 Linux (neither ELF64 AArch64 nor a script)";
      case Errno.EACCES -> "not an executable file (chmod +x?)";
      case Errno.ELIBBAD -> "its dynamic loader is damaged or for another machine";
      case Errno.ENOMEM -> "does not fit into the guest's memory (try a larger --memory)";
      case Errno.E2BIG -> "its arguments and environment are too large";
      case Errno.ELOOP -> "too many symbolic links, or scripts run by scripts";
      case Errno.ENOTDIR -> "a part of its path is not a folder";
      default -> "cannot be run (error " + errno + ")";
    };
  }
}
