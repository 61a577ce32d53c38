package orrery.machine.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.machine.pci.ConfigRegisters.*;

import java.util.List;
import org.junit.jupiter.api.Test;
import orrery.machine.dma.DmaFault;

class PciHostTest {
  private static final int MEMORY_AND_MASTER = COMMAND_MEMORY | COMMAND_BUS_MASTER;

  private final PciBench.Registers low = new PciBench.Registers(1);
  private final PciBench.Registers high = new PciBench.Registers(2);
  private final PciBench.Registers ports = new PciBench.Registers(3);

  private PciConfiguration configuration() {
    return new PciConfiguration(0x1234, 0x5678, 0x010802, 7)
        .subsystem(0xabcd, 0x42)
        .memory32(0, 0x4000, low)
        .memory64(2, 0x1_0000, high)
        .io(4, 32, ports)
        .interruptPin()
        .powerManagement()
        .express()
        .msiX(70, 2, 0x8000, 0x9000)
        .vendor(new byte[] {1, 2, 3}, null, null);
  }

  private final PciBench.Device device = new PciBench.Device(configuration());

  @Test
  void absentFunctionsBusesAndExtendedRegistersReadAsAllOnesOrZero() {
    try (PciBench bench = new PciBench(device)) {
      assertEquals(0xffff_ffffL, bench.bus.read(PciBench.ECAM, 4));
      assertEquals(0xffff, bench.bus.read(PciBench.config(1), 2));
      assertEquals(-1, bench.bus.read(PciBench.ECAM + (3 << 20), 8));
      bench.bus.write(PciBench.ECAM + (3 << 20), 4, 0);
      assertEquals(0, bench.get(0x100, 4), "no extended capability");
      assertEquals(0, bench.get(0xffc, 4));
    }
  }

  @Test
  void theHeaderAnswersEveryWidth() {
    try (PciBench bench = new PciBench(device)) {
      assertEquals(0x5678_1234L, bench.get(0, 4));
      assertEquals(0x1234, bench.get(0, 2));
      assertEquals(0x78, bench.get(2, 1));
      assertEquals(0x0108_0207L, bench.get(8, 4));
      assertEquals(bench.get(4, 4) << 32 | 0x5678_1234L, bench.get(0, 8));
      assertEquals(0x0042_abcdL, bench.get(SUBSYSTEM_VENDOR_ID, 4));
      assertEquals(1, bench.get(INTERRUPT_PIN, 1));
      bench.put(0, 8, -1);
      assertEquals(0x5678_1234L, bench.get(0, 4), "identity is read-only");
      bench.put(INTERRUPT_LINE, 1, 0x5a);
      assertEquals(0x015a, bench.get(INTERRUPT_LINE, 2));
    }
  }

  @Test
  void theCapabilityListHoldsAllInOrder() {
    try (PciBench bench = new PciBench(device)) {
      assertTrue((bench.get(STATUS, 2) & STATUS_CAPABILITIES) != 0);
      assertEquals(0x40, bench.capability(CAPABILITY_POWER));
      assertTrue(bench.capability(CAPABILITY_EXPRESS) > 0x40);
      int msiX = bench.capability(CAPABILITY_MSI_X);
      assertEquals(69, bench.get(msiX + MSI_X_CONTROL, 2));
      assertEquals(0x8002, bench.get(msiX + MSI_X_TABLE, 4));
      assertEquals(0x9002, bench.get(msiX + MSI_X_PENDING, 4));
      int vendor = bench.capability(CAPABILITY_VENDOR);
      assertEquals(0x0106, bench.get(vendor + 2, 2));
      assertEquals(0x0302, bench.get(vendor + 4, 2));
    }
  }

