package orrery.machine.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.machine.cpu.A64.branch;
import static orrery.machine.cpu.A64.mov;
import static orrery.machine.cpu.A64.svc;
import static orrery.machine.cpu.HostedGuest.CODE;
import static orrery.machine.cpu.HostedGuest.DATA;

import org.junit.jupiter.api.Test;

class CodeTest {
  @Test
  void codeThatTheHostRewritesRunsOnceItIsInvalidated() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space = guest.space(mov(0, 0), svc(0), branch(-2));
      int[] calls = {0};
      guest.attach(
          new Traps()
              .onSupervisorCall(
                  cpu -> {
                    assertEquals(calls[0], cpu.x(0));
                    if (++calls[0] == 1_000) {
                      cpu.halt();
                    }
                    long frame = space.frameOf(CODE);
                    guest.ram.segment().set(JAVA_INT, frame - HostedGuest.RAM, mov(0, calls[0]));
                    cpu.invalidateCode(frame, 4);
                  }),
          space);
      guest.cpu.run();
      assertEquals(1_000, calls[0]);
    }
  }

  @Test
  void invalidatingOutsideRamDoesNothing() {
    try (HostedGuest guest = new HostedGuest()) {
      guest.cpu.invalidateCode(0, HostedGuest.RAM);
      guest.cpu.invalidateCode(HostedGuest.RAM - 8, 4);
      guest.cpu.invalidateCode(guest.ram.base() + guest.ram.size(), 1 << 20);
      guest.cpu.invalidateCode(Long.MAX_VALUE, 4);
      guest.cpu.invalidateCode(HostedGuest.RAM, -1);
      guest.cpu.invalidateCode(HostedGuest.RAM - 4096, Long.MAX_VALUE);
    }
  }

  @Test
  void instructionCacheMaintenanceTrapsSoThatTheKernelCanServeIt() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space = guest.space(A64.icIvau(20), mov(0, 5), svc(0));
      int[] traps = {0};
      guest.attach(
          new Traps()
              .onException(
                  cpu -> {
                    int syndrome = cpu.syndrome();
                    assertTrue(SystemTrap.is(syndrome));
                    assertEquals(SystemTrap.IC_IVAU, SystemTrap.encoding(syndrome));
                    assertEquals(20, SystemTrap.register(syndrome));
                    assertFalse(SystemTrap.isRead(syndrome));
                    assertEquals(CODE, cpu.pc());
                    traps[0]++;
                    cpu.skipInstruction();
                  })
              .onSupervisorCall(Vcpu::halt),
          space);
      guest.cpu.x(20, DATA);
      guest.cpu.run();
      assertEquals(1, traps[0]);
      assertEquals(5, guest.cpu.x(0));
    }
  }

  @Test
  void userCodeReadsTheCounterAndCacheRegistersAndZeroesBlocks() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space =
          guest.space(
              A64.mrs(0, 3, 3, 14, 0, 2), // CNTVCT_EL0
              A64.mrs(1, 3, 3, 0, 0, 1), // CTR_EL0
              A64.mrs(2, 3, 3, 0, 0, 7), // DCZID_EL0
              A64.mrs(3, 3, 3, 14, 0, 0), // CNTFRQ_EL0
              A64.dcZva(20),
              svc(0));
      guest.write(space.frameOf(DATA), -1);
      guest.attach(new Traps().onSupervisorCall(Vcpu::halt), space);
      guest.cpu.x(20, DATA);
      long before = guest.clock.counter();
      guest.cpu.run();
      long after = guest.clock.counter();
      assertTrue(before <= guest.cpu.x(0) && guest.cpu.x(0) <= after);
      assertTrue(guest.cpu.x(1) != 0);
      assertEquals(4, guest.cpu.x(2)); // 64 bytes
      assertEquals(62_500_000, guest.cpu.x(3));
      assertEquals(0, space.peek(DATA));
    }
  }

  @Test
  void breakpointsAndUndefinedInstructionsAreReportedAtTheInstruction() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space =
          guest.space(A64.brk(0x123), A64.UNDEFINED, A64.hvc(0), A64.mrs(0, 3, 0, 1, 0, 0), svc(0));
      int[] classes = {0x3c, 0x00, 0x00, 0x00};
      int[] traps = {0};
      guest.attach(
          new Traps()
              .onException(
                  cpu -> {
                    assertEquals(CODE + 4L * traps[0], cpu.pc());
                    assertEquals(classes[traps[0]++], cpu.syndrome() >>> 26);
                    cpu.skipInstruction();
                  })
              .onSupervisorCall(Vcpu::halt),
          space);
      guest.cpu.run();
      assertEquals(classes.length, traps[0]);
    }
  }

  @Test
  void aWildJumpIsAFetchFault() {
    try (HostedGuest guest = new HostedGuest()) {
      long[] seen = {0, 0, 0};
      guest.attach(
          new Traps()
              .onException(
                  cpu -> {
                    seen[0] = cpu.syndrome() >>> 26;
                    seen[1] = cpu.faultAddress();
                    seen[2] = cpu.pc();
                    cpu.halt();
                  }),
          guest.space(A64.branchRegister(20)));
      guest.cpu.x(20, 0x12_3456_7000L);
      guest.cpu.run();
      assertEquals(0x20, seen[0]);
      assertEquals(0x12_3456_7000L, seen[1]);
      assertEquals(0x12_3456_7000L, seen[2]);
    }
  }

  @Test
  void aJumpToZeroIsAFaultAndNotTheEnd() {
    try (HostedGuest guest = new HostedGuest()) {
      long[] address = {-1};
      guest.attach(
          new Traps()
              .onException(
                  cpu -> {
                    address[0] = cpu.faultAddress();
                    cpu.halt();
                  }),
          guest.space(A64.branchRegister(20)));
      guest.cpu.run();
      assertEquals(0, address[0]);
    }
  }
}
