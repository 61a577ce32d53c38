package orrery.machine.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.machine.cpu.A64.ERET;
import static orrery.machine.cpu.A64.ISB;
import static orrery.machine.cpu.A64.WFI;
import static orrery.machine.cpu.A64.add;
import static orrery.machine.cpu.A64.branch;
import static orrery.machine.cpu.A64.branchLess;
import static orrery.machine.cpu.A64.branchNotEqual;
import static orrery.machine.cpu.A64.daifClear;
import static orrery.machine.cpu.A64.hvc;
import static orrery.machine.cpu.A64.ldr;
import static orrery.machine.cpu.A64.ldrw;
import static orrery.machine.cpu.A64.mov;
import static orrery.machine.cpu.A64.movk;
import static orrery.machine.cpu.A64.movz;
import static orrery.machine.cpu.A64.mrs;
import static orrery.machine.cpu.A64.msr;
import static orrery.machine.cpu.A64.str;
import static orrery.machine.cpu.A64.strw;
import static orrery.machine.cpu.A64.subs;
import static orrery.machine.cpu.A64.svc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import orrery.machine.Ram;
import orrery.machine.bus.BusFault;
import orrery.machine.clock.MachineClock;
import orrery.machine.irq.InterruptLine;

/** A bare guest at EL1: code at the reset vector in ROM, vectors in RAM. */
@ParameterizedClass
@EnumSource(
    value = CpuChoice.class,
    names = {"INTERNALS", "PUBLIC"})
class GuestKernelTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  static final long RAM = 0x4000_0000L;
  static final long DEVICE = 0x0900_0000L;
  private static final int VECTORS = 0x1_0000; // offset in RAM
  private static final int SAME_SYNC = 0x200;
  private static final int SAME_IRQ = 0x280;
  private static final int LOWER_SYNC = 0x400;

  private final CpuChoice choice;

  GuestKernelTest(CpuChoice choice) {
    this.choice = choice;
  }

  /** A register file of one word, a doorbell and a hole. */
  static final class Device implements MmioDispatcher {
    long value;
    int lastWidth;
    InterruptLine line;

    @Override
    public long read(long address, int width) {
      lastWidth = width;
      if (address == DEVICE) {
        return value;
      }
      throw BusFault.INSTANCE;
    }

    @Override
    public void write(long address, int width, long written) {
      lastWidth = width;
      if (address == DEVICE) {
        value = written;
      } else if (address == DEVICE + 8) {
        line.set(written != 0);
      } else {
        throw BusFault.INSTANCE;
      }
    }
  }

  static final class Guest implements AutoCloseable {
    final Ram ram = new Ram(RAM, 1 << 20);
    final Ram rom = new Ram(0, 64 << 10);
    final Device device = new Device();
    final MachineClock clock = new MachineClock();
    final List<String> notices = new ArrayList<>();
    final Vcpu cpu;

    Guest(CpuChoice choice, int... code) {
      cpu =
          new Vcpu(
              List.of(
                  new GuestMemory(RAM, ram.segment(), true),
                  new GuestMemory(0, rom.segment(), false)),
              device,
              clock,
              1,
              choice,
              notices::add);
      device.line = cpu.irq();
      for (int i = 0; i < code.length; i++) {
        rom.segment().set(JAVA_INT, 4L * i, code[i]);
      }
    }

    Guest vector(int offset, int... code) {
      for (int i = 0; i < code.length; i++) {
        ram.segment().set(JAVA_INT, VECTORS + offset + 4L * i, code[i]);
      }
      return this;
    }

    long word(int offset) {
      return ram.segment().get(JAVA_LONG, offset);
    }

    @Override
    public void close() {
      cpu.close();
      ram.close();
      rom.close();
    }
  }

  private Guest guest(int... code) {
    return new Guest(choice, code);
  }

  private static int[] join(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  /** x20 = RAM, x21 = device, VBAR_EL1 = the vectors. */
  static int[] prologue(int... rest) {
    return join(
        new int[] {
          movz(20, 0x4000, 1),
          movz(21, 0x0900, 1),
          movz(0, 0x4001, 1),
          msr(3, 0, 12, 0, 0, 0), // VBAR_EL1
          ISB
        },
        rest);
  }

  @Test
  void theResetStateIsEl1WithInterruptsMasked() {
    try (Guest guest = guest()) {
      assertEquals(0x3c5, guest.cpu.pstate());
      assertEquals(0, guest.cpu.pc());
      for (int i = 0; i < 32; i++) {
        assertEquals(0, guest.cpu.x(i));
      }
      assertEquals(0, guest.word(0));
    }
  }

  @Test
  void whatIsNotTheUsualWayIsSaidInOneLine() {
    try (Guest guest = guest()) {
      assertEquals(choice == CpuChoice.PUBLIC ? 1 : 0, guest.notices.size());
      assertEquals(choice != CpuChoice.PUBLIC, guest.cpu.canHostKernels());
    }
  }

  @Test
  void hypercallsReachTheMachineWithPcBehindThem() {
    try (Guest guest = guest(mov(0, 7), hvc(0x77), add(0, 0, 1), hvc(1))) {
      guest.cpu.hypercalls(
          (cpu, immediate) -> {
            if (immediate == 0x77) {
              assertEquals(7, cpu.x(0));
              assertEquals(8, cpu.pc());
              cpu.x(0, 41);
            } else {
              cpu.halt();
            }
          });
      guest.cpu.run();
      assertEquals(42, guest.cpu.x(0));
    }
  }

  @Test
  void hypercallsWithoutAHandlerAreNotSupported() {
    try (Guest guest = guest(hvc(0), mov(1, 5), str(0, 21, 0), branch(0))) {
      guest.cpu.x(21, RAM);
      Thread.ofPlatform()
          .start(
              () -> {
                while (guest.word(0) == 0) {
                  Thread.yield();
                }
                guest.cpu.halt();
              });
      guest.cpu.run();
      assertEquals(-1, guest.word(0));
    }
  }

  @Test
  void aSupervisorCallEntersTheVectorArchitecturally() {
    try (Guest guest =
        guest(prologue(svc(0x55), add(2, 2, 1), hvc(0)))
            .vector(
                SAME_SYNC,
                mrs(3, 3, 0, 5, 2, 0), // ESR_EL1
                mrs(4, 3, 0, 4, 0, 1), // ELR_EL1
                mrs(5, 3, 0, 4, 0, 0), // SPSR_EL1
                ERET)) {
      guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
      guest.cpu.run();
      assertEquals(0x5600_0055, guest.cpu.x(3));
      assertEquals(6 * 4, guest.cpu.x(4));
      assertEquals(0x3c5, guest.cpu.x(5));
      assertEquals(1, guest.cpu.x(2));
    }
  }

  @Test
  void userCodeUnderAGuestKernelCallsItArchitecturally() {
    // ERET to EL0 at 0x100; it calls, the kernel halts.
    int[] code = new int[0x104 / 4];
    int[] start =
        prologue(
            mov(1, 0x100),
            msr(3, 0, 4, 0, 1, 1), // ELR_EL1
            mov(1, 0),
            msr(3, 0, 4, 0, 0, 1), // SPSR_EL1
            ERET);
    System.arraycopy(start, 0, code, 0, start.length);
    code[0x100 / 4] = svc(3);
    try (Guest guest = guest(code).vector(LOWER_SYNC, mrs(3, 3, 0, 5, 2, 0), hvc(0))) {
      guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
      guest.cpu.run();
      assertEquals(0x5600_0003, guest.cpu.x(3));
    }
  }

  @Test
  void aPageFaultHasItsAddressAndLeavesTheRegisters() {
    int[] body = {
      movz(1, 0x4000, 1), // TTBR0 = an empty table in RAM
      msr(3, 0, 2, 0, 0, 1),
      movz(1, 25, 0),
      msr(3, 0, 2, 0, 2, 1), // TCR: 39 bits
      mrs(2, 3, 0, 1, 0, 0),
      add(2, 2, 1),
      msr(3, 0, 1, 0, 0, 2), // SCTLR: MMU on
      ISB,
    };
    // The fetch faults, and so does the vector's, for ever.
    try (Guest guest = guest(prologue(body))) {
      guest.cpu.deadEnd(reason -> guest.cpu.halt());
      assertTimeoutPreemptively(LIMIT, guest.cpu::run);
      CpuReport report = reports(guest);
      assertEquals(0x21, report.esr() >>> 26);
      assertEquals(RAM + VECTORS + SAME_SYNC, report.far());
      assertEquals(RAM + VECTORS + SAME_SYNC, report.elr());
    }
  }

  private static CpuReport reports(Guest guest) {
    try {
      return guest.cpu.reports().getFirst();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anUndefinedInstructionEntersTheVector() {
    try (Guest guest =
        guest(prologue(A64.UNDEFINED))
            .vector(SAME_SYNC, mrs(3, 3, 0, 5, 2, 0), mrs(4, 3, 0, 4, 0, 1), hvc(0))) {
      guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
      guest.cpu.run();
      assertEquals(0, guest.cpu.x(3) >>> 26);
      assertEquals(5 * 4, guest.cpu.x(4));
    }
  }

  @Test
  void theInstructionOfAnAbortIsFoundAmongOthersWithItsAddress() {
    // x2 walks from what is memory to the hole: the same load stands twice.
    int[] body = {
      movz(2, 0x4000, 1),
      ldr(1, 2, 16),
      add(2, 21, 0),
      mov(5, 5),
      ldr(1, 2, 16),
      add(2, 2, 8),
      hvc(1)
    };
    try (Guest guest = guest(prologue(body)).vector(SAME_SYNC, mrs(4, 3, 0, 4, 0, 1), hvc(0))) {
      guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
      guest.cpu.run();
      assertEquals((5 + 4) * 4, guest.cpu.x(4));
      assertEquals(DEVICE, guest.cpu.x(2));
    }
  }

  @Test
  void devicesSeeAddressWidthAndValue() {
    try (Guest guest = guest(prologue(mov(1, 0x1234), strw(1, 21, 0), ldrw(2, 21, 0), hvc(0)))) {
      guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
      guest.cpu.run();
      assertEquals(0x1234, guest.device.value);
      assertEquals(4, guest.device.lastWidth);
      assertEquals(0x1234, guest.cpu.x(2));
    }
  }

  @Test
  void anAccessThatNothingAnswersIsAnExternalAbortAtTheInstruction() {
    int[] body = {mov(1, 1), mov(1, 2), ldr(1, 21, 16), mov(1, 3), mov(2, 4), hvc(1)};
    try (Guest guest =
        guest(prologue(body))
            .vector(SAME_SYNC, mrs(3, 3, 0, 5, 2, 0), mrs(4, 3, 0, 4, 0, 1), hvc(0))) {
      guest.cpu.hypercalls(
          (cpu, immediate) -> {
            assertEquals(0, immediate);
            cpu.halt();
          });
      guest.cpu.run();
      assertEquals(0x9600_0410L, guest.cpu.x(3)); // data abort, same level, FnV, external
      assertEquals((5 + 2) * 4, guest.cpu.x(4));
      assertEquals(2, guest.cpu.x(1));
      assertEquals(0, guest.cpu.x(2));
    }
  }

  @Test
  void aStoreThatNothingTakesIsAnExternalAbortWithTheWriteBit() {
    int[] body = {mov(1, 1), str(1, 21, 16), mov(1, 3), svc(9)};
    try (Guest guest =
        guest(prologue(body))
            .vector(SAME_SYNC, mrs(3, 3, 0, 5, 2, 0), mrs(4, 3, 0, 4, 0, 1), hvc(0))) {
      guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
      guest.cpu.run();
      assertEquals(0x9600_0450L, guest.cpu.x(3));
      assertEquals((5 + 1) * 4, guest.cpu.x(4));
      assertEquals(1, guest.cpu.x(1));
    }
  }

  @Test
  void aStoreToRomIsAnExternalAbort() {
    try (Guest guest =
        guest(prologue(mov(1, 0x800), str(1, 1, 0), branch(0)))
            .vector(SAME_SYNC, mrs(3, 3, 0, 5, 2, 0), hvc(0))) {
      guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
      guest.cpu.run();
      assertEquals(0x9600_0450L, guest.cpu.x(3));
      assertEquals(0, guest.rom.segment().get(JAVA_LONG, 0x800));
    }
  }

  @Test
  void anAccessBeyondAllPhysicalAddressesIsAnExternalAbort() {
    try (Guest guest =
        guest(prologue(movz(1, 0x7000, 2), ldr(2, 1, 0), branch(0)))
            .vector(SAME_SYNC, mrs(3, 3, 0, 5, 2, 0), hvc(0))) {
      guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
      guest.cpu.run();
      assertEquals(0x25, guest.cpu.x(3) >>> 26);
    }
  }

  @Test
  void aJumpToAHoleIsAFetchAbort() {
    try (Guest guest =
        guest(prologue(movz(1, 0x0a00, 1), A64.branchRegister(1)))
            .vector(SAME_SYNC, mrs(3, 3, 0, 5, 2, 0), mrs(4, 3, 0, 4, 0, 1), hvc(0))) {
      guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
      guest.cpu.run();
      assertEquals(0x21, guest.cpu.x(3) >>> 26);
      assertEquals(0x0a00_0000L, guest.cpu.x(4));
    }
  }

  @Test
  void aDeviceInterruptsTheGuestThatRangIt() {
    // The doorbell raises the line; the handler lowers it and counts in x10.
    int[] body = {
      daifClear(2),
      movz(9, 10_000, 0),
      mov(1, 1), // loop:
      strw(1, 21, 8),
      subs(9, 9, 1),
      branchNotEqual(-3),
      hvc(0)
    };
    try (Guest guest =
        guest(prologue(body)).vector(SAME_IRQ, add(10, 10, 1), A64.strw(31, 21, 8), ERET)) {
      guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
      assertTimeoutPreemptively(LIMIT, guest.cpu::run);
      assertEquals(10_000, guest.cpu.x(10));
    }
  }

  @Test
  void anotherThreadInterruptsAGuestThatWaitsAndOneThatRuns() {
    for (int wait : new int[] {WFI, A64.NOP}) {
      try (Guest guest =
          guest(prologue(daifClear(2), wait, branch(-1)))
              .vector(SAME_IRQ, add(10, 10, 1), A64.strw(31, 21, 8), str(10, 20, 0), ERET)) {
        int rounds = 300;
        Thread device =
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 1; i <= rounds; i++) {
                        guest.cpu.irq().raise();
                        while (guest.word(0) < i) {
                          Thread.yield();
                        }
                      }
                      guest.cpu.halt();
                    });
        assertTimeoutPreemptively(
            LIMIT,
            () -> {
              guest.cpu.run();
              device.join();
            });
        assertEquals(rounds, guest.word(0));
      }
    }
  }

  @Test
  void theGenericTimerFires() {
    for (int timer : new int[] {3, 2}) { // CRm: virtual, physical
      int ticks = 20;
      int[] body = {
        movz(1, 31_250, 0), // 0.5 ms
        msr(3, 3, 14, timer, 0, 1), // TVAL
        mov(1, 1),
        msr(3, 3, 14, timer, 1, 1), // CTL: enable
        daifClear(2),
        WFI,
        subs(31, 10, ticks), // a slow host may skip a number
        branchLess(-2),
        hvc(0)
      };
      int[] handler = {
        mrs(2, 3, 3, 14, timer, 1), // CTL: fired
        movz(1, 31_250, 0),
        msr(3, 3, 14, timer, 0, 1),
        add(10, 10, 1),
        ERET
      };
      try (Guest guest = guest(prologue(body)).vector(SAME_IRQ, handler)) {
        InterruptLine line = guest.cpu.irq();
        guest.cpu.timer(
            0, timer == 3 ? line : new Unconnected(), timer == 2 ? line : new Unconnected());
        guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
        long before = guest.clock.nanos();
        assertTimeoutPreemptively(LIMIT, guest.cpu::run);
        long spent = guest.clock.nanos() - before;
        assertTrue(spent >= ticks * 500_000L, "only " + spent + " ns");
        assertEquals(5, guest.cpu.x(2));
      }
    }
  }

  /** An output that is not connected. */
  private record Unconnected() implements InterruptLine {
    @Override
    public void raise() {}

    @Override
    public void lower() {}
  }

  @Test
  void timerRegistersReadBack() {
    int[] body = {
      movz(1, 0x1234, 1),
      movk(1, 0x5678, 0),
      msr(3, 3, 14, 3, 2, 1), // CNTV_CVAL
      mrs(2, 3, 3, 14, 3, 2),
      mov(1, 3),
      msr(3, 3, 14, 3, 1, 1), // CNTV_CTL: enabled, masked
      mrs(3, 3, 3, 14, 3, 1),
      hvc(0)
    };
    try (Guest guest = guest(prologue(body))) {
      guest.cpu.hypercalls((cpu, immediate) -> cpu.halt());
      guest.cpu.run();
      assertEquals(0x1234_5678, guest.cpu.x(2));
      assertEquals(7, guest.cpu.x(3)); // the comparison lies in the past
    }
  }
}