  @Test
  void barsAreFoundBySizingAndAnswerWhereSoftwarePutsThem() {
    try (PciBench bench = new PciBench(device)) {
      bench.put(0x10, 4, 0xffff_ffffL);
      assertEquals(0xffff_c000L, bench.get(0x10, 4));
      bench.put(0x18, 4, 0xffff_ffffL);
      bench.put(0x1c, 4, 0xffff_ffffL);
      assertEquals(0xffff_0004L, bench.get(0x18, 4));
      assertEquals(0xffff_ffffL, bench.get(0x1c, 4));
      bench.put(0x20, 4, 0xffff_ffffL);
      assertEquals(0xffff_ffe1L, bench.get(0x20, 4));
      bench.put(0x24, 4, 0xffff_ffffL);
      assertEquals(0, bench.get(0x24, 4), "a BAR that is not there");

      bench.put(0x10, 4, 0x1000_4000L);
      bench.put(0x18, 8, 0x80_0010_0000L);
      bench.put(0x20, 4, 0x100);
      assertEquals(0xffff_ffffL, bench.bus.read(0x1000_4000L, 4), "not enabled");
      bench.put(COMMAND, 2, COMMAND_MEMORY);
      assertEquals(0x1_0010, bench.bus.read(0x1000_4010L, 4));
      assertEquals(0x2_0020, bench.bus.read(0x80_0010_0020L, 4));
      assertEquals(0xffff_ffffL, bench.bus.read(PciBench.WINDOW_IO + 0x100, 4));
      bench.put(COMMAND, 2, COMMAND_IO);
      assertEquals(0x3_0004, bench.bus.read(PciBench.WINDOW_IO + 0x104, 4));
      assertEquals(0xffff_ffffL, bench.bus.read(0x1000_4010L, 4));

      bench.put(COMMAND, 2, COMMAND_MEMORY);
      bench.put(0x10, 4, 0x2000_0000L);
      assertEquals(0xffff_ffffL, bench.bus.read(0x1000_4010L, 4));
      assertEquals(0x1_3ffc, bench.bus.read(0x2000_3ffcL, 4));
      assertEquals(0xffff_ffffL, bench.bus.read(0x2000_4000L, 4));
      bench.put(0x10, 4, 0x5000_0000L);
      assertEquals(0xffff_ffffL, bench.bus.read(0x2000_3ffcL, 4), "outside all windows");
    }
  }

  @Test
  void widthsThatADeviceLacksReadAsAllOnesAndWriteNothing() {
    try (PciBench bench = new PciBench(device)) {
      bench.put(0x10, 4, 0x1000_0000L);
      bench.put(COMMAND, 2, COMMAND_MEMORY);
      assertEquals(0xff, bench.bus.read(0x1000_0001L, 1));
      assertEquals(-1, bench.bus.read(0x1000_0008L, 8));
      bench.bus.write(0x1000_0008L, 8, 5);
      assertEquals(-1, low.lastOffset);
      bench.bus.write(0x1000_0008L, 4, 5);
      assertEquals(8, low.lastOffset);
      assertEquals(5, low.lastValue);
    }
  }

  @Test
  void ofOverlappingBarsTheSmallerAnswersAndTheOtherAroundIt() {
    try (PciBench bench = new PciBench(device)) {
      bench.put(0x18, 8, 0x1000_0000L);
      bench.put(0x10, 4, 0x1000_4000L);
      bench.put(COMMAND, 2, COMMAND_MEMORY);
      assertEquals(0x2_3ffc, bench.bus.read(0x1000_3ffcL, 4));
      assertEquals(0x1_0000, bench.bus.read(0x1000_4000L, 4));
      // 0x8000 is the MSI-X table, in front of the registers; behind its end they answer again.
      assertEquals(0x2_a000, bench.bus.read(0x1000_a000L, 4));
    }
  }

