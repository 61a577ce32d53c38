package orrery.machine.cpu;

import static orrery.machine.cpu.A64.add;
import static orrery.machine.cpu.A64.addPages;
import static orrery.machine.cpu.A64.branch;
import static orrery.machine.cpu.A64.branchNotEqual;
import static orrery.machine.cpu.A64.ldr;
import static orrery.machine.cpu.A64.ldrw;
import static orrery.machine.cpu.A64.mov;
import static orrery.machine.cpu.A64.str;
import static orrery.machine.cpu.A64.subs;
import static orrery.machine.cpu.A64.svc;
import static orrery.machine.cpu.HostedGuest.CODE;
import static orrery.machine.cpu.HostedGuest.DATA;
import static orrery.machine.cpu.HostedGuest.PAGE;
import static orrery.machine.cpu.HostedGuest.READ_ONLY;
import static orrery.machine.cpu.HostedGuest.READ_WRITE;

import java.util.Arrays;

/**
 * Times of the vCPU's ways in and out: the best and the median of many runs, each short enough to
 * fit between two other things a busy host does. Run with the test classes on the class path:
 * {@code java --enable-native-access=ALL-UNNAMED -cp ... orrery.machine.cpu.CpuTimes}.
 */
final class CpuTimes {
  private static final int RUNS = 400;
  private static final int WARM_UP = 100;
  private static final int CALLS = 10_000;
  private static final int SWITCHES = 1_600;
  private static final int PAGES = 1_000;
  private static final long HEAP = 0x2000_0000L;

  private CpuTimes() {}

  private interface Run {
    /** Does the work and tells how often. */
    long times();
  }

  private static void measure(String what, Run run) {
    double[] nanos = new double[RUNS - WARM_UP];
    for (int i = 0; i < RUNS; i++) {
      long before = System.nanoTime();
      long times = run.times();
      double each = (System.nanoTime() - before) / (double) times;
      if (i >= WARM_UP) {
        nanos[i - WARM_UP] = each;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%-56s best %8.1f ns, median %8.1f ns%n", what, nanos[0], nanos[nanos.length / 2]);
  }

  public static void main(String[] arguments) {
    long before = System.nanoTime();
    new HostedGuest().close();
    System.out.printf("first vCPU: %.1f ms%n", (System.nanoTime() - before) / 1e6);
    before = System.nanoTime();
    new HostedGuest().close();
    System.out.printf("second vCPU: %.1f ms%n", (System.nanoTime() - before) / 1e6);
    supervisorCall();
    deviceAccess();
    for (int pages : new int[] {1, 16, 64, 1000}) {
      switches(pages, true);
      switches(pages, false);
    }
    faults();
    flushes();
  }

  private static final class Calls implements TrapHandler {
    long sum;

    @Override
    public void supervisorCall(Vcpu cpu) {
      if ((cpu.syndrome() & 1) != 0) {
        cpu.halt();
      } else {
        sum += cpu.x(8) + cpu.x(0) + cpu.x(1) + cpu.x(2) + cpu.x(3) + cpu.x(4) + cpu.x(5);
        cpu.x(0, 42);
      }
    }

    @Override
    public void synchronousException(Vcpu cpu) {
      throw new AssertionError(Long.toHexString(cpu.faultAddress()));
    }

    @Override
    public void interrupted(Vcpu cpu) {}
  }

  private static void supervisorCall() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space =
          guest.space(mov(8, 172), svc(0), subs(19, 19, 1), branchNotEqual(-3), svc(1));
      guest.attach(new Calls(), space);
      measure(
          "SVC, 7 registers read, 1 written",
          () -> {
            guest.cpu.pc(CODE);
            guest.cpu.x(19, CALLS);
            guest.cpu.run();
            return CALLS;
          });
    }
  }

  private static void deviceAccess() {
    MmioDispatcher device =
        new MmioDispatcher() {
          private long value;

          @Override
          public long read(long address, int width) {
            return value;
          }

          @Override
          public void write(long address, int width, long written) {
            value = written;
          }
        };
    try (HostedGuest guest = new HostedGuest(device)) {
      HostedGuest.Space space =
          guest.space(ldrw(1, 20, 0), subs(19, 19, 1), branchNotEqual(-2), svc(1));
      space.map(HEAP, 0x0900_0000L, READ_WRITE);
      guest.attach(new Calls(), space);
      measure(
          "device read",
          () -> {
            guest.cpu.pc(CODE);
            guest.cpu.x(19, CALLS);
            guest.cpu.x(20, HEAP);
            guest.cpu.run();
            return CALLS;
          });
    }
  }

