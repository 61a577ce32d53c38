package orrery.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import orrery.machine.bus.MmioDevice;
import orrery.machine.fdt.DeviceTree;
import orrery.machine.fdt.DeviceTreeNode;
import orrery.machine.pci.PciConfiguration;
import orrery.machine.pci.PciContext;
import orrery.machine.pci.PciDevice;
import orrery.machine.pci.PciDeviceProvider;
import orrery.machine.pci.PciFunction;

/** A machine with a PCI device of the test's own, driven by code on the real CPU. */
class PciMachineTest {
  private static final int TIMED_OUT = 124;
  private static final int VERSIONS = 100;

  /**
   * With the MMU on: enables the device and has it write a routine, calls that twice, and again
   * with the next version in its place. What the routine returns goes to the device.
   */
  private static final int[] LOAD_AND_CALL = {
    0xd2a80013, // mov x19, #0x40000000
    0x91400674, // add x20, x19, #0x1, lsl #12
    0xd280e020, // mov x0, #0x701
    0xf9000280, // str x0, [x20]
    0xb2620000, // orr x0, x0, #0x40000000
    0xf9000680, // str x0, [x20, #8]
    0xd286a320, // mov x0, #0x3519
    0xf2a01000, // movk x0, #0x80, lsl #16
    0xf2c00040, // movk x0, #0x2, lsl #32
    0xd5182040, // msr tcr_el1, x0
    0xd2801fe0, // mov x0, #0xff
    0xd518a200, // msr mair_el1, x0
    0xd5182014, // msr ttbr0_el1, x20
    0xd5033fdf, // isb
    0xd5381000, // mrs x0, sctlr_el1
    0xb2400000, // orr x0, x0, #0x1
    0xb27e0000, // orr x0, x0, #0x4
    0xb2740000, // orr x0, x0, #0x1000
    0xd5181000, // msr sctlr_el1, x0
    0xd5033fdf, // isb
    0xd2a7e015, // mov x21, #0x3f000000
    0xf2900015, // movk x21, #0x8000
    0x52a20001, // mov w1, #0x10000000
    0xb90012a1, // str w1, [x21, #16]
    0x528000c1, // mov w1, #0x6
    0x79000aa1, // strh w1, [x21, #4]
    0xd2a20016, // mov x22, #0x10000000
    0x91404277, // add x23, x19, #0x10, lsl #12
    0x52800039, // mov w25, #0x1
    0xb90002d7, // str w23, [x22]
    0xb90006d9, // str w25, [x22, #4]
    0xd63f02e0, // blr x23
    0xb9000ac0, // str w0, [x22, #8]
    0xd63f02e0, // blr x23
    0xb9000ac0, // str w0, [x22, #8]
    0x11000739, // add w25, w25, #0x1
    0x7101933f, // cmp w25, #0x64
    0x54ffff01, // b.ne loop
    0x52b08000, // mov w0, #0x84000000
    0x11002000, // add w0, w0, #0x8
    0xd4000002, // hvc #0x0
  };

  private static final int[] SPIN = {
    0x14000000, // b .
  };

  private static final int[] WAIT = {
    0xd503207f, // wfi
    0x17ffffff, // b .-4
  };

  /** Writes a routine that returns a number to where it is told. */
  private static final class Loader implements PciDevice, MmioDevice {
    private static final int ADDRESS = 0;
    private static final int GO = 4;
    private static final int RETURNED = 8;

    final List<Long> returned = new ArrayList<>();
    private PciFunction function;
    private long address;

    @Override
    public PciConfiguration configuration() {
      return new PciConfiguration(0x1234, 1, 0xff0000, 0).memory32(0, 4096, this);
    }

    @Override
    public void connected(PciFunction itsFunction) {
      function = itsFunction;
    }

    @Override
    public void reset() {}

    @Override
    public long read(long offset, int width) {
      return 0;
    }

    @Override
    public void write(long offset, int width, long value) {
      switch ((int) offset) {
        case ADDRESS -> address = value;
        case GO -> function.dma().write(address, routine((int) value), 0, 2 * Integer.BYTES);
        case RETURNED -> returned.add(value);
        default -> {}
      }
    }

