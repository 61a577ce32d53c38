package orrery.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.machine.BareGuest.result;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import orrery.machine.clock.MachineClock;

/** Several CPUs as a guest kernel sees them: PSCI, MPIDR, exclusives, SGIs, timers, TLBs. */
class SeveralCpusTest {
  /** Where CPUs count themselves when they are done, and CPU 0 what CPU_ON has answered. */
  private static final int DONE = 0x400 / Long.BYTES;

  private static final int CPU_ON_RESULTS = 0x800 / Long.BYTES;

  /** Every CPU, with the results in x19. */
  private static final int[] COUNT_TOGETHER = {
    0xd29ffe04, // mov x4, #0xfff0
    0xf2a00084, // movk x4, #4, lsl #16
    0xc85f7e61, // next: ldxr x1, [x19]
    0x91000421, // add x1, x1, #1
    0xc8027e61, // stxr w2, x1, [x19]
    0x35ffffa2, // cbnz w2, next
    0xd1000484, // sub x4, x4, #1
    0xb5ffff64, // cbnz x4, next
  };

  private static final int[] ABA = {
    0xd2aa0013, // mov x19, #0x50000000
    0xd28000a1, // mov x1, #5
    0xf9000261, // str x1, [x19]
    0x52b88000, // movz w0, #0xc400, lsl #16
    0x72800060, // movk w0, #3
    0xd2800021, // mov x1, #1
    0x100001a2, // adr x2, second
    0xd4000002, // hvc #0
    0xc85f7e61, // ldxr x1, [x19]
    0xf9000e61, // str x1, [x19, #24]
    0xd503203f, // wait: yield
    0xf9400662, // ldr x2, [x19, #8]
    0xb4ffffc2, // cbz x2, wait
    0xc8037e61, // stxr w3, x1, [x19]
    0xf9000a63, // str x3, [x19, #16]
    0x52b08000, // mov w0, #0x84000000
    0x11002000, // add w0, w0, #8
    0xd4000002, // hvc #0
    0x14000000, // stay: b stay
    0xd2aa0013, // second: mov x19, #0x50000000
    0xd503203f, // ready: yield
    0xf9400e61, // ldr x1, [x19, #24]
    0xb4ffffc1, // cbz x1, ready
    0xd28000c1, // mov x1, #6
    0xf9000261, // str x1, [x19]
    0xd28000a1, // mov x1, #5
    0xf9000261, // str x1, [x19]
    0xd2800021, // mov x1, #1
    0xf9000661, // str x1, [x19, #8]
    0x52b08000, // mov w0, #0x84000000
    0x11000800, // add w0, w0, #2
    0xd4000002, // hvc #0
  };

  private static final int[] PING = {
    0xd2aa0013, // mov x19, #0x50000000
    0x52b88000, // movz w0, #0xc400, lsl #16
    0x72800060, // movk w0, #3
    0xd2800021, // mov x1, #1
    0x10000262, // adr x2, second
    0xd4000002, // hvc #0
    0xd2800004, // mov x4, #0
    0x52a00045, // mov w5, #0x20000
    0x94000016, // bl gic
    0x52807d06, // rounds: mov w6, #1000
    0xb90f0145, // send: str w5, [x10, #0xf00]
    0x9400001c, // bl take
    0x7110141f, // cmp w0, #0x405
    0x540000a1, // b.ne bad
    0x91000484, // add x4, x4, #1
    0x510004c6, // sub w6, w6, #1
    0x35ffff46, // cbnz w6, send
    0xf9000264, // str x4, [x19]
    0xf9000660, // bad: str x0, [x19, #8]
    0x52b08000, // mov w0, #0x84000000
    0x11002000, // add w0, w0, #8
    0xd4000002, // hvc #0
    0x14000000, // stay: b stay
    0xd2aa0013, // second: mov x19, #0x50000000
    0x52a00025, // mov w5, #0x10000
    0x94000005, // bl gic
    0x9400000d, // serve: bl take
    0xf9000a60, // str x0, [x19, #16]
    0xb90f0145, // str w5, [x10, #0xf00]
    0x17fffffd, // b serve
    0xd2a1000a, // gic: mov x10, #0x08000000
    0xd2a1002b, // mov x11, #0x08010000
    0x52800020, // mov w0, #1
    0xb9000140, // str w0, [x10]
    0xb9000160, // str w0, [x11]
    0x52801fe1, // mov w1, #0xff
    0xb9000561, // str w1, [x11, #4]
    0x110014a5, // add w5, w5, #5
    0xd65f03c0, // ret
    0xd503207f, // take: wfi
    0xb9400d60, // ldr w0, [x11, #0xc]
    0x710ffc1f, // cmp w0, #1023
    0x54ffffa0, // b.eq take
    0xb9001160, // str w0, [x11, #0x10]
    0xd65f03c0, // ret
  };

