package orrery.cli.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import orrery.device.nvme.Drive;
import orrery.device.nvme.Drives;
import orrery.device.nvme.NvmeProvider;
import orrery.device.uart.Pl011Provider;
import orrery.kernel.DriverKernel;
import orrery.kernel.block.BlockIo;
import orrery.kernel.block.BlockOperation;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.block.RequestQueue;
import orrery.machine.Machine;
import orrery.machine.MachineBuilder;
import orrery.machine.dma.GuardMode;
import orrery.ownership.Census;

/**
 * The NVMe driver at work on the controller model, on a machine without programs, with a strict DMA
 * guard; and what it does about a controller that fails.
 */
class NvmeDriverTest {
  private static final int SIZE = 8 << 20;
  private static final int PAGE = 4096;
  private static final long SECOND = 1_000_000_000;

  @TempDir Path folder;
  private final List<String> violations = new ArrayList<>();
  private byte[] content;
  private Path image;
  private List<String> log;

  @BeforeEach
  void makeImage() throws IOException {
    content = new byte[SIZE];
    new Random(1).nextBytes(content);
    image = folder.resolve("disk.img");
    Files.write(image, content);
  }

  /** Something that waits, and its pages. */
  private static final class Io extends BlockIo {
    boolean done;

    @Override
    protected void finished(BlockStatus how) {
      done = true;
    }
  }

  private void run(String faults, DriverKernel.Body body) {
    run(faults, List.of(new Drive(image, false, false, false, null)), body);
  }

  /** Runs a body on a machine with drives, and fails on violations and leaks. */
  private void run(String faults, List<Drive> drives, DriverKernel.Body body) {
    DriverKernel kernel = new DriverKernel(body, Census.withBirthPlaces());
    try {
      MachineBuilder builder =
          Machine.builder()
              .memory(128 << 20)
              .hostedKernel(kernel)
              .bootArguments("nvme_core.io_timeout=1 nvme_core.admin_timeout=1")
              .pci(true)
              .dmaGuard(GuardMode.STRICT, violations::add)
              .backend(NvmeProvider.DRIVES, new Drives(drives, FaultTables.of(faults)))
              .backend(Pl011Provider.CONSOLE, new CapturedLine(""))
              .backend(Pl011Provider.ERRORS, new CapturedLine(""));
      try (Machine machine = builder.build()) {
        machine.run();
      }
    } catch (Exception e) {
      throw new AssertionError(kernel.lines().toString(), e);
    }
    log = kernel.lines();
    assertEquals(List.of(), violations, log.toString());
    assertEquals(List.of(), kernel.leaks());
  }

  /** Makes one request and waits for it. */
  private static BlockStatus transfer(
      DriverKernel kernel, BlockOperation operation, long position, int length, long... frames) {
    Io io = begin(kernel.disk("nvme0n1"), operation, position, length, frames);
    assertTrue(kernel.await(() -> io.done, 20 * SECOND), kernel.lines().toString());
    return io.status();
  }

  private static Io begin(
      RequestQueue queue, BlockOperation operation, long position, int length, long... frames) {
    Io io = new Io();
    io.begin();
    queue.plug();
    if (frames.length == 0) {
      queue.command(io, operation, position, length);
    }
    int left = length;
    long at = position;
    for (long frame : frames) {
      int part = Math.min(left, PAGE);
      queue.transfer(io, operation, at, frame, 0, part, false, false);
      at += part;
      left -= part;
    }
    queue.unplug();
    io.submitted();
    return io;
  }