  @Test
  void messagesAreSentPendWhileMaskedAndNeedBusMastering() {
    try (PciBench bench = new PciBench(device)) {
      bench.put(0x18, 8, PciBench.WINDOW_64);
      bench.put(COMMAND, 2, MEMORY_AND_MASTER);
      int control = bench.capability(CAPABILITY_MSI_X) + MSI_X_CONTROL;
      long entry = PciBench.WINDOW_64 + 0x8000 + 65 * 16;
      long pending = PciBench.WINDOW_64 + 0x9000 + 8;
      MsiX msiX = device.function.msiX();
      assertEquals(1, bench.bus.read(entry + 12, 4), "masked in reset");
      assertFalse(msiX.isEnabled());
      msiX.raise(65);
      bench.put(control, 2, MSI_X_ENABLE);
      assertTrue(msiX.isEnabled());
      assertEquals(0, bench.bus.read(pending, 8), "it was not enabled");

      bench.bus.write(entry, 8, PciBench.DOORBELL);
      bench.bus.write(entry + 8, 4, 99);
      msiX.raise(65);
      assertEquals(2, bench.bus.read(pending, 8));
      assertEquals(2, bench.bus.read(pending, 1));
      bench.bus.write(pending, 8, 0);
      assertEquals(2, bench.bus.read(pending, 4), "read-only");
      bench.bus.write(entry + 12, 4, 0);
      assertEquals(List.of(99), bench.messages);
      assertEquals(0, bench.bus.read(pending, 8));

      bench.put(control, 2, MSI_X_ENABLE | MSI_X_FUNCTION_MASK);
      msiX.raise(65);
      msiX.raise(65);
      assertEquals(1, bench.messages.size());
      bench.put(control, 2, MSI_X_ENABLE);
      assertEquals(List.of(99, 99), bench.messages, "two while masked are one");

      bench.put(COMMAND, 2, COMMAND_MEMORY);
      msiX.raise(65);
      assertEquals(2, bench.messages.size());
      assertEquals(1, device.function.dma().refused());
      msiX.raise(70);
      msiX.raise(-1);
    }
  }

  @Test
  void aMessageToMemoryIsAWrite() {
    try (PciBench bench = new PciBench(device)) {
      bench.put(0x18, 8, PciBench.WINDOW_64);
      bench.put(COMMAND, 2, MEMORY_AND_MASTER);
      bench.put(bench.capability(CAPABILITY_MSI_X) + MSI_X_CONTROL, 2, MSI_X_ENABLE);
      long entry = PciBench.WINDOW_64 + 0x8000;
      bench.bus.write(entry, 8, PciBench.RAM + 0x103);
      bench.bus.write(entry + 8, 8, 0x1234_5678L);
      device.function.msiX().raise(0);
      assertEquals(0x1234_5678, device.function.dma().readInt(PciBench.RAM + 0x100));
    }
  }

  @Test
  void thePinDrivesItsWireUnlessDisconnected() {
    try (PciBench bench = new PciBench(device)) {
      device.function.pin(true);
      assertTrue(bench.wires[1], "INTA of device 1");
      assertTrue((bench.get(STATUS, 2) & STATUS_INTERRUPT) != 0);
      bench.put(COMMAND, 2, COMMAND_INTX_DISABLE);
      assertFalse(bench.wires[1]);
      assertTrue((bench.get(STATUS, 2) & STATUS_INTERRUPT) != 0);
      bench.put(COMMAND, 2, 0);
      assertTrue(bench.wires[1]);
      device.function.pin(false);
      assertFalse(bench.wires[1]);
      assertEquals(0, bench.get(STATUS, 2) & STATUS_INTERRUPT);
    }
  }

  @Test
  void pinsShareAWire() {
    PciBench.Device second = new PciBench.Device(configuration());
    try (PciBench bench = new PciBench(device)) {
      bench.host.plug(5, second);
      device.function.pin(true);
      second.function.pin(true);
      device.function.pin(false);
      assertTrue(bench.wires[1]);
      second.function.pin(false);
      assertFalse(bench.wires[1]);
    }
  }

