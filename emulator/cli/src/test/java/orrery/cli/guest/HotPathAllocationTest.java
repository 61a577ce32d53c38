package orrery.cli.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gate "B/op = 0": nothing allocates on the way of system calls, faults, switches, signals and
 * futexes. Two runs that differ only in how often a path is walked must cost the vCPU's thread the
 * same heap.
 */
class HotPathAllocationTest {
  private static final int FEW = 20_000;
  private static final int MANY = 220_000;

  /** Booting is not the same to the byte twice; one object each time would be 16 bytes at least. */
  private static final double TOLERATED_BYTES_PER_WALK = 4;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(strings = {"calls", "failures", "faults", "pipe", "signals", "futex"})
  void allocatesNothing(String path) {
    allocatedBy(path, MANY); // so that classes are loaded, call sites linked, paths compiled
    long few = allocatedBy(path, FEW);
    long many = allocatedBy(path, MANY);
    double perWalk = (many - few) / (double) (MANY - FEW);
    assertTrue(perWalk < TOLERATED_BYTES_PER_WALK, path + " allocates " + perWalk + " bytes");
  }

  private static long allocatedBy(String path, int walks) {
    GuestMachine machine =
        new GuestMachine().file(GuestPrograms.forGuest("hotpaths"), "/bin/hotpaths");
    long before = THREADS.getCurrentThreadAllocatedBytes();
    GuestMachine.Outcome outcome = machine.run("/bin/hotpaths", path, Integer.toString(walks));
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertEquals(0, outcome.status(), outcome.errors());
    return allocated;
  }
}
