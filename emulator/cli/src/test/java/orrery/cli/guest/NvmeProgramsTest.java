package orrery.cli.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import orrery.device.nvme.Drive;
import orrery.device.nvme.Drives;
import orrery.device.nvme.NvmeProvider;
import orrery.machine.MachineBuilder;
import orrery.machine.dma.GuardMode;
import orrery.machine.fault.FaultFileException;

/** Programs of the mini-kernel and its NVMe disks, with a strict DMA guard. */
class NvmeProgramsTest {
  private static final int SIZE = 8 << 20;

  @TempDir Path folder;
  private final List<String> violations = new ArrayList<>();

  private GuestMachine.Outcome run(String faults, String... arguments)
      throws IOException, FaultFileException {
    GuestMachine.Outcome outcome = start("nvme", faults, arguments);
    assertEquals(0, outcome.status(), outcome.output() + outcome.errors());
    assertEquals(List.of(), violations);
    return outcome;
  }

  private GuestMachine.Outcome start(String program, String faults, String... arguments)
      throws IOException, FaultFileException {
    Path image = Files.write(folder.resolve("disk.img"), new byte[SIZE]);
    Drives drives =
        new Drives(List.of(new Drive(image, false, false, false, null)), FaultTables.of(faults));
    GuestMachine machine =
        new GuestMachine()
            .countingOnly()
            .file(GuestPrograms.forGuest(program), "/bin/" + program)
            .with(builder -> plug(builder, drives));
    String[] command = new String[arguments.length + 1];
    command[0] = "/bin/" + program;
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return machine.run(command);
  }

  private void plug(MachineBuilder builder, Drives drives) {
    builder
        .pci(true)
        .dmaGuard(GuardMode.STRICT, violations::add)
        .bootArguments("nvme_core.io_timeout=1 nvme_core.admin_timeout=1")
        .backend(NvmeProvider.DRIVES, drives);
  }

  /** As Linux answers them. */
  @Test
  void ioctlsOfControllerAndNamespace() throws Exception {
    assertEquals(
        """
        id of controller: Inappropriate ioctl for device
        id of namespace: 0x1
        identify controller: 0x0, Orrery NVMe Controller
        identify namespace: 0x0, 16384 blocks
        identify, 64 bits: 0x0
        number of queues: 0x0, 0x10001
        write: 0x0
        read: 0x0, xxxx
        read of 1 MiB: 0x0, xxxx
        read behind the end: 0x6080
        another namespace: Invalid argument
        no such memory: Bad address
        flags: Invalid argument
        too long: Invalid argument
        no such structure: 0x6002
        no such ioctl: Inappropriate ioctl for device
        rescan: 0x0
        reset: 0x0
        subsystem reset: 0x0
        reset of a namespace: Inappropriate ioctl for device
        read after that: 0x0, xxxx
        as a user: Permission denied
        """,
        run("", "ioctls").output());
  }

  @Test
  void formatChangesTheDisk() throws Exception {
    assertEquals(
        "16384 blocks\nformat: 0x0\n2048 blocks\n4096 bytes, 0\n", run("", "format").output());
  }

  /** The first command is aborted, the second, of the admin queue, ends with a reset. */
  @Test
  void commandsWithoutAnswerEndInTime() throws Exception {
    assertEquals(
        "verify: 0x7\nlog: Interrupted system call\nidentify: 0x0\n",
        run("{command='verify', fault='drop'}, {command='get-log', fault='drop'}", "hang")
            .output()
            .replace("0x6007", "0x7"));
  }

  @Test
  void diskThatIsPulledOutIsGone() throws Exception {
    assertEquals(
        "49 reads, then Input/output error\n"
            + "open: No such file or directory\n"
            + "identify: No such device\n"
            + "controller: No such file or directory\n"
            + "by number: No such device or address\n"
            + "in /sys: No such file or directory, No such file or directory\n",
        run("{command='read', nth=51, fault='unplug'}", "pull").output());
  }

  @Test
  void storesToAMappingReachTheDisk() throws Exception {
    assertEquals(
        """
        before: ''
        msync: 0x0, 'one'
        async: 0x0
        fsync: 0x0, 'two'
        a hole: Cannot allocate memory
        munmap, fsync: 0x0, 'unmapped'
        exit, sync: 'exited'
        """,
        run("", "mapping").output());
  }

  /** What the super-user may map, what others see, and accesses that nobody answers. */
  @Test
  void programMapsTheRegisters() throws Exception {
    GuestMachine.Outcome outcome = start("registers", "");
    assertEquals("", outcome.output(), outcome.errors());
    assertEquals(0, outcome.status());
    assertEquals(List.of(), violations);
  }

  @Test
  void machineOutlivesWhoScribblesOverTheRegisters() throws Exception {
    GuestMachine.Outcome outcome = start("registers", "", "scribble");
    assertEquals("alive\n", outcome.output(), outcome.errors());
    assertEquals(0, outcome.status(), outcome.errors());
  }

  @Test
  void directReadsAllocateNothing() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int few = 10_000;
    int many = 110_000;
    run("", "reads", Integer.toString(many));
    long start = threads.getCurrentThreadAllocatedBytes();
    run("", "reads", Integer.toString(few));
    long middle = threads.getCurrentThreadAllocatedBytes();
    run("", "reads", Integer.toString(many));
    long end = threads.getCurrentThreadAllocatedBytes();
    double each = (end - middle - (middle - start)) / (double) (many - few);
    assertTrue(each < 8, each + " bytes for each read");
  }
}