  /** Every CPU, with the results in x19. */
  private static final int[] TIMERS = {
    0xd2a1000a, // mov x10, #0x08000000
    0xd2a1002b, // mov x11, #0x08010000
    0x52800020, // mov w0, #1
    0xb9000140, // str w0, [x10]
    0xb9000160, // str w0, [x11]
    0x52801fe1, // mov w1, #0xff
    0xb9000561, // str w1, [x11, #4]
    0x52a10000, // mov w0, #0x08000000
    0xb9010140, // str w0, [x10, #0x100]
    0xd53800a5, // mrs x5, mpidr_el1
    0x92401ca5, // and x5, x5, #0xff
    0x910004a6, // add x6, x5, #1
    0xd28f4247, // movz x7, #31250
    0x9b067ce7, // mul x7, x7, x6
    0xd51be307, // msr cntv_tval_el0, x7
    0xd2800028, // mov x8, #1
    0xd53be04c, // mrs x12, cntvct_el0
    0xd51be328, // msr cntv_ctl_el0, x8
    0xd503207f, // wfi
    0xb9400d60, // take: ldr w0, [x11, #0xc]
    0x710ffc1f, // cmp w0, #1023
    0x54ffffc0, // b.eq take
    0xd53be04d, // mrs x13, cntvct_el0
    0xcb0c01ad, // sub x13, x13, x12
    0xd53be329, // mrs x9, cntv_ctl_el0
    0xd51be33f, // msr cntv_ctl_el0, xzr
    0xb9001160, // str w0, [x11, #0x10]
    0xb9400d6e, // ldr w14, [x11, #0xc]
    0x8b05166f, // add x15, x19, x5, lsl #5
    0xa90025e0, // stp x0, x9, [x15]
    0xa90139ed, // stp x13, x14, [x15, #16]
  };

  private static final int[] CYCLES = {
    0xd2aa0013, // mov x19, #0x50000000
    0xd2800014, // mov x20, #0
    0x52b88000, // cycle: movz w0, #0xc400, lsl #16
    0x72800060, // movk w0, #3
    0xd2800061, // mov x1, #3
    0x100002e2, // adr x2, second
    0x91040283, // add x3, x20, #0x100
    0xd4000002, // hvc #0
    0xb50001e0, // cbnz x0, bad
    0x52b88000, // running: movz w0, #0xc400, lsl #16
    0x72800080, // movk w0, #4
    0xd2800061, // mov x1, #3
    0xd2800002, // mov x2, #0
    0xd4000002, // hvc #0
    0xd503203f, // yield
    0xb4ffff40, // cbz x0, running
    0xf9400261, // ldr x1, [x19]
    0x91040282, // add x2, x20, #0x100
    0xeb02003f, // cmp x1, x2
    0x54000081, // b.ne bad
    0x91000694, // add x20, x20, #1
    0xf103229f, // cmp x20, #200
    0x54fffd81, // b.ne cycle
    0xf9000674, // bad: str x20, [x19, #8]
    0x52b08000, // mov w0, #0x84000000
    0x11002000, // add w0, w0, #8
    0xd4000002, // hvc #0
    0x14000000, // stay: b stay
    0xd2aa0013, // second: mov x19, #0x50000000
    0xf9000260, // str x0, [x19]
    0xd53800a1, // mrs x1, mpidr_el1
    0xd53b4222, // mrs x2, daif
    0xa9010a61, // stp x1, x2, [x19, #16]
    0xd5381001, // mrs x1, sctlr_el1
    0xd5384242, // mrs x2, currentel
    0xa9020a61, // stp x1, x2, [x19, #32]
    0xd5034fff, // msr daifclr, #15
    0x52b08000, // mov w0, #0x84000000
    0x11000800, // add w0, w0, #2
    0xd4000002, // hvc #0
  };

