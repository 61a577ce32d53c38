package orrery.machine.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.util.List;
import orrery.machine.Ram;
import orrery.machine.bus.BusFault;
import orrery.machine.clock.MachineClock;

/** A vCPU at EL0 with RAM, frames and page tables: the least that a hosted kernel needs. */
final class HostedGuest implements AutoCloseable {
  static final long RAM = 0x4000_0000L;
  static final long CODE = 0x40_0000L;
  static final long DATA = 0x1000_0000L;
  static final int PAGE = 4096;

  // VMSAv8-64 descriptors: page, AF, inner shareable, attribute 1, nG; AP; UXN, PXN.
  private static final long LEAF = 3 | 1 << 10 | 3 << 8 | 1 << 2 | 1 << 11;
  static final long READ_WRITE = LEAF | 1 << 6 | 3L << 53;
  static final long READ_ONLY = LEAF | 3 << 6 | 3L << 53;
  static final long EXECUTE = LEAF | 3 << 6 | 1L << 53;
  static final long WRITE_EXECUTE = LEAF | 1 << 6 | 1L << 53;
  private static final long TABLE = 3;
  private static final long ADDRESS = 0xffff_ffff_f000L;

  final Ram ram;
  final MachineClock clock = new MachineClock();
  final Vcpu cpu;
  private long nextFrame;

  HostedGuest() {
    this(
        new MmioDispatcher() {
          @Override
          public long read(long address, int width) {
            throw BusFault.INSTANCE;
          }

          @Override
          public void write(long address, int width, long value) {
            throw BusFault.INSTANCE;
          }
        });
  }

  HostedGuest(MmioDispatcher mmio) {
    ram = new Ram(RAM, 64 << 20);
    nextFrame = RAM + (1 << 20);
    cpu = new Vcpu(List.of(new GuestMemory(RAM, ram.segment(), true)), mmio, clock);
  }

  /** Attaches a kernel and goes to EL0 at CODE in an address space. */
  void attach(TrapHandler handler, Space space) {
    cpu.traps(handler);
    cpu.enterUserMode();
    cpu.activate(space.translation);
    cpu.pc(CODE);
  }

  long frame() {
    long frame = nextFrame;
    nextFrame += PAGE;
    return frame;
  }

  long frame(int... code) {
    long frame = frame();
    for (int i = 0; i < code.length; i++) {
      ram.segment().set(JAVA_INT, frame - RAM + 4L * i, code[i]);
    }
    return frame;
  }

  long read(long physical) {
    return ram.segment().get(JAVA_LONG, physical - RAM);
  }

  void write(long physical, long value) {
    ram.segment().set(JAVA_LONG, physical - RAM, value);
  }

  Space space() {
    return new Space();
  }

  /** A space with code at CODE and one read-write page at DATA. */
  Space space(int... code) {
    Space space = new Space();
    space.map(CODE, frame(code), EXECUTE);
    space.map(DATA, frame(), READ_WRITE);
    return space;
  }

  @Override
  public void close() {
    cpu.close();
    ram.close();
  }

  /** Three levels of tables, 39-bit addresses. */
  final class Space {
    final long root = frame();
    final Translation translation = cpu.translation(root);

    /** The physical address of a page's descriptor. */
    long slot(long va) {
      long table = root;
      for (int shift = 30; shift > 12; shift -= 9) {
        long slot = table + 8 * (va >>> shift & 511);
        if (read(slot) == 0) {
          write(slot, frame() | TABLE);
        }
        table = read(slot) & ADDRESS;
      }
      return table + 8 * (va >>> 12 & 511);
    }

    void map(long va, long frame, long flags) {
      write(slot(va), frame | flags);
    }

    void unmap(long va) {
      write(slot(va), 0);
    }

    long frameOf(long va) {
      return read(slot(va)) & ADDRESS;
    }

    /** What the guest has at a virtual address. */
    long peek(long va) {
      return read(frameOf(va) + (va & PAGE - 1));
    }
  }
}