    private static byte[] routine(int number) {
      int move = 0x52800000 | number << 5; // mov w0, #number
      int back = 0xd65f03c0; // ret
      return code(move, back);
    }
  }

  private record Provider(PciDevice device, AtomicReference<PciContext> seen)
      implements PciDeviceProvider {
    Provider(PciDevice device) {
      this(device, new AtomicReference<>());
    }

    @Override
    public String name() {
      return "test";
    }

    @Override
    public String description() {
      return "a test's device";
    }

    @Override
    public List<PciDevice> create(PciContext context) {
      seen.set(context);
      return List.of(device);
    }
  }

  private static byte[] code(int... instructions) {
    ByteBuffer bytes =
        ByteBuffer.allocate(instructions.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int instruction : instructions) {
      bytes.putInt(instruction);
    }
    return bytes.array();
  }

  private static MachineBuilder machine(Provider provider, int... firmware) {
    return Machine.builder()
        .memory(64 << 20)
        .firmware(code(firmware))
        .devices(List.of())
        .pciDevices(List.of(provider))
        .timeLimit(Duration.ofSeconds(30), TIMED_OUT);
  }

  @Test
  void codeThatADeviceWritesOverCodeThatRanIsRun() {
    Loader loader = new Loader();
    try (Machine machine = machine(new Provider(loader), LOAD_AND_CALL).build()) {
      assertEquals(0, machine.run());
    }
    List<Long> expected = new ArrayList<>();
    for (long version = 1; version < VERSIONS; version++) {
      expected.add(version);
      expected.add(version);
    }
    assertEquals(expected, loader.returned);
  }

  @Test
  void workRequestedByAnotherThreadIsDoneOnTheCpusThread() throws InterruptedException {
    for (int[] guest : new int[][] {SPIN, WAIT}) {
      Provider provider = new Provider(new Loader());
      try (Machine machine = machine(provider, guest).build()) {
        AtomicReference<Thread> seen = new AtomicReference<>();
        CountDownLatch first = new CountDownLatch(1);
        var work =
            provider
                .seen
                .get()
                .deferred(
                    () -> {
                      if (first.getCount() > 0) {
                        first.countDown();
                      } else {
                        seen.set(Thread.currentThread());
                        machine.powerOff(3);
                      }
                    });
        Thread other =
            Thread.ofPlatform()
                .start(
                    () -> {
                      work.request();
                      try {
                        first.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      work.request();
                    });
        assertEquals(3, machine.run());
        other.join();
        assertSame(Thread.currentThread(), seen.get());
      }
    }
  }

  @Test
  void theDeviceTreeSaysWherePciIsIfThereIsOne() {
    try (Machine machine = machine(new Provider(new Loader()), SPIN).build()) {
      DeviceTree tree = DeviceTree.parse(machine.ram().segment());
      DeviceTreeNode host = tree.compatible("pci-host-ecam-generic").getFirst();
      assertEquals(new DeviceTreeNode.Range(MemoryMap.PCI_ECAM, 16 << 20), host.reg(0));
      DeviceTreeNode frame = tree.compatible("arm,gic-v2m-frame").getFirst();
      assertEquals(host.u32("msi-parent"), frame.u32("phandle"));
      assertSame(tree.compatible("arm,cortex-a15-gic").getFirst(), frame.parent());
      // Device 3, INTB: wire A again, SPI 16.
      int[] map = host.cells("interrupt-map");
      int entry = 10 * (4 * 3 + 1);
      assertEquals(3 << 11, map[entry]);
      assertEquals(2, map[entry + 3]);
      assertEquals(16, map[entry + 8]);
    }
    try (Machine machine = Machine.builder().memory(64 << 20).devices(List.of()).build()) {
      DeviceTree tree = DeviceTree.parse(machine.ram().segment());
      assertEquals(List.of(), tree.compatible("pci-host-ecam-generic"));
    }
  }
}
