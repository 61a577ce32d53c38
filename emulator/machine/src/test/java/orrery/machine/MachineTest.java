package orrery.machine;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import orrery.machine.fdt.DeviceTree;
import orrery.machine.fdt.DeviceTreeNode;

/** The machine without devices, with firmware of the test's own on the real CPU. */
class MachineTest {
  private static final int TIMED_OUT = 124;

  /** Where the programs leave their results, as an offset into RAM. */
  private static final long RESULTS = 0x1000_0000;

  private static final int VECTORS = 0x800;
  private static final int SYNCHRONOUS = VECTORS + 0x200;
  private static final int IRQ = VECTORS + 0x280;

  private static final int[] CALLS = {
    0xd2aa0013, // mov x19, #0x50000000
    0x52b00000, // mov w0, #0x80000000
    0xd4000002, // hvc #0
    0xf9000260, // str x0, [x19]
    0x52b0c000, // movz w0, #0x8600, lsl #16
    0x729fe020, // movk w0, #0xff01
    0xd4000002, // hvc #0
    0xa9008660, // stp x0, x1, [x19, #8]
    0xa9018e62, // stp x2, x3, [x19, #24]
    0x52b0c000, // movz w0, #0x8600, lsl #16
    0x729fe060, // movk w0, #0xff03
    0xd4000002, // hvc #0
    0xa9028660, // stp x0, x1, [x19, #40]
    0x52b0c000, // movz w0, #0x8600, lsl #16
    0x72824680, // movk w0, #0x1234
    0xd4000002, // hvc #0
    0xf9001e60, // str x0, [x19, #56]
    0x52b08000, // mov w0, #0x84000000
    0xd4000022, // hvc #1
    0xf9002260, // str x0, [x19, #64]
    0x52b08000, // mov w0, #0x84000000
    0xd4000003, // smc #0
    0xf9002660, // str x0, [x19, #72]
    0x52b08000, // mov w0, #0x84000000
    0x11002400, // add w0, w0, #9
    0xd4000002, // hvc #0
    0x14000000, // b .
  };

  private static final int[] READ_OF_NOTHING = {
    0xd2aa0013, // mov x19, #0x50000000
    0xd2810000, // mov x0, #0x800
    0xd518c000, // msr vbar_el1, x0
    0xd2a14001, // mov x1, #0x0a000000
    0xd5033fdf, // isb
    0xb9400422, // ldr w2, [x1, #4]
    0x14000000, // b .
  };

  private static final int[] REPORT_ABORT = {
    0xd5385200, // mrs x0, esr_el1
    0xd5386001, // mrs x1, far_el1
    0xa9000660, // stp x0, x1, [x19]
    0xd5384020, // mrs x0, elr_el1
    0xf9000a60, // str x0, [x19, #16]
    0x52b08000, // mov w0, #0x84000000
    0x11002000, // add w0, w0, #8
    0xd4000002, // hvc #0
    0x14000000, // b .
  };

  private static final int[] INTERRUPT_ITSELF = {
    0xd2aa0013, // mov x19, #0x50000000
    0xd2810000, // mov x0, #0x800
    0xd518c000, // msr vbar_el1, x0
    0xd2a10014, // mov x20, #0x08000000
    0xd2a10035, // mov x21, #0x08010000
    0x52800020, // mov w0, #1
    0xb9000280, // str w0, [x20]
    0xb90002a0, // str w0, [x21]
    0x52801fe1, // mov w1, #0xff
    0xb90006a1, // str w1, [x21, #4]
    0xd5033fdf, // isb
    0xd50342ff, // msr daifclr, #2
    0x52a04000, // movz w0, #0x0200, lsl #16
    0x72800060, // movk w0, #3
    0xb90f0280, // str w0, [x20, #0xf00]
    0xd503207f, // wfi
    0x14000000, // b .
  };

  private static final int[] REPORT_INTERRUPT = {
    0xb9400ea0, // ldr w0, [x21, #0xc]
    0xb90012a0, // str w0, [x21, #0x10]
    0xb9400ea1, // ldr w1, [x21, #0xc]
    0x29000660, // stp w0, w1, [x19]
    0x52b08000, // mov w0, #0x84000000
    0x11002000, // add w0, w0, #8
    0xd4000002, // hvc #0
    0x14000000, // b .
  };

  private final ByteBuffer firmware = ByteBuffer.allocate(0x1000).order(ByteOrder.LITTLE_ENDIAN);

  private void code(int at, int... words) {
    for (int i = 0; i < words.length; i++) {
      firmware.putInt(at + i * Integer.BYTES, words[i]);
    }
  }

  private MachineBuilder machine() {
    return Machine.builder()
        .firmware(firmware.array())
        .devices(List.of())
        .timeLimit(Duration.ofSeconds(10), TIMED_OUT);
  }

  private static long result(Machine machine, int index) {
    return machine.ram().segment().get(JAVA_LONG_UNALIGNED, RESULTS + index * 8L);
  }

