package orrery.device.boot;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import orrery.device.uart.CapturedLine;
import orrery.device.uart.Pl011Provider;
import orrery.machine.Machine;
import orrery.machine.MachineBuilder;
import orrery.machine.boot.KernelFile;
import orrery.machine.fdt.DeviceTree;
import orrery.machine.fdt.DeviceTreeBuilder;

/** The firmware from reset on the real CPU, with the real UART. */
class FirmwareTest {
  private static final int TIMED_OUT = 124;

  private final CapturedLine line = new CapturedLine();

  private MachineBuilder machine() {
    return Machine.builder()
        .memory(64 << 20)
        .backend(Pl011Provider.CONSOLE, line)
        .timeLimit(Duration.ofSeconds(10), TIMED_OUT);
  }

  @Test
  void printsWhatItFoundAndAttachesTheHostedKernel() {
    String[] attachedTree = new String[1];
    try (Machine machine =
        machine()
            .verbose(true)
            .bootArguments("root=none quiet")
            .hostedKernel(
                platform -> {
                  MemorySegment ram = platform.ram().segment();
                  long at = platform.deviceTree() - platform.ram().base();
                  DeviceTree tree = DeviceTree.parse(ram.asSlice(at));
                  attachedTree[0] = tree.root().string("model");
                  platform.powerOff(7);
                })
            .build()) {
      assertEquals(7, machine.run());
    }
    assertEquals("Orrery", attachedTree[0]);
    assertTrue(line.drained());
    assertEquals(
        """
        Orrery firmware 1.0
          machine:   Orrery
          memory:    64 MiB at 0x40000000
          arguments: root=none quiet
          starting:  the hosted kernel
        """,
        line.sent().replace("\r\n", "\n"));
  }

  @Test
  void printsNothingUnlessVerbose() {
    try (Machine machine = machine().hostedKernel(platform -> platform.powerOff(0)).build()) {
      assertEquals(0, machine.run());
    }
    assertEquals("", line.sent());
  }

  @Test
  void startsAGuestKernelByTheLinuxProtocol() {
    // The kernel stores x0 to x3 and CurrentEL behind itself, then asks PSCI to switch off.
    int[] code = {
      0x10000004, // adr  x4, .
      0xa9200480, // stp  x0, x1, [x4, #-512]
      0xd5384245, // mrs  x5, CurrentEL
      0xa9210c82, // stp  x2, x3, [x4, #-496]
      0xf80e0085, // stur x5, [x4, #224]
      0x52b08000, // mov  w0, #0x84000000
      0x11002000, // add  w0, w0, #8
      0xd4000002, // hvc  #0
      0x14000000, // b    .
    };
    byte[] image = KernelImages.image(0x80000, 0x1000, code);
    try (Machine machine = machine().kernel(KernelFile.of("test", image)).build()) {
      assertEquals(0, machine.run());
      assertFalse(machine.resetRequested());
      DeviceTree tree = DeviceTree.parse(machine.ram().segment());
      long entry = tree.node("/chosen").u64("orrery,kernel-entry");
      assertEquals(0x80000, entry & 0x1fffff);
      long code0 = entry - machine.ram().base() + KernelImages.CODE_OFFSET;
      assertEquals(machine.ram().base(), KernelImages.word(machine.ram(), code0 - 512));
      assertEquals(0, KernelImages.word(machine.ram(), code0 - 504));
      assertEquals(0, KernelImages.word(machine.ram(), code0 - 496));
      assertEquals(0, KernelImages.word(machine.ram(), code0 - 488));
      assertEquals(1 << 2, KernelImages.word(machine.ram(), code0 + 224), "at EL1");
    }
    assertEquals("", line.sent());
  }

  @Test
  void saysThatThereIsNoKernelAndFails() {
    try (Machine machine = machine().build()) {
      assertEquals(Machine.STATUS_FAILED, machine.run());
    }
    assertEquals("Orrery firmware: the device tree names no kernel to start\r\n", line.sent());
  }

  @Test
  void saysThatTheDeviceTreeIsMissing() {
    assertEquals(
        "Orrery firmware: there is no device tree (bad magic number)\r\n", startWith(new byte[64]));
  }

  @Test
  void saysThatTheDeviceTreeHasNoMemory() {
    byte[] tree = new DeviceTreeBuilder().string("model", "empty").build();
    assertEquals("Orrery firmware: the device tree has no memory node\r\n", startWith(tree));
  }

  @Test
  void saysThatTheDeviceTreeIsMalformed() {
    byte[] tree = new DeviceTreeBuilder().string("model", "cut").build();
    tree[39] -= 8; // the structure's size: its end token is outside
    assertEquals("Orrery firmware: the device tree is malformed\r\n", startWith(tree));
  }

  private String startWith(byte[] tree) {
    try (Machine machine = machine().build()) {
      machine.ram().segment().asSlice(0, 4096).fill((byte) 0);
      MemorySegment.copy(tree, 0, machine.ram().segment(), JAVA_BYTE, 0, tree.length);
      assertEquals(Machine.STATUS_FAILED, machine.run());
    }
    return line.sent();
  }
}