  @Test
  void aFunctionLevelResetPutsEverythingBack() {
    try (PciBench bench = new PciBench(device)) {
      bench.put(0x10, 4, 0x1000_0000L);
      bench.put(COMMAND, 2, MEMORY_AND_MASTER);
      bench.put(bench.capability(CAPABILITY_MSI_X) + MSI_X_CONTROL, 2, MSI_X_ENABLE);
      device.function.pin(true);
      int control = bench.capability(CAPABILITY_EXPRESS) + EXPRESS_DEVICE_CONTROL;
      bench.put(control, 2, 0x2810);
      assertEquals(0, device.resets);
      bench.put(control + 1, 1, 0x80);
      assertEquals(1, device.resets);
      assertEquals(0, bench.get(COMMAND, 2));
      assertEquals(0, bench.get(0x10, 4));
      assertEquals(0, bench.get(control + 1, 1) & 0x80);
      assertFalse(device.function.msiX().isEnabled());
      assertFalse(bench.wires[1]);
      assertEquals(0xffff_ffffL, bench.bus.read(0x1000_0000L, 4));
      bench.put(control, 4, DEVICE_CONTROL_INITIATE_RESET);
      assertEquals(2, device.resets);
      bench.host.reset();
      assertEquals(3, device.resets);
    }
  }

  @Test
  void inD3OnlyConfigurationAnswers() {
    try (PciBench bench = new PciBench(device)) {
      bench.put(0x10, 4, 0x1000_0000L);
      bench.put(COMMAND, 2, MEMORY_AND_MASTER);
      int control = bench.capability(CAPABILITY_POWER) + POWER_CONTROL;
      bench.put(control, 2, 3);
      assertEquals(0xffff_ffffL, bench.bus.read(0x1000_0000L, 4));
      assertThrows(DmaFault.class, () -> device.function.dma().readInt(PciBench.RAM));
      assertEquals(0x1234, bench.get(0, 2));
      bench.put(control, 2, 0);
      assertEquals(0x1_0000, bench.bus.read(0x1000_0000L, 4));
      assertEquals(0, device.function.dma().readInt(PciBench.RAM));
    }
  }

  @Test
  void statusErrorsAreClearedByOnesAndNothingElseIs() {
    try (PciBench bench = new PciBench(device)) {
      long status = bench.get(STATUS, 2);
      bench.put(STATUS, 2, 0xffff);
      assertEquals(status, bench.get(STATUS, 2));
    }
  }

  @Test
  void functionsOfOneDeviceSayThatThereAreMore() {
    PciBench.Device second = new PciBench.Device(configuration());
    try (PciBench bench = new PciBench(device, null, second)) {
      assertEquals(HEADER_MULTI_FUNCTION, bench.get(HEADER_TYPE, 1));
      assertEquals(0xffff_ffffL, bench.bus.read(PciBench.config(1), 4));
      assertEquals(0x1234, bench.bus.read(PciBench.config(2), 2));
      bench.host.reset();
      assertEquals(HEADER_MULTI_FUNCTION, bench.get(HEADER_TYPE, 1));
    }
  }

  @Test
  void aTakenSlotIsRefusedAndPowerOffReachesAll() {
    try (PciBench bench = new PciBench(device)) {
      assertThrows(IllegalArgumentException.class, () -> bench.host.plug(1, device));
      assertThrows(IllegalArgumentException.class, () -> bench.host.plug(32, device));
      bench.host.powerOff(77);
      assertEquals(77, device.offDeadline);
    }
  }

  @Test
  void impossibleConfigurationsAreRefused() {
    PciConfiguration plain = new PciConfiguration(1, 2, 3, 4).memory64(0, 0x1000, low);
    assertThrows(IllegalArgumentException.class, () -> plain.memory32(1, 0x1000, low));
    assertThrows(IllegalArgumentException.class, () -> plain.memory32(2, 0x1800, low));
    assertThrows(IllegalArgumentException.class, () -> plain.memory64(5, 0x1000, low));
    assertThrows(IllegalArgumentException.class, () -> plain.io(2, 512, low));
    assertThrows(IllegalArgumentException.class, () -> plain.msiX(300, 0, 0, 0x800));
    assertThrows(IllegalArgumentException.class, () -> plain.msiX(2, 0, 0, 0x10));
    assertThrows(IllegalArgumentException.class, () -> plain.msiX(2, 3, 0, 0x100));
    assertThrows(IllegalArgumentException.class, () -> plain.vendor(new byte[300], null, null));
  }
}
