package orrery.kernel.syscall;

import orrery.kernel.fs.Vfs;
import orrery.kernel.fs.tmpfs.Tmpfs;
import orrery.kernel.log.KernelLog;
import orrery.kernel.memory.KernelMemory;
import orrery.kernel.system.LoadAverage;
import orrery.kernel.system.RandomSource;
import orrery.kernel.system.SystemNames;
import orrery.kernel.task.ChildWait;
import orrery.kernel.task.Cloning;
import orrery.kernel.task.Exit;
import orrery.kernel.task.Futexes;
import orrery.kernel.task.JobControl;
import orrery.kernel.task.ProcessTable;
import orrery.kernel.task.ProgramExecution;
import orrery.kernel.task.Scheduler;
import orrery.kernel.task.SignalDelivery;
import orrery.kernel.task.Signals;

/**
 * The rooms of the kernel that system calls ask.
 *
 * @param shared where files without a name and shared memory live; mounted nowhere
 * @param power switches the machine off or restarts it
 * @param bootNanos machine time at which the machine was switched on
 */
public record Services(
    KernelLog log,
    KernelMemory memory,
    Vfs vfs,
    Tmpfs shared,
    Scheduler scheduler,
    ProcessTable processes,
    Cloning cloning,
    Exit exit,
    ChildWait childWait,
    JobControl jobs,
    ProgramExecution execution,
    Signals signals,
    SignalDelivery delivery,
    Futexes futexes,
    SystemNames names,
    RandomSource random,
    LoadAverage load,
    PowerSwitch power,
    long bootNanos) {}