  private static final int[] REMAP = {
    0xd2aa0013, // mov x19, #0x50000000
    0x94000028, // bl mmu
    0x52b88000, // movz w0, #0xc400, lsl #16
    0x72800060, // movk w0, #3
    0xd2800021, // mov x1, #1
    0x10000302, // adr x2, second
    0xd4000002, // hvc #0
    0xd2b00015, // mov x21, #0x80000000
    0xf94002a1, // ldr x1, [x21]
    0xd503203f, // first: yield
    0xf9400261, // ldr x1, [x19]
    0xb4ffffc1, // cbz x1, first
    0xf9400e61, // ldr x1, [x19, #0x18]
    0xf9401262, // ldr x2, [x19, #0x20]
    0xf9000041, // str x1, [x2]
    0xd5033b9f, // dsb ish
    0xd34cfea3, // lsr x3, x21, #12
    0xd5088363, // tlbi vaae1is, x3
    0xd5033b9f, // dsb ish
    0xd5033fdf, // isb
    0xd2800021, // mov x1, #1
    0xf9000661, // str x1, [x19, #8]
    0xd503203f, // second_read: yield
    0xf9400a61, // ldr x1, [x19, #16]
    0xb4ffffc1, // cbz x1, second_read
    0x52b08000, // mov w0, #0x84000000
    0x11002000, // add w0, w0, #8
    0xd4000002, // hvc #0
    0x14000000, // stay: b stay
    0xd2aa0013, // second: mov x19, #0x50000000
    0x9400000b, // bl mmu
    0xd2b00015, // mov x21, #0x80000000
    0xf94002a1, // ldr x1, [x21]
    0xf9000261, // str x1, [x19]
    0xd503203f, // remapped: yield
    0xf9400661, // ldr x1, [x19, #8]
    0xb4ffffc1, // cbz x1, remapped
    0xf94002a1, // ldr x1, [x21]
    0xf9000a61, // str x1, [x19, #16]
    0xd503207f, // forever: wfi
    0x17ffffff, // b forever
    0xf9401660, // mmu: ldr x0, [x19, #0x28]
    0xd5182000, // msr ttbr0_el1, x0
    0xd29fe000, // mov x0, #0xff00
    0xd518a200, // msr mair_el1, x0
    0xd286a320, // mov x0, #0x3519
    0xf2a01000, // movk x0, #0x80, lsl #16
    0xd5182040, // msr tcr_el1, x0
    0xd5033fdf, // isb
    0xd5381000, // mrs x0, sctlr_el1
    0xb2400000, // orr x0, x0, #1
    0xd5181000, // msr sctlr_el1, x0
    0xd5033fdf, // isb
    0xd65f03c0, // ret
  };

  private static final int[] OWN_TABLES = {
    0xd2aa0013, // mov x19, #0x50000000
    0x52b88000, // movz w0, #0xc400, lsl #16
    0x72800060, // movk w0, #3
    0xd2800021, // mov x1, #1
    0x10000042, // adr x2, second
    0xd4000002, // hvc #0
    0xd2aa0013, // second: mov x19, #0x50000000
    0xd53800a5, // mrs x5, mpidr_el1
    0x92401ca5, // and x5, x5, #0xff
    0x8b050e66, // add x6, x19, x5, lsl #3
    0xf94014c0, // ldr x0, [x6, #0x28]
    0xf9401cd6, // ldr x22, [x6, #0x38]
    0xd5182000, // msr ttbr0_el1, x0
    0xd29fe000, // mov x0, #0xff00
    0xd518a200, // msr mair_el1, x0
    0xd286a320, // mov x0, #0x3519
    0xf2a01000, // movk x0, #0x80, lsl #16
    0xd5182040, // msr tcr_el1, x0
    0xd5033fdf, // isb
    0xd5381000, // mrs x0, sctlr_el1
    0xb2400000, // orr x0, x0, #1
    0xd5181000, // msr sctlr_el1, x0
    0xd5033fdf, // isb
    0xd2b00015, // mov x21, #0x80000000
    0xd2807d17, // mov x23, #1000
    0xf94002a1, // look: ldr x1, [x21]
    0xeb16003f, // cmp x1, x22
    0x54000161, // b.ne wrong
    0xd503203f, // yield
    0xd10006f7, // sub x23, x23, #1
    0xb5ffff77, // cbnz x23, look
    0xd2800038, // mov x24, #1
    0xf90000d8, // str x24, [x6]
    0xf9400261, // ldr x1, [x19]
    0xf9400662, // ldr x2, [x19, #8]
    0xeb02003f, // cmp x1, x2
    0xd2800157, // mov x23, #10
    0x54fffe81, // b.ne look
    0xf90008c1, // wrong: str x1, [x6, #16]
    0x52b08000, // mov w0, #0x84000000
    0x11002000, // add w0, w0, #8
    0xd4000002, // hvc #0
    0x14000000, // stay: b stay
  };

