package orrery.machine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static orrery.machine.cpu.A64.add;
import static orrery.machine.cpu.A64.branch;
import static orrery.machine.cpu.A64.branchNotEqual;
import static orrery.machine.cpu.A64.mov;
import static orrery.machine.cpu.A64.subs;
import static orrery.machine.cpu.A64.svc;

import org.junit.jupiter.api.Test;

class SupervisorCallTest {
  @Test
  void everyCallArrivesWithItsRegistersAndGoesOnWithTheResult() {
    try (HostedGuest guest = new HostedGuest()) {
      int rounds = 20_000;
      HostedGuest.Space space =
          guest.space(
              mov(19, rounds),
              mov(20, 0),
              mov(8, 172), // loop:
              svc(0),
              A64.addRegister(20, 20, 0),
              subs(19, 19, 1),
              branchNotEqual(-4),
              mov(8, 93),
              svc(7));
      long[] calls = {0};
      guest.attach(
          new Traps()
              .onSupervisorCall(
                  cpu -> {
                    if (cpu.x(8) == 93) {
                      assertEquals(0x5600_0007, cpu.syndrome());
                      assertEquals(HostedGuest.CODE + 9 * 4, cpu.pc());
                      cpu.halt();
                    } else {
                      cpu.x(0, ++calls[0]);
                    }
                  }),
          space);
      guest.cpu.run();
      assertEquals(rounds, calls[0]);
      assertEquals((long) rounds * (rounds + 1) / 2, guest.cpu.x(20));
    }
  }

  @Test
  void whatAHandlerThrowsComesOutOfRun() {
    try (HostedGuest guest = new HostedGuest()) {
      IllegalStateException thrown = new IllegalStateException("on purpose");
      guest.attach(
          new Traps()
              .onSupervisorCall(
                  cpu -> {
                    throw thrown;
                  }),
          guest.space(add(0, 0, 1), svc(0), branch(-2)));
      assertSame(thrown, assertThrows(IllegalStateException.class, guest.cpu::run));
      assertEquals(1, guest.cpu.x(0));
    }
  }

  @Test
  void whatAnInterruptHandlerThrowsComesOutOfRun() {
    try (HostedGuest guest = new HostedGuest()) {
      StackOverflowError thrown = new StackOverflowError("on purpose");
      guest.attach(
          new Traps()
              .onInterrupted(
                  cpu -> {
                    throw thrown;
                  }),
          guest.space(branch(0)));
      guest.cpu.deadline(guest.clock.nanos() + 1_000_000);
      assertSame(thrown, assertThrows(StackOverflowError.class, guest.cpu::run));
    }
  }
}
