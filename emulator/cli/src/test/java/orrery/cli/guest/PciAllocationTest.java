package orrery.cli.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import orrery.machine.Ram;
import orrery.machine.bus.MmioDevice;
import orrery.machine.dma.DmaMemory;
import orrery.machine.dma.DmaPort;
import orrery.machine.irq.InterruptLine;
import orrery.machine.pci.PciConfiguration;
import orrery.machine.pci.PciDevice;
import orrery.machine.pci.PciFunction;
import orrery.machine.pci.PciHost;

/** What devices do all the time makes no objects. */
class PciAllocationTest {
  private static final long RAM = 0x4000_0000L;
  private static final long DOORBELL = 0x0802_0040L;
  private static final int ROUNDS = 20_000;

  /** Registers that hold one word. */
  private static final class Word implements MmioDevice {
    private long value;

    @Override
    public long read(long offset, int width) {
      return value;
    }

    @Override
    public void write(long offset, int width, long written) {
      value = written;
    }
  }

  private static final class Device implements PciDevice {
    PciFunction function;

    @Override
    public PciConfiguration configuration() {
      return new PciConfiguration(1, 2, 3, 4)
          .memory32(0, 0x4000, new Word())
          .interruptPin()
          .msiX(64, 0, 0x1000, 0x2000);
    }

    @Override
    public void connected(PciFunction itsFunction) {
      function = itsFunction;
    }

    @Override
    public void reset() {}
  }

  @Test
  void registersMessagesAndTransfersAllocateNothing() {
    try (Ram ram = new Ram(RAM, 64 << 10)) {
      InterruptLine wire =
          new InterruptLine() {
            @Override
            public void raise() {}

            @Override
            public void lower() {}
          };
      DmaMemory memory =
          new DmaMemory(ram, (physical, length) -> {}, (address, data) -> address == DOORBELL);
      PciHost host = new PciHost(memory, wire, wire, wire, wire);
      Device device = new Device();
      host.plug(0, device);
      MmioDevice ecam = host.ecam();
      MmioDevice window = host.memoryWindow(0);
      ecam.write(0x10, 4, 0x1000_0000L);
      ecam.write(4, 2, 6);
      ecam.write(0x42, 2, 0x8000);
      window.write(0x1000_1000L, 8, DOORBELL);
      window.write(0x1000_100cL, 4, 0);
      DmaPort dma = device.function.dma();
      byte[] bytes = new byte[8192];
      Runnable work =
          () -> {
            for (int i = 0; i < ROUNDS; i++) {
              window.write(0x1000_0000L, 4, i);
              window.read(0x1000_0000L, 4);
              window.read(0x2000_0000L, 4);
              device.function.msiX().raise(0);
              device.function.msiX().raise(1);
              device.function.pin((i & 1) == 0);
              dma.writeInt(RAM, dma.readInt(RAM + 4) + i);
              dma.writeShort(RAM + 8, (short) i);
              dma.write(RAM + 16, bytes, 0, 100);
              dma.read(RAM + 16, bytes, 0, 100);
              dma.fill(RAM + 4096, 5000, (byte) i);
            }
          };
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      work.run();
      work.run();
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, least / ROUNDS, "bytes a round");
    }
  }
}