  private static final int[] SPIN_FOR_OTHER = {
    0xd2aa0013, // mov x19, #0x50000000
    0x52b88000, // movz w0, #0xc400, lsl #16
    0x72800060, // movk w0, #3
    0xd2800021, // mov x1, #1
    0x10000202, // adr x2, second
    0xd4000002, // hvc #0
    0xd2800004, // mov x4, #0
    0xd284e206, // mov x6, #10000
    0x91000484, // again: add x4, x4, #1
    0xf9000264, // str x4, [x19]
    0xf9400665, // spin: ldr x5, [x19, #8]
    0xd503205f, // wfe
    0xeb0400bf, // cmp x5, x4
    0x54ffffa1, // b.ne spin
    0xeb06009f, // cmp x4, x6
    0x54ffff21, // b.ne again
    0x52b08000, // mov w0, #0x84000000
    0x11002000, // add w0, w0, #8
    0xd4000002, // hvc #0
    0x14000000, // stay: b stay
    0xd2aa0013, // second: mov x19, #0x50000000
    0xf9400264, // mirror: ldr x4, [x19]
    0xf9000664, // str x4, [x19, #8]
    0xd503205f, // wfe
    0x17fffffd, // b mirror
  };

  /** CPU 0 starts the others; all do {@code work}; CPU 0 ends the machine when all are done. */
  private static int[] onEachOf(int cpus, int... work) {
    int[] start = {
      0xd2aa0013, // mov x19, #0x50000000
      0xd2800014 | cpus - 1 << 5, // mov x20, #(cpus - 1)
      0xb4000194, // on: cbz x20, work
      0x52b88000, // movz w0, #0xc400, lsl #16
      0x72800060, // movk w0, #3
      0xaa1403e1, // mov x1, x20
      0x100000e2, // adr x2, second
      0xaa1403e3, // mov x3, x20
      0xd4000002, // hvc #0
      0x8b140e75, // add x21, x19, x20, lsl #3
      0xf90402a0, // str x0, [x21, #0x800]
      0xd1000694, // sub x20, x20, #1
      0x17fffff6, // b on
      0xd2aa0013, // second: mov x19, #0x50000000
    };
    int[] end = {
      0x91100263, // add x3, x19, #0x400
      0xc85ffc61, // done: ldaxr x1, [x3]
      0x91000421, // add x1, x1, #1
      0xc802fc61, // stlxr w2, x1, [x3]
      0x35ffffa2, // cbnz w2, done
      0xd53800a5, // mrs x5, mpidr_el1
      0x92401ca5, // and x5, x5, #0xff
      0xb4000085, // cbz x5, wait
      0x52b08000, // mov w0, #0x84000000
      0x11000800, // add w0, w0, #2
      0xd4000002, // hvc #0
      0xd503203f, // wait: yield
      0xc8dffc61, // ldar x1, [x3]
      0xf100003f | cpus << 10, // cmp x1, #cpus
      0x54ffffa1, // b.ne wait
      0x52b08000, // mov w0, #0x84000000
      0x11002000, // add w0, w0, #8
      0xd4000002, // hvc #0
      0x14000000, // stay: b stay
    };
    return Stream.of(start, work, end).flatMapToInt(IntStream::of).toArray();
  }

  @Test
  void eightCpusCountTogetherWithoutLosingAny() {
    try (Machine machine = new BareGuest(onEachOf(8, COUNT_TOGETHER)).machine(8)) {
      assertEquals(0, machine.run());
      for (int cpu = 1; cpu < 8; cpu++) {
        assertEquals(0, result(machine, CPU_ON_RESULTS + cpu), "CPU_ON");
      }
      assertEquals(8, result(machine, DONE));
      assertEquals(8 * 0x4fff0L, result(machine, 0));
    }
  }

  @Test
  void aStoreExclusiveFailsWhenAnotherCpuHasRunSinceEvenIfTheValueIsTheSame() {
    try (Machine machine = new BareGuest(ABA).machine(2)) {
      assertEquals(0, machine.run());
      assertEquals(1, result(machine, 1), "the other CPU has run");
      assertEquals(1, result(machine, 2), "STXR's status");
    }
  }

  @Test
  void cpusWakeEachOtherBySoftwareGeneratedInterrupts() {
    try (Machine machine = new BareGuest(PING).machine(2)) {
      assertEquals(0, machine.run());
      assertEquals(0x405, result(machine, 1), "SGI 5 from CPU 1");
      assertEquals(1000, result(machine, 0));
      assertEquals(5, result(machine, 2), "SGI 5 from CPU 0");
    }
  }

