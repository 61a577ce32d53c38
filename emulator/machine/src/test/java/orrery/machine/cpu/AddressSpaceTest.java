package orrery.machine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.machine.cpu.A64.add;
import static orrery.machine.cpu.A64.addPages;
import static orrery.machine.cpu.A64.addRegister;
import static orrery.machine.cpu.A64.branch;
import static orrery.machine.cpu.A64.branchNotEqual;
import static orrery.machine.cpu.A64.ldr;
import static orrery.machine.cpu.A64.mov;
import static orrery.machine.cpu.A64.str;
import static orrery.machine.cpu.A64.subs;
import static orrery.machine.cpu.A64.svc;
import static orrery.machine.cpu.HostedGuest.CODE;
import static orrery.machine.cpu.HostedGuest.DATA;
import static orrery.machine.cpu.HostedGuest.PAGE;
import static orrery.machine.cpu.HostedGuest.READ_ONLY;
import static orrery.machine.cpu.HostedGuest.READ_WRITE;

import org.junit.jupiter.api.Test;

class AddressSpaceTest {
  private static final int LOWER_DATA_ABORT = 0x24;
  private static final int WRITE = 1 << 6;

  /** Adds {@code step} to the counter at [x20] and yields, for ever. */
  private static int[] counting(int step) {
    return new int[] {ldr(1, 20, 0), add(1, 1, step), str(1, 20, 0), svc(0), branch(-4)};
  }

  /** Reads {@code pages} pages from x20 on, sums their first words in x5, then calls. */
  private static int[] reading() {
    return new int[] {
      mov(5, 0),
      ldr(4, 20, 0),
      addRegister(5, 5, 4),
      addPages(20, 20, 1),
      subs(19, 19, 1),
      branchNotEqual(-4),
      svc(0),
      branch(-7)
    };
  }

  private static void takeTurns(HostedGuest guest, HostedGuest.Space[] spaces, int[] order) {
    UserContext[] contexts = new UserContext[spaces.length];
    for (int i = 0; i < spaces.length; i++) {
      contexts[i] = new UserContext();
      contexts[i].pc(CODE);
      contexts[i].x(20, DATA);
    }
    int[] turn = {0};
    guest.attach(
        new Traps()
            .onSupervisorCall(
                cpu -> {
                  cpu.save(contexts[order[turn[0]]]);
                  if (++turn[0] == order.length) {
                    cpu.halt();
                    return;
                  }
                  cpu.load(contexts[order[turn[0]]]);
                  cpu.activate(spaces[order[turn[0]]].translation);
                }),
        spaces[order[0]]);
    guest.cpu.load(contexts[order[0]]);
    guest.cpu.run();
  }

  private static int[] alternating(int spaces, int turns) {
    int[] order = new int[turns];
    for (int i = 0; i < turns; i++) {
      order[i] = i % spaces;
    }
    return order;
  }