  @Test
  void answersHypercalls() {
    code(0, CALLS);
    try (Machine machine = machine().build()) {
      assertEquals(0, machine.run());
      assertEquals(0x10001, result(machine, 0), "SMCCC 1.1");
      for (int i = 0; i < 4; i++) {
        assertEquals(
            Integer.toUnsignedLong(VendorCalls.UID_WORDS[i]), result(machine, 1 + i), "UID");
      }
      assertEquals(1, result(machine, 5), "revision, major");
      assertEquals(0, result(machine, 6), "revision, minor");
      assertEquals(-1, result(machine, 7), "no such function");
      assertEquals(-1, result(machine, 8), "hvc #1 is nobody's");
      assertEquals(0x10001, result(machine, 9), "smc serves as well");
      assertTrue(machine.resetRequested());
    }
  }

  @Test
  void anAccessToNothingIsASynchronousExternalAbort() {
    code(0, READ_OF_NOTHING);
    code(SYNCHRONOUS, REPORT_ABORT);
    try (Machine machine = machine().build()) {
      assertEquals(0, machine.run());
      assertEquals(0x25, result(machine, 0) >>> 26, "data abort from the current level");
      assertEquals(0x10, result(machine, 0) & 0x3f, "synchronous external abort");
      boolean addressKnown = (result(machine, 0) >>> 10 & 1) == 0; // ESR_EL1.FnV
      assertTrue(!addressKnown || result(machine, 1) == 0x0a00_0004, "FAR");
      assertEquals(0x14, result(machine, 2), "ELR: the load");
    }
  }

  @Test
  void theInterruptControllerReachesTheCpu() {
    code(0, INTERRUPT_ITSELF);
    code(IRQ, REPORT_INTERRUPT);
    try (Machine machine = machine().build()) {
      assertEquals(0, machine.run());
      assertEquals(3, machine.ram().segment().get(JAVA_INT_UNALIGNED, RESULTS), "SGI 3");
      assertEquals(1023, machine.ram().segment().get(JAVA_INT_UNALIGNED, RESULTS + 4));
    }
  }

  @Test
  void describesItselfToTheGuest() {
    try (Machine machine =
        machine()
            .memory(32 << 20)
            .bootArguments("a b")
            .initrd(room -> 5)
            .chosen(tree -> tree.strings("orrery,argv", List.of("ls", "-l")))
            .build()) {
      DeviceTree tree = DeviceTree.parse(machine.ram().segment());
      DeviceTreeNode chosen = tree.node("/chosen");
      assertEquals("a b", chosen.string("bootargs"));
      assertEquals(List.of("ls", "-l"), chosen.strings("orrery,argv"));
      assertEquals(5, chosen.u64("linux,initrd-end") - chosen.u64("linux,initrd-start"));
      assertTrue(chosen.has("orrery,quiet"));
      assertFalse(chosen.has("orrery,hosted-kernel"));
      assertEquals(new DeviceTreeNode.Range(0x4000_0000, 32 << 20), tree.node("/memory").reg(0));
      assertEquals("hvc", tree.node("/psci").string("method"));
      assertEquals("psci", tree.node("/cpus/cpu@0").string("enable-method"));
      DeviceTreeNode gic = tree.compatible("arm,cortex-a15-gic").getFirst();
      assertEquals(0x0800_0000, gic.reg(0).address());
      assertEquals(0x0801_0000, gic.reg(1).address());
      assertEquals(gic.u32("phandle"), tree.root().u32("interrupt-parent"));
    }
  }

  @Test
  void describesEveryCpu() {
    try (Machine machine = machine().cpus(8).build()) {
      DeviceTree tree = DeviceTree.parse(machine.ram().segment());
      for (int cpu = 0; cpu < 8; cpu++) {
        DeviceTreeNode node = tree.node("/cpus/cpu@" + cpu);
        assertEquals(cpu, node.u32("reg"));
        assertEquals("psci", node.string("enable-method"));
      }
    }
  }

  @Test
  void canBeSwitchedOffBeforeItRuns() {
    code(0, 0x14000000); // b .
    try (Machine machine = machine().build()) {
      machine.powerOff(9);
      machine.powerOff(10);
      assertEquals(9, machine.run());
      assertFalse(machine.resetRequested());
    }
  }

  @Test
  void saysWhatCannotBeBuilt() {
    MachineException memory =
        assertThrows(MachineException.class, () -> machine().memory(1 << 20).build());
    assertEquals("a machine needs at least 16 MiB of memory (--memory)", memory.getMessage());
    assertThrows(MachineException.class, () -> machine().memory(-1).build());
    assertThrows(MachineException.class, () -> machine().cpus(0));
    assertThrows(MachineException.class, () -> machine().cpus(9));
    assertThrows(MachineException.class, () -> machine().firmware(new byte[0x10001]).build());
    assertThrows(
        MachineException.class, () -> machine().bootArguments("x".repeat(3 << 20)).build());
    assertThrows(
        MachineException.class,
        () -> machine().backend("line", "a string").devices(List.of(new NeedsThread())).build());
  }

  private static final class NeedsThread implements DeviceProvider {
    @Override
    public String name() {
      return "needy";
    }

    @Override
    public String description() {
      return "takes a thread as its backend";
    }

    @Override
    public List<PlatformDevice> create(DeviceContext context) {
      context.backend("line", Thread.class);
      return List.of();
    }
  }
}