  @Test
  void everyCpuHasItsOwnTimer() {
    try (Machine machine = new BareGuest(onEachOf(4, TIMERS)).machine(4)) {
      assertEquals(0, machine.run());
      for (int cpu = 0; cpu < 4; cpu++) {
        assertEquals(27, result(machine, 4 * cpu), "the virtual timer's interrupt");
        assertEquals(5, result(machine, 4 * cpu + 1), "CNTV_CTL: enabled, fired");
        long ticks = result(machine, 4 * cpu + 2);
        assertTrue(ticks >= 31_250L * (cpu + 1), "CPU " + cpu + " after " + ticks + " ticks");
        assertTrue(ticks < 30L * MachineClock.COUNTER_FREQUENCY);
        assertEquals(1023, result(machine, 4 * cpu + 3), "nobody else's interrupt");
      }
    }
  }

  @Test
  void aCpuCanBeSwitchedOffAndOnAgainAndStartsInResetState() {
    try (Machine machine = new BareGuest(CYCLES).machine(4)) {
      assertEquals(0, machine.run());
      assertEquals(200, result(machine, 1), "cycles");
      assertEquals(0x8000_0003L, result(machine, 2), "MPIDR_EL1");
      assertEquals(0x3c0, result(machine, 3), "DAIF");
      assertEquals(0, result(machine, 4) & 1, "SCTLR_EL1.M");
      assertEquals(1 << 2, result(machine, 5), "CurrentEL");
    }
  }

  @Test
  void aBroadcastTlbInvalidationReachesTheOtherCpu() {
    try (Machine machine = new BareGuest(REMAP).machine(2)) {
      long ram = machine.ram().base();
      long level1 = 0x1100_0000;
      long level2 = level1 + 0x1000;
      long level3 = level2 + 0x1000;
      long before = level3 + 0x1000;
      long after = before + 0x1000;
      // Attribute index 1, inner shareable, used.
      long normal = 1 << 2 | 3 << 8 | 1 << 10;
      BareGuest.set(machine, level1, 1 | 1 << 10); // devices and ROM: a block
      BareGuest.set(machine, level1 + 8, ram | normal | 1);
      BareGuest.set(machine, level1 + 16, ram + level2 | 3);
      BareGuest.set(machine, level2, ram + level3 | 3);
      BareGuest.set(machine, level3, ram + before | normal | 3);
      BareGuest.set(machine, before, 0x1111);
      BareGuest.set(machine, after, 0x2222);
      BareGuest.set(machine, BareGuest.RESULTS + 0x18, ram + after | normal | 3);
      BareGuest.set(machine, BareGuest.RESULTS + 0x20, ram + level3);
      BareGuest.set(machine, BareGuest.RESULTS + 0x28, ram + level1);
      assertEquals(0, machine.run());
      assertEquals(0x1111, result(machine, 0), "the old page");
      assertEquals(0x2222, result(machine, 2), "the new page");
    }
  }

  @Test
  void everyCpuTranslatesByItsOwnTables() {
    try (Machine machine = new BareGuest(OWN_TABLES).machine(2)) {
      long ram = machine.ram().base();
      long normal = 1 << 2 | 3 << 8 | 1 << 10;
      for (int cpu = 0; cpu < 2; cpu++) {
        long level1 = 0x1100_0000 + cpu * 0x4000;
        long level2 = level1 + 0x1000;
        long level3 = level2 + 0x1000;
        long page = level3 + 0x1000;
        BareGuest.set(machine, level1, 1 | 1 << 10);
        BareGuest.set(machine, level1 + 8, ram | normal | 1);
        BareGuest.set(machine, level1 + 16, ram + level2 | 3);
        BareGuest.set(machine, level2, ram + level3 | 3);
        BareGuest.set(machine, level3, ram + page | normal | 3);
        BareGuest.set(machine, page, 0x1234 + cpu);
        BareGuest.set(machine, BareGuest.RESULTS + 0x28 + 8 * cpu, ram + level1);
        BareGuest.set(machine, BareGuest.RESULTS + 0x38 + 8 * cpu, 0x1234 + cpu);
      }
      assertEquals(0, machine.run());
      assertEquals(1, result(machine, 0), "CPU 0 has always seen its own page");
      assertEquals(1, result(machine, 1), "CPU 1 has always seen its own page");
    }
  }

  /** Two turns of 2 ms a round would exceed the machine's time limit. */
  @Test
  void aCpuThatWaitsForAnEventLetsTheOtherRun() {
    try (Machine machine = new BareGuest(SPIN_FOR_OTHER).machine(2)) {
      assertEquals(0, machine.run());
      assertEquals(10_000, result(machine, 1));
    }
  }
}
