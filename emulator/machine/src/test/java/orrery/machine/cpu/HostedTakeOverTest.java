package orrery.machine.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static orrery.machine.cpu.A64.hvc;
import static orrery.machine.cpu.A64.ldr;
import static orrery.machine.cpu.A64.ldrw;
import static orrery.machine.cpu.A64.mov;
import static orrery.machine.cpu.A64.svc;
import static orrery.machine.cpu.GuestKernelTest.DEVICE;
import static orrery.machine.cpu.GuestKernelTest.RAM;
import static orrery.machine.cpu.GuestKernelTest.prologue;

import org.junit.jupiter.api.Test;
import orrery.machine.cpu.GuestKernelTest.Device;
import orrery.machine.cpu.GuestKernelTest.Guest;

/** How a hosted kernel takes a guest kernel's place. */
class HostedTakeOverTest {
  @Test
  void aHostedKernelTakesOverInAHypercall() {
    try (Guest guest = new Guest(CpuChoice.INTERNALS, prologue(ldrw(1, 20, 0), hvc(0x4f)))) {
      long root = RAM + 0x2_0000;
      long level2 = root + 4096;
      long level3 = level2 + 4096;
      long code = level3 + 4096;
      var memory = guest.ram.segment();
      memory.set(JAVA_LONG, root - RAM, level2 | 3);
      memory.set(JAVA_LONG, level2 - RAM + 8 * 2, level3 | 3);
      memory.set(JAVA_LONG, level3 - RAM, code | HostedGuest.EXECUTE);
      memory.set(JAVA_INT, code - RAM, mov(0, 77));
      memory.set(JAVA_INT, code - RAM + 4, svc(0));
      long[] seen = {0, 0};
      guest.cpu.hypercalls(
          (cpu, immediate) -> {
            assertEquals(0x4f, immediate);
            cpu.traps(
                new Traps()
                    .onSupervisorCall(
                        trapped -> {
                          seen[0] = trapped.x(0);
                          seen[1] = trapped.pstate();
                          trapped.halt();
                        }));
            cpu.enterUserMode();
            UserContext context = new UserContext();
            context.pc(HostedGuest.CODE);
            cpu.load(context);
            cpu.activate(cpu.translation(root));
          });
      guest.cpu.run();
      assertEquals(77, seen[0]);
      assertEquals(0, seen[1]);
    }
  }

  @Test
  void aHostedKernelSeesAnExternalAbortOfItsProgram() {
    Device device = new Device();
    try (HostedGuest guest = new HostedGuest(device)) {
      HostedGuest.Space space =
          guest.space(mov(1, 1), ldr(1, 20, 16), mov(1, 2), mov(2, 2), svc(0));
      space.map(0x2000_0000L, DEVICE, HostedGuest.READ_WRITE);
      long[] seen = new long[4];
      guest.attach(
          new Traps()
              .onException(
                  cpu -> {
                    seen[0] = cpu.syndrome();
                    seen[1] = cpu.pc();
                    seen[2] = cpu.x(1);
                    seen[3] = cpu.x(2);
                    cpu.halt();
                  }),
          space);
      guest.cpu.x(20, 0x2000_0000L);
      guest.cpu.run();
      assertEquals(0x9200_0410, (int) seen[0]);
      assertEquals(HostedGuest.CODE + 4, seen[1]);
      assertEquals(1, seen[2]);
      assertEquals(0, seen[3]);
    }
  }
}
