package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import orrery.device.storage.MappedFile;
import orrery.device.storage.Medium;
import orrery.device.storage.SparseMemory;
import orrery.machine.fault.FaultPlan;

/** Reading and writing allocate nothing, from the doorbell to the interrupt. */
class NvmeAllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int COMMANDS = 10_000;

  @TempDir Path folder;

  @Test
  void commandsOnAMappedFileAllocateNothing() throws IOException {
    Path image = folder.resolve("disk.img");
    Files.write(image, new byte[NvmeHost.DISK]);
    assertAllocatesNothing(new MappedFile(image, false));
  }

  @Test
  void commandsInMemoryAllocateNothing() {
    assertAllocatesNothing(new SparseMemory(NvmeHost.DISK));
  }

  private static void assertAllocatesNothing(Medium medium) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (NvmeHost host = new NvmeHost(FaultPlan.NONE, medium)) {
      host.start();
      NvmeHost.Entry read = host.blocks(Opcode.READ, 8, 8);
      NvmeHost.Entry write = host.blocks(Opcode.WRITE, 16, 8);
      for (int i = 0; i < host.io.entries; i++) {
        (i % 2 == 0 ? read : write).write(host.io.submission + 64L * i);
      }
      run(host, WARM_UP);
      long least = Long.MAX_VALUE;
      // The compiler and the test framework allocate at times; the commands would every time.
      for (int i = 0; i < 5; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        run(host, COMMANDS);
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, least / COMMANDS, "bytes for each command");
    }
  }

  private static void run(NvmeHost host, int commands) {
    host.messages.clear();
    for (int i = 0; i < commands; i++) {
      host.io.tail = (host.io.tail + 1) % host.io.entries;
      host.window.write(NvmeHost.BAR + RegisterMap.DOORBELLS + 8, 4, host.io.tail);
      host.io.head = (host.io.head + 1) % host.io.entries;
      host.window.write(NvmeHost.BAR + RegisterMap.DOORBELLS + 12, 4, host.io.head);
      host.messages.clear();
    }
  }
}