  @Test
  void differentCodeAtOneAddressRunsInEachSpace() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space[] spaces = {guest.space(counting(1)), guest.space(counting(5))};
      takeTurns(guest, spaces, alternating(2, 10_000));
      assertEquals(5_000, spaces[0].peek(DATA));
      assertEquals(25_000, spaces[1].peek(DATA));
    }
  }

  @Test
  void forkedSpacesShareTextAndKeepTheirData() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space parent = guest.space(counting(1));
      HostedGuest.Space child = guest.space();
      child.map(CODE, parent.frameOf(CODE), HostedGuest.EXECUTE);
      child.map(DATA, guest.frame(), READ_WRITE);
      parent.translation.textId(7);
      child.translation.textId(7);
      takeTurns(guest, new HostedGuest.Space[] {parent, child}, alternating(2, 9_999));
      assertEquals(5_000, parent.peek(DATA));
      assertEquals(4_999, child.peek(DATA));
    }
  }

  @Test
  void aSpaceThatChangesItsTextGetsAnotherId() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space first = guest.space(counting(1));
      HostedGuest.Space second = guest.space();
      second.map(CODE, first.frameOf(CODE), HostedGuest.EXECUTE);
      second.map(DATA, guest.frame(), READ_WRITE);
      first.translation.textId(7);
      second.translation.textId(7);
      HostedGuest.Space[] spaces = {first, second};
      takeTurns(guest, spaces, alternating(2, 100));
      // exec in the second space, while the first is active
      guest.cpu.activate(first.translation);
      second.translation.textId(8);
      second.map(CODE, guest.frame(counting(100)), HostedGuest.EXECUTE);
      second.translation.flushAll();
      guest.write(second.frameOf(DATA), 0);
      HostedGuest.Space[] again = {second, first};
      UserContext context = new UserContext();
      context.pc(CODE);
      context.x(20, DATA);
      int[] calls = {0};
      guest.cpu.traps(
          new Traps()
              .onSupervisorCall(
                  cpu -> {
                    if (++calls[0] == 100) {
                      cpu.halt();
                      return;
                    }
                    cpu.activate(again[calls[0] % 2].translation);
                    cpu.load(context);
                  }));
      guest.cpu.load(context);
      guest.cpu.activate(second.translation);
      guest.cpu.run();
      assertEquals(50 * 100, second.peek(DATA));
      assertEquals(50 + 50, first.peek(DATA));
    }
  }

  @Test
  void moreSpacesThanTlbsTakeTurns() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space[] spaces = new HostedGuest.Space[TranslationPool.SETS * 2];
      for (int i = 0; i < spaces.length; i++) {
        spaces[i] = guest.space(counting(i + 1));
      }
      int rounds = 20;
      takeTurns(guest, spaces, alternating(spaces.length, spaces.length * rounds));
      for (int i = 0; i < spaces.length; i++) {
        assertEquals((i + 1L) * rounds, spaces[i].peek(DATA));
      }
    }
  }

  @Test
  void closedSpacesMakeRoomForNewOnes() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space parent = guest.space(counting(1));
      takeTurns(guest, new HostedGuest.Space[] {parent}, alternating(1, 10));
      for (int i = 0; i < 1_000; i++) {
        Translation child = guest.cpu.translation(parent.root);
        guest.cpu.activate(child);
        guest.cpu.activate(parent.translation);
        child.close();
      }
      Translation last = guest.cpu.translation(parent.root);
      guest.cpu.activate(last);
      last.close();
      guest.cpu.activate(parent.translation);
      assertEquals(10, parent.peek(DATA));
    }
  }

  @Test
  void aMissingPageIsMappedInTheHandlerWithoutAFlush() {
    try (HostedGuest guest = new HostedGuest()) {
      int pages = 3_000;
      HostedGuest.Space space = guest.space(reading());
      long shared = guest.frame();
      guest.write(shared, 3);
      int[] faults = {0};
      guest.attach(
          new Traps()
              .onException(
                  cpu -> {
                    assertEquals(LOWER_DATA_ABORT, cpu.syndrome() >>> 26);
                    assertEquals(0, cpu.syndrome() & WRITE);
                    assertEquals(CODE + 4, cpu.pc());
                    space.map(cpu.faultAddress() & -PAGE, shared, READ_ONLY);
                    faults[0]++;
                  })
              .onSupervisorCall(Vcpu::halt),
          space);
      guest.cpu.x(19, pages);
      guest.cpu.x(20, 0x2000_0000L);
      guest.cpu.run();
      assertEquals(pages, faults[0]);
      assertEquals(3L * pages, guest.cpu.x(5));
    }
  }

  @Test
  void aReadOnlyPageBecomesWritableInAnotherFrameWithoutAFlush() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space =
          guest.space(ldr(1, 20, 0), str(19, 20, 0), ldr(2, 20, 0), ldr(3, 20, 8), svc(0));
      long original = guest.frame();
      guest.write(original, 11);
      guest.write(original + 8, 22);
      space.map(DATA, original, READ_ONLY);
      guest.attach(
          new Traps()
              .onException(
                  cpu -> {
                    assertEquals(WRITE, cpu.syndrome() & WRITE);
                    assertEquals(DATA, cpu.faultAddress());
                    long copy = guest.frame();
                    guest.write(copy, guest.read(original));
                    guest.write(copy + 8, guest.read(original + 8));
                    space.map(DATA, copy, READ_WRITE);
                  })
              .onSupervisorCall(Vcpu::halt),
          space);
      guest.cpu.x(19, 99);
      guest.cpu.x(20, DATA);
      guest.cpu.run();
      assertEquals(11, guest.cpu.x(1));
      assertEquals(99, guest.cpu.x(2));
      assertEquals(22, guest.cpu.x(3));
      assertEquals(11, guest.read(original));
    }
  }

  @Test
  void anUnmappedPageFaultsOnceItIsFlushed() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space = guest.space(ldr(1, 20, 0), svc(0), branch(-2));
      int[] calls = {0};
      int[] faults = {0};
      guest.attach(
          new Traps()
              .onException(
                  cpu -> {
                    faults[0]++;
                    cpu.halt();
                  })
              .onSupervisorCall(
                  cpu -> {
                    assertTrue(++calls[0] < 2);
                    space.unmap(DATA);
                    space.translation.flushPage(DATA);
                  }),
          space);
      guest.cpu.x(20, DATA);
      guest.cpu.run();
      assertEquals(1, faults[0]);
    }
  }

  @Test
  void aFlushOfASpaceThatIsNotActiveHoldsWhenItIsAgain() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space[] spaces = {guest.space(counting(1)), guest.space(counting(1))};
      UserContext[] contexts = {new UserContext(), new UserContext()};
      for (UserContext context : contexts) {
        context.pc(CODE);
        context.x(20, DATA);
      }
      int[] calls = {0};
      long moved = guest.frame();
      guest.write(moved, 1_000);
      guest.attach(
          new Traps()
              .onSupervisorCall(
                  cpu -> {
                    int now = calls[0]++ & 1;
                    cpu.save(contexts[now]);
                    if (calls[0] == 8) {
                      cpu.halt();
                    }
                    if (calls[0] == 4) { // the second space has just run for the second time
                      spaces[0].map(DATA, moved, READ_WRITE);
                      spaces[0].translation.flushPage(DATA);
                    }
                    cpu.load(contexts[1 - now]);
                    cpu.activate(spaces[1 - now].translation);
                  }),
          spaces[0]);
      guest.cpu.load(contexts[0]);
      guest.cpu.run();
      assertEquals(1_002, guest.read(moved));
      assertEquals(4, spaces[1].peek(DATA));
    }
  }

  @Test
  void aTlbThatIsTooSmallGrows() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space = guest.space(reading());
      HostedGuest.Space other = guest.space(counting(1));
      long base = 0x2000_0000L;
      int pages = 4_000;
      long frame = guest.frame();
      guest.write(frame, 1);
      for (int i = 0; i < pages; i++) {
        space.map(base + (long) i * PAGE, frame, READ_ONLY);
      }
      int[] calls = {0};
      guest.attach(
          new Traps()
              .onSupervisorCall(
                  cpu -> {
                    assertEquals(pages, cpu.x(5));
                    cpu.x(19, pages);
                    cpu.x(20, base);
                    cpu.activate(other.translation);
                    cpu.activate(space.translation);
                    if (++calls[0] == 10) {
                      cpu.halt();
                    }
                  }),
          space);
      guest.cpu.x(19, pages);
      guest.cpu.x(20, base);
      guest.cpu.run();
      assertEquals(10, calls[0]);
    }
  }
}
