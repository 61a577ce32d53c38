package orrery.machine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static orrery.machine.cpu.A64.branch;
import static orrery.machine.cpu.A64.ldxr;
import static orrery.machine.cpu.A64.mov;
import static orrery.machine.cpu.A64.stxr;
import static orrery.machine.cpu.A64.svc;
import static orrery.machine.cpu.HostedGuest.CODE;
import static orrery.machine.cpu.HostedGuest.DATA;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class UserContextTest {
  @Property(tries = 20)
  void everyRegisterSurvivesASwitch(@ForAll long seed) {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space = guest.space(svc(0), branch(-1));
      UserContext[] contexts = {random(new Random(seed)), random(new Random(~seed))};
      int[] calls = {0};
      guest.attach(
          new Traps()
              .onSupervisorCall(
                  cpu -> {
                    int now = calls[0]++ & 1;
                    cpu.save(contexts[now]);
                    if (calls[0] == 10) {
                      cpu.halt();
                    }
                    cpu.load(contexts[1 - now]);
                  }),
          space);
      guest.cpu.load(contexts[0]);
      guest.cpu.run();
      same(random(new Random(seed)), contexts[0]);
      same(random(new Random(~seed)), contexts[1]);
    }
  }

  private static UserContext random(Random random) {
    UserContext context = new UserContext();
    for (int i = 0; i < 32; i++) {
      context.x(i, random.nextLong());
      context.vLow(i, random.nextLong());
      context.vHigh(i, random.nextLong());
    }
    context.tpidrEl0(random.nextLong());
    context.pstate(random.nextLong());
    context.fpcr(random.nextInt() & 0x07c0_0000); // AHP, DN, FZ, RMode: what the model has
    context.fpsr(random.nextInt());
    context.pc(CODE);
    return context;
  }

  private static void same(UserContext expected, UserContext actual) {
    for (int i = 0; i < 32; i++) {
      assertEquals(expected.x(i), actual.x(i));
      assertEquals(expected.vLow(i), actual.vLow(i));
      assertEquals(expected.vHigh(i), actual.vHigh(i));
    }
    assertEquals(expected.tpidrEl0(), actual.tpidrEl0());
    assertEquals(expected.pstate(), actual.pstate());
    assertEquals(expected.fpcr(), actual.fpcr());
    assertEquals(expected.fpsr(), actual.fpsr());
    assertEquals(expected.sp(), actual.sp());
  }

  @Test
  void theRunningRegistersAreThoseOfTheContext() {
    try (HostedGuest guest = new HostedGuest()) {
      UserContext context = random(new Random(1));
      guest.attach(new Traps().onSupervisorCall(Vcpu::halt), guest.space(svc(0)));
      guest.cpu.load(context);
      guest.cpu.run();
      for (int i = 0; i < 32; i++) {
        assertEquals(context.x(i), guest.cpu.x(i));
        assertEquals(context.vLow(i), guest.cpu.vLow(i));
        assertEquals(context.vHigh(i), guest.cpu.vHigh(i));
      }
      assertEquals(context.sp(), guest.cpu.sp());
      assertEquals(context.pstate(), guest.cpu.pstate());
      assertEquals(context.tpidrEl0(), guest.cpu.tpidrEl0());
      assertEquals(context.fpcr(), guest.cpu.fpcr());
      assertEquals(context.fpsr(), guest.cpu.fpsr());
      guest.cpu.fpsr(0);
      assertEquals(context.fpcr(), guest.cpu.fpcr());
      guest.cpu.pstate(-1);
      assertEquals(0xf000_0000L, guest.cpu.pstate());
    }
  }

  @Test
  void loadingAContextClearsTheExclusiveMonitor() {
    try (HostedGuest guest = new HostedGuest()) {
      // The call between the pair loads a context; the store must fail and the memory stay.
      HostedGuest.Space space = guest.space(mov(2, 9), ldxr(0, 20), svc(0), stxr(1, 2, 20), svc(1));
      UserContext context = new UserContext();
      guest.attach(
          new Traps()
              .onSupervisorCall(
                  cpu -> {
                    if ((cpu.syndrome() & 1) != 0) {
                      cpu.halt();
                    } else {
                      cpu.save(context);
                      cpu.load(context);
                    }
                  }),
          space);
      guest.cpu.x(20, DATA);
      guest.cpu.run();
      assertEquals(1, guest.cpu.x(1));
      assertEquals(0, space.peek(DATA));
    }
  }

  @Test
  void aCallThatLoadsNothingKeepsTheExclusiveMonitor() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space = guest.space(mov(2, 9), ldxr(0, 20), stxr(1, 2, 20), svc(1));
      guest.attach(new Traps().onSupervisorCall(Vcpu::halt), space);
      guest.cpu.x(20, DATA);
      guest.cpu.run();
      assertEquals(0, guest.cpu.x(1));
      assertEquals(9, space.peek(DATA));
    }
  }

  @Test
  void copiesAreIndependent() {
    UserContext original = random(new Random(3));
    UserContext copy = new UserContext();
    copy.copyFrom(original);
    same(original, copy);
    copy.x(5, ~copy.x(5));
    assertEquals(~original.x(5), copy.x(5));
  }
}