  /** Two spaces in turns; each touches its pages between two switches. */
  private static void switches(int pages, boolean sameText) {
    try (HostedGuest guest = new HostedGuest()) {
      int[] code = {
        mov(2, 0), // loop:
        add(2, 20, 0),
        add(3, 21, 0),
        ldr(4, 2, 0), // page:
        add(4, 4, 1),
        str(4, 2, 0),
        addPages(2, 2, 1),
        subs(3, 3, 1),
        branchNotEqual(-5),
        svc(0),
        subs(19, 19, 1),
        branchNotEqual(-11),
        svc(1),
        branch(0)
      };
      HostedGuest.Space[] spaces = {guest.space(code), guest.space()};
      spaces[1].map(CODE, spaces[0].frameOf(CODE), HostedGuest.EXECUTE);
      UserContext[] contexts = {new UserContext(), new UserContext()};
      int rounds = SWITCHES / Math.max(1, pages / 4);
      for (int i = 0; i < 2; i++) {
        spaces[i].translation.textId(sameText ? 1 : i + 1);
        for (int page = 0; page < pages; page++) {
          spaces[i].map(DATA + (long) page * PAGE, guest.frame(), READ_WRITE);
        }
      }
      TrapHandler handler =
          new TrapHandler() {
            private int now;

            @Override
            public void supervisorCall(Vcpu cpu) {
              if ((cpu.syndrome() & 1) != 0) {
                cpu.halt();
                return;
              }
              cpu.save(contexts[now]);
              now = 1 - now;
              cpu.load(contexts[now]);
              cpu.activate(spaces[now].translation);
            }

            @Override
            public void synchronousException(Vcpu cpu) {
              throw new AssertionError(Long.toHexString(cpu.faultAddress()));
            }

            @Override
            public void interrupted(Vcpu cpu) {}
          };
      guest.attach(handler, spaces[0]);
      measure(
          "round trip of two switches, "
              + pages
              + (pages == 1 ? " page, " : " pages, ")
              + (sameText ? "same text" : "other text"),
          () -> {
            for (UserContext context : contexts) {
              context.pc(CODE);
              context.x(19, rounds);
              context.x(20, DATA);
              context.x(21, pages);
            }
            guest.cpu.load(contexts[0]);
            guest.cpu.run();
            return rounds;
          });
    }
  }

  private static void faults() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space =
          guest.space(
              ldr(4, 20, 0), addPages(20, 20, 1), subs(19, 19, 1), branchNotEqual(-3), svc(1));
      long frame = guest.frame();
      long[] slots = new long[PAGES];
      for (int i = 0; i < PAGES; i++) {
        slots[i] = space.slot(HEAP + (long) i * PAGE);
      }
      TrapHandler handler =
          new TrapHandler() {
            @Override
            public void supervisorCall(Vcpu cpu) {
              cpu.halt();
            }

            @Override
            public void synchronousException(Vcpu cpu) {
              guest.write(slots[(int) (cpu.faultAddress() - HEAP >>> 12)], frame | READ_ONLY);
            }

            @Override
            public void interrupted(Vcpu cpu) {}
          };
      guest.attach(handler, space);
      measure(
          "page fault, mapped in the handler",
          () -> {
            for (long slot : slots) {
              guest.write(slot, 0);
            }
            space.translation.flushAll();
            guest.cpu.pc(CODE);
            guest.cpu.x(19, PAGES);
            guest.cpu.x(20, HEAP);
            guest.cpu.run();
            return PAGES;
          });
    }
  }

  private static void flushes() {
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space = guest.space(svc(1));
      guest.attach(new Calls(), space);
      measure(
          "flushPage of the active space",
          () -> {
            for (int i = 0; i < SWITCHES; i++) {
              space.translation.flushPage(DATA);
            }
            return SWITCHES;
          });
      measure(
          "flushAll of the active space",
          () -> {
            for (int i = 0; i < SWITCHES / 10; i++) {
              space.translation.flushAll();
            }
            return SWITCHES / 10;
          });
      measure(
          "new space, activate, back, close",
          () -> {
            for (int i = 0; i < SWITCHES / 10; i++) {
              Translation other = guest.cpu.translation(space.root);
              guest.cpu.activate(other);
              guest.cpu.activate(space.translation);
              other.close();
            }
            return SWITCHES / 10;
          });
      measure(
          "invalidateCode of a page without code",
          () -> {
            for (int i = 0; i < SWITCHES; i++) {
              guest.cpu.invalidateCode(HostedGuest.RAM + (32 << 20), PAGE);
            }
            return SWITCHES;
          });
      measure(
          "deadline",
          () -> {
            for (int i = 0; i < SWITCHES; i++) {
              guest.cpu.deadline(Long.MAX_VALUE - i);
            }
            return SWITCHES;
          });
    }
  }
}
