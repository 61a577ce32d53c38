package orrery.device.boot;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import orrery.device.uart.CapturedLine;
import orrery.device.uart.Pl011Provider;
import orrery.machine.HostedKernel;
import orrery.machine.HostedPlatform;
import orrery.machine.Machine;
import orrery.machine.cpu.TrapHandler;
import orrery.machine.cpu.UserContext;
import orrery.machine.cpu.Vcpu;
import orrery.machine.fdt.DeviceTree;

/**
 * A hosted kernel on the whole machine: firmware, hypercall, one page at EL0, devices by the bus.
 */
class HostedKernelTest {
  private static final int TIMED_OUT = 124;
  private static final long CODE = 0x40_0000;

  // Stage 1 descriptors (Arm DDI 0487, D8.3).
  private static final long TABLE = 3;
  private static final long USER_READ_ONLY_PAGE = 3 | 1 << 6 | 3 << 6 | 3 << 8 | 1 << 10;
  private static final long ADDRESS_MASK = 0xffff_ffff_f000L;

  private final CapturedLine line = new CapturedLine();

  /** Runs its code as the only program; {@code svc #n} calls {@link #call}. */
  private abstract static class OneProgram implements HostedKernel, TrapHandler {
    private final int[] code;
    HostedPlatform platform;

    OneProgram(int... code) {
      this.code = code;
    }

    abstract void call(Vcpu cpu);

    @Override
    public void start(HostedPlatform hardware) {
      platform = hardware;
      long root = hardware.ram().base() + (8 << 20);
      long page = root + 0x3000;
      // Three levels of 4 KiB tables translate 39 bits.
      set(root, CODE >>> 30, root + 0x1000 | TABLE);
      set(root + 0x1000, CODE >>> 21 & 511, root + 0x2000 | TABLE);
      set(root + 0x2000, CODE >>> 12 & 511, page & ADDRESS_MASK | USER_READ_ONLY_PAGE);
      for (int i = 0; i < code.length; i++) {
        hardware
            .ram()
            .segment()
            .set(JAVA_INT_UNALIGNED, page - hardware.ram().base() + 4L * i, code[i]);
      }
      Vcpu cpu = hardware.cpu();
      cpu.traps(this);
      cpu.enterUserMode();
      cpu.activate(cpu.translation(root));
      try (UserContext context = new UserContext()) {
        context.pc(CODE);
        cpu.load(context);
      }
    }

    private void set(long table, long index, long descriptor) {
      long at = table - platform.ram().base() + 8 * index;
      platform.ram().segment().set(JAVA_LONG_UNALIGNED, at, descriptor);
    }

    @Override
    public void supervisorCall(Vcpu cpu) {
      call(cpu);
    }

    @Override
    public void synchronousException(Vcpu cpu) {
      platform.powerOff(99);
    }

    @Override
    public void interrupted(Vcpu cpu) {}
  }

  private Machine machine(HostedKernel kernel) {
    return Machine.builder()
        .memory(64 << 20)
        .backend(Pl011Provider.CONSOLE, line)
        .timeLimit(Duration.ofSeconds(10), TIMED_OUT)
        .hostedKernel(kernel)
        .build();
  }

  @Test
  void runsAProgramThatPrintsThroughTheBus() {
    List<Long> arguments = new ArrayList<>();
    OneProgram kernel =
        new OneProgram(
            0xd2800540, // mov x0, #42
            0xd4000001, // svc #0
            0x91000400, // add x0, x0, #1
            0xd4000001, // svc #0
            0x14000000) { // b .
          @Override
          void call(Vcpu cpu) {
            arguments.add(cpu.x(0));
            DeviceTree tree =
                DeviceTree.parse(
                    platform
                        .ram()
                        .segment()
                        .asSlice(platform.deviceTree() - platform.ram().base()));
            long uart = tree.compatible("arm,pl011").getFirst().reg(0).address();
            platform.bus().write(uart, 4, '0' + arguments.size());
            if (arguments.size() == 2) {
              platform.powerOff(3);
            } else {
              cpu.x(0, 100);
            }
          }
        };
    try (Machine machine = machine(kernel)) {
      assertEquals(3, machine.run());
    }
    assertEquals(List.of(42L, 101L), arguments);
    assertEquals("12", line.sent());
    assertTrue(line.drained());
  }

  @Test
  void theHostSwitchesOffAProgramThatLoops() {
    Machine[] running = new Machine[1];
    Thread[] host = new Thread[1];
    OneProgram kernel =
        new OneProgram(
            0xd4000001, // svc #0
            0x14000000) { // b .
          @Override
          void call(Vcpu cpu) {
            host[0] = Thread.ofPlatform().start(() -> running[0].powerOff(5));
          }
        };
    try (Machine machine = machine(kernel)) {
      running[0] = machine;
      assertEquals(5, machine.run());
    }
  }

  @Test
  void theTimeLimitSwitchesOffAProgramThatLoops() {
    OneProgram kernel = new OneProgram(0x14000000) { // b .
          @Override
          void call(Vcpu cpu) {}
        };
    try (Machine machine =
        Machine.builder()
            .memory(64 << 20)
            .timeLimit(Duration.ofMillis(50), TIMED_OUT)
            .hostedKernel(kernel)
            .build()) {
      assertEquals(TIMED_OUT, machine.run());
    }
  }

  @Test
  void aFailureInTheKernelComesOutOfRunAfterTheDevicesWereDrained() {
    OneProgram kernel = new OneProgram(0xd4000001) { // svc #0
          @Override
          void call(Vcpu cpu) {
            throw new IllegalStateException("broken");
          }
        };
    try (Machine machine = machine(kernel)) {
      IllegalStateException e = assertThrows(IllegalStateException.class, machine::run);
      assertEquals("broken", e.getMessage());
    }
    assertTrue(line.drained());
  }
}
