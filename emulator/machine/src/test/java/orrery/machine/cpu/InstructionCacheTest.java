package orrery.machine.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.machine.cpu.A64.ERET;
import static orrery.machine.cpu.A64.ISB;
import static orrery.machine.cpu.A64.hvc;
import static orrery.machine.cpu.A64.icIvau;
import static orrery.machine.cpu.A64.mov;
import static orrery.machine.cpu.A64.mrs;
import static orrery.machine.cpu.A64.msr;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import orrery.machine.Ram;
import orrery.machine.clock.MachineClock;

/**
 * A guest kernel, MMU on, that generates code in a page mapped twice: to be run at one address, to
 * be written at another. It follows B2.7.4 of ARM DDI 0487: store, DC CVAU, DSB, IC, DSB, ISB.
 */
class InstructionCacheTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int ROUNDS = 2_000;

  private static final long RAM = 0x4000_0000L;
  private static final int START = 0x2000; // offsets in RAM
  private static final int LEVEL_1 = 0x3000;
  private static final int LEVEL_2 = 0x4000;
  private static final int LEVEL_3 = 0x5000;
  private static final int PROGRAM_FRAME = 0x6000;
  private static final int GENERATED_FRAME = 0x7000;
  private static final long DEVICE = 0x0900_0000L;

  // Virtual addresses.
  private static final long RUN = 0x8000_0000L;
  private static final long STORE = 0x8000_1000L;
  private static final long PROGRAM = 0x8000_2000L;
  private static final long UNMAPPED = 0x8000_3000L;
  private static final long IN_DEVICE_TABLE = 0xc000_0000L;
  private static final int VECTORS = 0x800; // offset in the program's page
  private static final int LOWER_SYNC = 0x400;

  private static final long TABLE = 3;

  /** Read-only and executable, at both levels. */
  private static final long EXECUTABLE = HostedGuest.EXECUTE & ~(1L << 53);

  private static final long BLOCK = 1 | 1 << 10 | 1 << 2;
  private static final long SCTLR = 0x30d0_0800L | 1 | 1 << 2 | 1 << 12 | 1 << 26; // EL0 may IC
  private static final long TCR = 25 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23 | 2L << 32;
  private static final long MAIR = 0xff00;
  private static final long EL0 = 0;
  private static final long EL1 = 0x3c5;

  private static final int IC_IALLU = 0xd508751f;
  private static final int IC_IALLUIS = 0xd508711f;
  private static final int RUN_ADDRESS = 19;
  private static final int STORE_ADDRESS = 20;
  private static final int RETURN = 0xd65f03c0;

  /** Device memory that reads as zero and counts. */
  private static final class Device implements MmioDispatcher {
    int reads;

    @Override
    public long read(long address, int width) {
      reads++;
      return 0;
    }

    @Override
    public void write(long address, int width, long value) {
      throw new AssertionError("nothing is stored there");
    }
  }

  private static final class Guest implements AutoCloseable {
    final Ram ram = new Ram(RAM, 1 << 20);
    final Device device = new Device();
    final Vcpu cpu =
        new Vcpu(List.of(new GuestMemory(RAM, ram.segment(), true)), device, new MachineClock());

    Guest() {
      code(
          START,
          msr(3, 0, 2, 0, 0, 1), // TTBR0_EL1
          msr(3, 0, 2, 0, 2, 2), // TCR_EL1
          msr(3, 0, 10, 2, 0, 3), // MAIR_EL1
          msr(3, 0, 12, 0, 0, 4), // VBAR_EL1
          msr(3, 0, 4, 0, 1, 5), // ELR_EL1
          msr(3, 0, 4, 0, 0, 6), // SPSR_EL1
          ISB,
          msr(3, 0, 1, 0, 0, 7), // SCTLR_EL1
          ISB,
          ERET);
      code(PROGRAM_FRAME + VECTORS + LOWER_SYNC, hvc(0));
      table(LEVEL_1, 1, RAM | BLOCK);
      table(LEVEL_1, 2, RAM + LEVEL_2 | TABLE);
      table(LEVEL_1, 3, DEVICE | TABLE);
      table(LEVEL_2, 0, RAM + LEVEL_3 | TABLE);
      table(LEVEL_3, 0, RAM + GENERATED_FRAME | EXECUTABLE);
      table(LEVEL_3, 1, RAM + GENERATED_FRAME | HostedGuest.READ_WRITE);
      table(LEVEL_3, 2, RAM + PROGRAM_FRAME | EXECUTABLE);
      cpu.hypercalls((caller, immediate) -> caller.halt());
    }

    private void table(int table, int index, long descriptor) {
      ram.segment().set(JAVA_LONG, table + 8L * index, descriptor);
    }

    Guest code(int at, int... words) {
      for (int i = 0; i < words.length; i++) {
        ram.segment().set(JAVA_INT, at + 4L * i, words[i]);
      }
      return this;
    }

    void run(long entry, long level) {
      cpu.x(1, RAM + LEVEL_1);
      cpu.x(2, TCR);
      cpu.x(3, MAIR);
      cpu.x(4, PROGRAM + VECTORS);
      cpu.x(5, entry);
      cpu.x(6, level);
      cpu.x(7, SCTLR);
      cpu.pc(RAM + START);
      assertTimeoutPreemptively(LIMIT, cpu::run);
    }

    @Override
    public void close() {
      cpu.close();
      ram.close();
    }
  }

  /** Generates {@code mov x0, #round; ret} and calls it, {@link #ROUNDS} times. */
  private static void generateAndCall(int invalidate, long level) {
    try (Guest guest = new Guest()) {
      guest.code(
          PROGRAM_FRAME,
          0xf9000295, // next: str x21, [x20]
          0xd50b7b34, // dc cvau, x20
          0xd5033b9f, // dsb ish
          invalidate,
          0xd5033b9f, // dsb ish
          0xd5033fdf, // isb
          0xd63f0260, // blr x19
          0xcb160000, // sub x0, x0, x22
          0xb4000040, // cbz x0, right
          0x91000718, // add x24, x24, #1
          0x910006d6, // right: add x22, x22, #1
          0x910082b5, // add x21, x21, #0x20
          0xd10006f7, // sub x23, x23, #1
          0xb5fffe77, // cbnz x23, next
          level == EL0 ? A64.svc(0) : hvc(0));
      guest.cpu.x(RUN_ADDRESS, RUN);
      guest.cpu.x(STORE_ADDRESS, STORE);
      guest.cpu.x(21, (long) RETURN << 32 | Integer.toUnsignedLong(mov(0, 0)));
      guest.cpu.x(23, ROUNDS);
      guest.run(PROGRAM, level);
      assertEquals(ROUNDS, guest.cpu.x(22));
      assertEquals(0, guest.cpu.x(24), "calls of stale code");
    }
  }

  @Test
  void codeInvalidatedAtTheAddressItRunsAtIsNew() {
    generateAndCall(icIvau(RUN_ADDRESS), EL1);
  }

  @Test
  void codeInvalidatedAtTheAddressItIsStoredAtIsNew() {
    generateAndCall(icIvau(STORE_ADDRESS), EL1);
  }

  @Test
  void codeInvalidatedByUserCodeThatMayIsNew() {
    generateAndCall(icIvau(RUN_ADDRESS), EL0);
  }

  @Test
  void codeInvalidatedWithAllOtherIsNew() {
    generateAndCall(IC_IALLU, EL1);
    generateAndCall(IC_IALLUIS, EL1);
  }

  @Test
  void codeThatChangesItselfBehindTheBarrierIsNew() {
    try (Guest guest = new Guest()) {
      int target = 6 * 4;
      guest.code(
          GENERATED_FRAME,
          0xb9000295, // next: str w21, [x20]
          0xd50b7b34, // dc cvau, x20
          0xd5033b9f, // dsb ish
          icIvau(RUN_ADDRESS),
          0xd5033b9f, // dsb ish
          0xd5033fdf, // isb
          0xd503201f, // target: nop
          0xcb160000, // sub x0, x0, x22
          0xb4000040, // cbz x0, right
          0x91000718, // add x24, x24, #1
          0x910006d6, // right: add x22, x22, #1
          0x910082b5, // add x21, x21, #0x20
          0xd10006f7, // sub x23, x23, #1
          0xb5fffe77, // cbnz x23, next
          hvc(0));
      guest.cpu.x(RUN_ADDRESS, RUN + target);
      guest.cpu.x(STORE_ADDRESS, STORE + target);
      guest.cpu.x(21, mov(0, 0));
      guest.cpu.x(23, ROUNDS);
      guest.run(RUN, EL1);
      assertEquals(ROUNDS, guest.cpu.x(22));
      assertEquals(0, guest.cpu.x(24), "runs of stale code");
    }
  }

  @Test
  void anAddressWithoutMemoryIsIgnored() {
    try (Guest guest = new Guest()) {
      guest.code(PROGRAM_FRAME, icIvau(20), icIvau(21), mov(0, 5), hvc(0));
      guest.cpu.x(20, UNMAPPED);
      guest.cpu.x(21, -1);
      guest.run(PROGRAM, EL1);
      assertEquals(5, guest.cpu.x(0));
    }
  }

  @Test
  void tablesInADeviceAreReadFromIt() {
    try (Guest guest = new Guest()) {
      guest.code(PROGRAM_FRAME, icIvau(20), mov(0, 5), hvc(0));
      guest.cpu.x(20, IN_DEVICE_TABLE);
      guest.run(PROGRAM, EL1);
      assertEquals(5, guest.cpu.x(0));
      assertTrue(guest.device.reads > 0);
    }
  }

  @Test
  void theLineThatIsInvalidatedIsTheOneThatTheGuestCountsIn() {
    try (Guest guest = new Guest()) {
      guest.code(PROGRAM_FRAME, mrs(0, 3, 3, 0, 0, 1), hvc(0)); // CTR_EL0
      guest.run(PROGRAM, EL1);
      assertEquals(64, 4 << (guest.cpu.x(0) & 15));
    }
  }
}