  private byte[] host(long position, int length) {
    byte[] bytes = new byte[length];
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
      file.seek(position);
      file.readFully(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes;
  }

  private boolean logged(String part) {
    return log.stream().anyMatch(line -> line.contains(part));
  }

  private void assertLogged(String part) {
    assertTrue(logged(part), log.toString());
  }

  // ---- Data ----

  @Test
  void readsWhatTheImageHolds() {
    run(
        "",
        kernel -> {
          assertEquals(List.of("nvme0n1"), kernel.disks());
          assertEquals(SIZE, kernel.disk("nvme0n1").geometry().bytes());
          long frame = kernel.frame();
          assertEquals(BlockStatus.OK, transfer(kernel, BlockOperation.READ, 512 * 7, 1024, frame));
          assertArrayEquals(
              Arrays.copyOfRange(content, 512 * 7, 512 * 9), kernel.read(frame, 1024));
        });
  }

  /** Pages that adjoin become SGLs, others PRP lists; both of all lengths. */
  @Test
  void transfersOfAllShapesKeepTheirData() {
    run(
        "",
        kernel -> {
          Random random = new Random(2);
          long[] frames = new long[600];
          Arrays.setAll(frames, unused -> kernel.frame());
          Arrays.sort(frames);
          for (int round = 0; round < 300; round++) {
            int pages = 1 + random.nextInt(random.nextBoolean() ? 256 : 4);
            long[] used = new long[pages];
            int run = 1 + random.nextInt(round % 2 == 0 ? 1 : 40);
            int from = random.nextInt(frames.length - pages + 1);
            System.arraycopy(frames, from, used, 0, pages);
            for (int i = 0; run == 1 && i < pages; i++) {
              int other = random.nextInt(pages);
              long swapped = used[i];
              used[i] = used[other];
              used[other] = swapped;
            }
            int length = pages * PAGE - random.nextInt(PAGE / 512) * 512;
            long position = random.nextInt((SIZE - length) / 512 + 1) * 512L;
            boolean writes = random.nextInt(3) == 0;
            if (writes) {
              byte[] bytes = new byte[length];
              random.nextBytes(bytes);
              for (int i = 0; i < pages; i++) {
                kernel.write(
                    used[i], Arrays.copyOfRange(bytes, i * PAGE, Math.min(length, (i + 1) * PAGE)));
              }
              System.arraycopy(bytes, 0, content, (int) position, length);
            }
            assertEquals(
                BlockStatus.OK,
                transfer(
                    kernel,
                    writes ? BlockOperation.WRITE : BlockOperation.READ,
                    position,
                    length,
                    used));
            for (int i = 0; !writes && i < pages; i++) {
              int part = Math.min(length - i * PAGE, PAGE);
              int at = (int) position + i * PAGE;
              assertArrayEquals(
                  Arrays.copyOfRange(content, at, at + part), kernel.read(used[i], part));
            }
          }
        });
    assertArrayEquals(content, host(0, SIZE));
  }

  @Test
  void discardedAndZeroedBlocksReadAsZeros() {
    run(
        "",
        kernel -> {
          assertEquals(
              BlockStatus.OK, transfer(kernel, BlockOperation.DISCARD, 8 * PAGE, 4 * PAGE));
          assertEquals(
              BlockStatus.OK, transfer(kernel, BlockOperation.WRITE_ZEROES, 20 * PAGE, PAGE));
          assertEquals(BlockStatus.OK, transfer(kernel, BlockOperation.FLUSH, 0, 0));
        });
    Arrays.fill(content, 8 * PAGE, 12 * PAGE, (byte) 0);
    Arrays.fill(content, 20 * PAGE, 21 * PAGE, (byte) 0);
    assertArrayEquals(content, host(0, SIZE));
  }

  @Test
  void namespacesOfOneControllerAreDisks() throws IOException {
    Path second = folder.resolve("second.img");
    Files.write(second, new byte[1 << 20]);
    Path third = folder.resolve("third.img");
    Files.write(third, new byte[1 << 20]);
    run(
        "",
        List.of(
            new Drive(image, false, false, false, "S"),
            new Drive(second, false, true, false, "S"),
            new Drive(third, true, false, false, "T")),
        kernel -> {
          assertEquals(List.of("nvme0n1", "nvme0n2", "nvme1n1"), kernel.disks());
          assertTrue(kernel.disk("nvme0n2").geometry().readOnly());
          assertFalse(kernel.disk("nvme1n1").geometry().readOnly());
        });
  }

  @Test
  void moreRequestsThanTheQueueHasSlotsAllEnd() throws IOException {
    Path second = folder.resolve("second.img");
    Files.write(second, content);
    run(
        "{command='read', delay='5ms'}",
        List.of(
            new Drive(image, false, false, false, "S"),
            new Drive(second, false, false, false, "S")),
        kernel -> {
          List<Io> ios = new ArrayList<>();
          long frame = kernel.frame();
          for (int i = 0; i < 400; i++) {
            RequestQueue queue = kernel.disk(i % 2 == 0 ? "nvme0n1" : "nvme0n2");
            ios.add(begin(queue, BlockOperation.READ, i * 8192L, 512, frame));
          }
          assertTrue(
              kernel.await(() -> ios.stream().allMatch(io -> io.done), 20 * SECOND),
              kernel.lines().toString());
          assertTrue(ios.stream().allMatch(io -> io.status() == BlockStatus.OK));
        });
  }

  // ---- Failures ----

  private BlockStatus readOnce(String faults) {
    BlockStatus[] status = new BlockStatus[1];
    run(
        faults,
        kernel -> {
          long frame = kernel.frame();
          status[0] = transfer(kernel, BlockOperation.READ, PAGE, PAGE, frame);
          if (status[0] == BlockStatus.OK) {
            assertArrayEquals(
                Arrays.copyOfRange(content, PAGE, 2 * PAGE), kernel.read(frame, PAGE));
            assertEquals(BlockStatus.OK, transfer(kernel, BlockOperation.READ, 0, PAGE, frame));
          }
        });
    return status[0];
  }

  @Test
  void failedReadIsIssuedAgain() {
    assertEquals(BlockStatus.OK, readOnce("{command='read', nth='1..5', status='read-error'}"));
  }

  @Test
  void readThatKeepsFailingEndsWithItsStatus() {
    assertEquals(BlockStatus.MEDIUM, readOnce("{command='read', status='read-error'}"));
    assertEquals(BlockStatus.MEDIUM, readOnce("{command='read', nth=1, status=0x4281}"));
    assertEquals(
        BlockStatus.TARGET, readOnce("{command='read', nth=1, status='lba-out-of-range'}"));
  }

  @Test
  void lostInterruptCostsTimeOnly() {
    assertEquals(BlockStatus.OK, readOnce("{command='read', nth=1, fault='lose-interrupt'}"));
    assertLogged("was done without interrupt");
    assertFalse(logged("aborting"));
  }

  @Test
  void lateCommandIsAbortedAndIssuedAgain() {
    assertEquals(BlockStatus.OK, readOnce("{command='read', nth=1, fault='drop'}"));
    assertLogged("is late, aborting");
    assertFalse(logged("resetting"));
  }

  @Test
  void lateCommandThatCannotBeAbortedCostsAReset() {
    assertEquals(
        BlockStatus.OK,
        readOnce("{command='read', nth=1, fault='drop'}, {command='abort', status=0x6}"));
    assertLogged("is late and cannot be aborted, resetting the controller");
    assertLogged("reset, 1 I/O queues and 1 polled ones");
  }

  @Test
  void fatalStatusCostsAReset() {
    assertEquals(BlockStatus.OK, readOnce("{command='read', nth=1, fault='fatal'}"));
    assertLogged("it has failed as a whole, resetting the controller");
  }

  @Test
  void requestThatFellsTheControllerEachTimeFails() {
    assertEquals(BlockStatus.IO_ERROR, readOnce("{command='read', fault='fatal'}"));
  }

  @Test
  void controllerThatDoesNotComeBackIsDead() {
    run(
        "{command='read', nth=1, fault='fatal'}, {command='identify', nth='4..', status=0x4006}",
        kernel -> {
          long frame = kernel.frame();
          assertEquals(BlockStatus.OFFLINE, transfer(kernel, BlockOperation.READ, 0, PAGE, frame));
          assertEquals(List.of(), kernel.disks());
        });
    assertLogged("the controller is dead");
  }

  @Test
  void unpluggedControllerFailsEverythingAndItsDisksGo() {
    run(
        "{command='read', nth=2, fault='unplug'}",
        kernel -> {
          long frame = kernel.frame();
          RequestQueue queue = kernel.disk("nvme0n1");
          assertEquals(BlockStatus.OK, transfer(kernel, BlockOperation.READ, 0, PAGE, frame));
          Io first = begin(queue, BlockOperation.READ, 0, PAGE, frame);
          Io second = begin(queue, BlockOperation.READ, 8 * PAGE, PAGE, frame);
          assertTrue(kernel.await(() -> first.done && second.done, 20 * SECOND));
          assertEquals(BlockStatus.OFFLINE, first.status());
          assertEquals(BlockStatus.OFFLINE, second.status());
          Io third = begin(queue, BlockOperation.READ, 0, PAGE, frame);
          assertEquals(BlockStatus.OFFLINE, third.status());
          assertEquals(List.of(), kernel.disks());
        });
    assertLogged("the device is gone");
  }

  // ---- What a controller tells of its own accord ----

  /** Reads, so that what is planned for the next read happens. */
  private static void readOf(DriverKernel kernel, String disk, long frame) {
    Io io = begin(kernel.disk(disk), BlockOperation.READ, 0, PAGE, frame);
    assertTrue(kernel.await(() -> io.done, 20 * SECOND), kernel.lines().toString());
    assertEquals(BlockStatus.OK, io.status());
  }

  @Test
  void disksFollowTheirNamespaces() throws IOException {
    Path second = folder.resolve("second.img");
    Files.write(second, new byte[1 << 20]);
    run(
        "{command='read', ns=1, nth=1, target=2, fault='detach'},"
            + "{command='read', ns=1, nth=2, target=2, fault='attach'},"
            + "{command='read', ns=1, nth=3, target=2, capacity=65536},"
            + "{command='read', ns=1, nth=4, temperature=400}",
        List.of(
            new Drive(image, false, false, false, "S"),
            new Drive(second, false, false, false, "S")),
        kernel -> {
          long frame = kernel.frame();
          assertEquals(List.of("nvme0n1", "nvme0n2"), kernel.disks());
          readOf(kernel, "nvme0n1", frame);
          assertTrue(kernel.await(() -> kernel.disks().size() == 1, 20 * SECOND));
          assertEquals(List.of("nvme0n1"), kernel.disks());
          readOf(kernel, "nvme0n1", frame);
          assertTrue(kernel.await(() -> kernel.disks().size() == 2, 20 * SECOND));
          readOf(kernel, "nvme0n1", frame);
          assertTrue(
              kernel.await(() -> kernel.disk("nvme0n2").geometry().bytes() == 65536, 20 * SECOND),
              kernel.lines().toString());
          readOf(kernel, "nvme0n1", frame);
          assertTrue(
              kernel.await(
                  () -> kernel.lines().stream().anyMatch(line -> line.contains("127 degrees")),
                  20 * SECOND),
              kernel.lines().toString());
        });
  }

  // ---- Controllers that cannot be used ----

  private void assertNoDisk(String faults, String why) {
    run(faults, kernel -> assertEquals(List.of(), kernel.disks()));
    assertLogged(why);
  }

  @Test
  void controllerThatCannotBeIdentifiedIsLeftAlone() {
    assertNoDisk("{command='identify', nth=1, status=0x4006}", "Identify 1: status 0x");
    assertNoDisk(
        "{command='create-sq', status=0x4006}", "Create I/O Submission Queue 1: status 0x");
    assertNoDisk(
        "{command='identify', nth=1, fault='fatal'}", "Identify 1: the controller has failed");
    assertNoDisk("{command='identify', nth=1, corrupt=512}", "queue entries of other sizes");
  }

  @Test
  void namespaceThatCannotBeIsLeftOut() {
    assertNoDisk("{command='identify', nth=3, corrupt=130}", "its format cannot be");
    assertNoDisk("{command='identify', nth=3, corrupt=128}", "formatted with metadata");
    assertNoDisk("{command='identify', nth=3, corrupt=26}", "its format cannot be");
    assertNoDisk("{command='identify', nth=3, corrupt=7}", "its format cannot be");
  }

  @Test
  void corruptedDataAreNoticedByThisTest() {
    run(
        "{command='read', nth=1, corrupt=5}",
        kernel -> {
          long frame = kernel.frame();
          transfer(kernel, BlockOperation.READ, 0, PAGE, frame);
          assertNotEquals(content[5], kernel.read(frame, PAGE)[5]);
        });
  }
}
