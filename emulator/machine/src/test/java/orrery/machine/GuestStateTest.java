package orrery.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.machine.BareGuest.TIMED_OUT;
import static orrery.machine.BareGuest.result;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import orrery.machine.cpu.CpuReport;

/** Guests that cannot go on, that hear nothing, and that do what no guest should. */
class GuestStateTest {
  private static final int VECTORS = 0x800;
  private static final int SYNCHRONOUS = VECTORS + 0x200;

  private static final int[] LAST_OFF = {
    0x52b08000, // mov w0, #0x84000000
    0x11000800, // add w0, w0, #2
    0xd4000002, // hvc #0
    0x14000000, // stay: b stay
  };

  private static final int[] NO_VECTORS = {
    0xd2a14000, // mov x0, #0x0a000000
    0xd518c000, // msr vbar_el1, x0
    0xd5033fdf, // isb
    0xd4200000, // brk #0
  };

  private static final int[] NO_STACK = {
    0xd2810000, // mov x0, #0x800
    0xd518c000, // msr vbar_el1, x0
    0xd2a14001, // mov x1, #0x0a000000
    0x9100003f, // mov sp, x1
    0xd5033fdf, // isb
    0xd4200000, // brk #0
  };

  private static final int[] SAVE_REGISTERS = {
    0xd10043ff, // sub sp, sp, #16
    0xa90007e0, // stp x0, x1, [sp]
    0x14000000, // stay: b stay
  };

  private static final int[] DEAF = {
    0xd28009a5, // mov x5, #77
    0xd5034fdf, // msr daifset, #15
    0x14000000, // stay: b stay
  };

  private static final int[] WIDE = {
    0xd2810000, // mov x0, #0x800
    0xd518c000, // msr vbar_el1, x0
    0xd5033fdf, // isb
    0xd2aa0013, // mov x19, #0x50000000
    0xd2a10001, // mov x1, #0x08000000
    0xd2800014, // mov x20, #0
    0x3dc3f820, // ldr q0, [x1, #0xfe0]
    0xa9500c22, // ldp x2, x3, [x1, #0x100]
    0xb8481024, // ldur w4, [x1, #0x81]
    0xf8404024, // ldr x4, [x1, #4]
    0xf8082024, // stur x4, [x1, #0x82]
    0x784c1024, // ldurh w4, [x1, #0xc1]
    0x3d810020, // str q0, [x1, #0x400]
    0xc85f7c24, // ldxr x4, [x1]
    0xc8057c24, // stxr w5, x4, [x1]
    0xd50b7421, // dc zva, x1
    0xf84fc024, // ldur x4, [x1, #0xfc]
    0xd2a14001, // mov x1, #0x0a000000
    0x885f7c24, // ldxr w4, [x1]
    0x8805fc24, // stlxr w5, w4, [x1]
    0xad400420, // ldp q0, q1, [x1]
    0xf9800020, // prfm pldl1keep, [x1]
    0xf9000274, // str x20, [x19]
    0x52b08000, // mov w0, #0x84000000
    0x11002000, // add w0, w0, #8
    0xd4000002, // hvc #0
    0x14000000, // stay: b stay
  };

  private static final int[] SKIP = {
    0x91000694, // add x20, x20, #1
    0xd5384035, // mrs x21, elr_el1
    0x910012b5, // add x21, x21, #4
    0xd5184035, // msr elr_el1, x21
    0xd69f03e0, // eret
  };

  @Test
  void aGuestWithoutVectorsEndsTheMachine() {
    try (Machine machine = new BareGuest(NO_VECTORS).machine(1)) {
      assertEquals(Machine.STATUS_FAILED, machine.run());
      GuestState state = machine.guestState();
      assertEquals("it faults in its exception vector for ever", state.reason());
      CpuReport cpu = state.cpus().getFirst();
      assertEquals(0x0a00_0200, cpu.pc());
      assertEquals(0x0a00_0200, cpu.elr());
      assertEquals(0x0a00_0000, cpu.vbar());
      assertEquals(0x21, cpu.esr() >>> 26, "instruction abort from the current level");
      assertEquals(1, cpu.level());
    }
  }

  @Test
  void aGuestWithoutAStackEndsTheMachine() {
    BareGuest guest = new BareGuest(NO_STACK).code(SYNCHRONOUS, SAVE_REGISTERS);
    try (Machine machine = guest.machine(1)) {
      assertEquals(Machine.STATUS_FAILED, machine.run());
      assertEquals("it faults in its exception vector for ever", machine.guestState().reason());
    }
  }

  @Test
  void theLastCpuThatGoesOffEndsTheMachine() {
    try (Machine machine = new BareGuest(LAST_OFF).machine(2)) {
      assertEquals(Machine.STATUS_FAILED, machine.run());
      GuestState state = machine.guestState();
      assertEquals("all CPUs are off", state.reason());
      assertEquals("CPU 0: off\nCPU 1: off", state.describe(Symbolizer.NONE));
    }
  }

  @Test
  void aGuestThatHearsNoInterruptsIsStoppedByTheTimeLimitAndSaysWhereItWas() {
    try (Machine machine = new BareGuest(DEAF).machine(2, Duration.ofMillis(300))) {
      assertEquals(TIMED_OUT, machine.run());
      GuestState state = machine.guestState();
      assertEquals(null, state.reason());
      CpuReport cpu = state.cpus().getFirst();
      assertEquals(8, cpu.pc());
      assertEquals(0x3c5, cpu.pstate());
      String line = state.describe(address -> address == 8 ? "stay+0x0" : null);
      assertTrue(line.startsWith("CPU 0: EL1 running PC 0x8 (stay+0x0) LR 0x0 SP 0x0 "), line);
      assertTrue(line.endsWith("\nCPU 1: off"), line);
    }
  }

  @Test
  void anotherThreadMaySeeWhatARunningGuestDoes() throws InterruptedException {
    try (Machine machine = new BareGuest(DEAF).machine(1)) {
      Thread runs = Thread.ofPlatform().start(machine::run);
      while (machine.guestState().cpus().getFirst().pc() != 8) {
        Thread.onSpinWait();
      }
      machine.powerOff(3);
      runs.join();
      assertEquals(8, machine.guestState().cpus().getFirst().pc());
    }
  }

  @Test
  void wideMisalignedAndExclusiveAccessesToDevicesHarmNobody() {
    BareGuest guest = new BareGuest(WIDE).code(SYNCHRONOUS, SKIP);
    try (Machine machine = guest.machine(1)) {
      assertEquals(0, machine.run());
      assertTrue(result(machine, 0) >= 3, "external aborts: " + result(machine, 0));
    }
  }
}
