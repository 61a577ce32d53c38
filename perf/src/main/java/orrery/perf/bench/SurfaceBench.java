package orrery.perf.bench;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import orrery.kernel.hw.Access;
import orrery.kernel.hw.CpuBuffer;
import orrery.kernel.hw.DeviceBuffer;
import orrery.kernel.hw.Direction;
import orrery.kernel.hw.Dma;
import orrery.kernel.hw.DmaFrames;
import orrery.kernel.hw.DmaMemory;
import orrery.kernel.hw.Field;
import orrery.kernel.hw.IoMem;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;
import orrery.kernel.hw.Resources;
import orrery.kernel.hw.Ring;
import orrery.kernel.hw.RingLayout;
import orrery.machine.Ram;
import orrery.machine.bus.Bus;
import orrery.machine.bus.BusRange;
import orrery.machine.bus.MmioDevice;
import orrery.machine.dma.DmaGuard;
import orrery.machine.dma.DmaWindow;
import orrery.machine.dma.GuardMode;
import orrery.ownership.Census;

/**
 * The typed hardware surface against the same work on the bus and on segments: what ownership costs
 * at run time. Each pair does the same to the same machine.
 *
 * <p>The twin is what a driver in Java without types would be: it knows its registers by number, in
 * a range of the bus that it has mapped too, and its memory by segments, which check their bounds
 * and their arena as every segment does, and on a machine with a DMA guard it opens and closes the
 * guard's window around each transfer, as a Linux driver maps and unmaps. It does not check whose
 * turn it is, and no register's place. Between lending and returning both tell the device, by a
 * call that the compiler cannot look into: without one the window's opening would be seen by nobody
 * and left out.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
public class SurfaceBench {
  private static final long REGISTERS = 0x1000_0000;
  private static final int STATUS_OFFSET = 8;
  private static final int REQUESTER = 8;
  private static final int ENTRIES = 256;
  private static final int ENTRY_SIZE = 16;
  private static final int LENGTH_OFFSET = 8;
  private static final int FLAGS_OFFSET = 12;
  private static final int BUFFER_SIZE = 4096;
  private static final long RAM_BASE = 0x4000_0000;
  private static final int RAM_SIZE = 16 << 20;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final RegisterBlock<SurfaceBench> BLOCK =
      RegisterBlock.of(SurfaceBench.class, 0x10);
  private static final Register.U32<SurfaceBench, Access.ReadOnly> STATUS =
      BLOCK.readOnly32(STATUS_OFFSET);

  private static final RingLayout<SurfaceBench> LAYOUT =
      RingLayout.of(SurfaceBench.class, ENTRY_SIZE);
  private static final Field.U64<SurfaceBench> ADDRESS = LAYOUT.u64(0);
  private static final Field.U32<SurfaceBench> LENGTH = LAYOUT.u32(LENGTH_OFFSET);
  private static final Field.U16<SurfaceBench> FLAGS = LAYOUT.u16(FLAGS_OFFSET);

  private Ram ram;
  private Bus bus;
  private IoMem<SurfaceBench> io;
  private RawDevice rawIo;
  private Ring<SurfaceBench> ring;
  private MemorySegment rawRing;
  private CpuBuffer buffer;
  private RawBuffer rawBuffer;
  private int index;

  /** For JMH. */
  public SurfaceBench() {}

  /** A device with registers, a ring and a buffer, and the same without types. */
  @Setup
  public void setUp() {
    ram = new Ram(RAM_BASE, RAM_SIZE);
    bus = new Bus();
    bus.attach("registers", REGISTERS, 0x1000, new Registers());
    bus.attach("others", REGISTERS + 0x1_0000, 0x1000, new Registers());
    rawIo = new RawDevice(bus.range(REGISTERS, 0x1000));
    PhysicalMemory physical = new PhysicalMemory(ram, (address, length) -> {});
    DmaMemory memory = new DmaMemory(ram, physical, new Frames());
    DmaGuard guard = new DmaGuard(GuardMode.STRICT, System.err::println);
    Resources resources = new Resources("bench", Census.ofHandles());
    Dma dma = new Dma(resources, memory, guard.windows(REQUESTER));
    io = IoMem.map(resources, bus, REGISTERS, 0x1000, BLOCK);
    ring = dma.ring(LAYOUT, ENTRIES, Direction.BOTH);
    buffer = dma.buffer(BUFFER_SIZE, Direction.BOTH);
    int half = RAM_SIZE / 2;
    rawRing = ram.segment().asSlice(half, ENTRIES * ENTRY_SIZE);
    rawBuffer =
        new RawBuffer(
            ram.segment().asSlice(half + BUFFER_SIZE, BUFFER_SIZE),
            guard
                .windows(REQUESTER)
                .define(RAM_BASE + half + BUFFER_SIZE, BUFFER_SIZE, true, true, "raw buffer"));
  }

  /** What a driver without types keeps of its registers. */
  private static final class RawDevice {
    private final BusRange registers;

    RawDevice(BusRange registers) {
      this.registers = registers;
    }
  }

  /** What a driver without types keeps of a buffer. */
  private static final class RawBuffer {
    private final MemorySegment bytes;
    private final DmaWindow window;

    RawBuffer(MemorySegment bytes, DmaWindow window) {
      this.bytes = bytes;
      this.window = window;
    }
  }

  /** Frees the memory. */
  @TearDown
  public void tearDown() {
    ram.close();
  }

  private static final class Registers implements MmioDevice {
    @Override
    public int widths() {
      return Integer.BYTES;
    }

    @Override
    public long read(long offset, int width) {
      return offset;
    }

    @Override
    public void write(long offset, int width, long value) {
      throw new UnsupportedOperationException("the benchmark reads");
    }
  }

  private static final class Frames implements DmaFrames {
    private long next = RAM_BASE;

    @Override
    public long allocate(int frames) {
      long first = next;
      next += (long) frames << PhysicalMemory.FRAME_SHIFT;
      return first;
    }

    @Override
    public void release(long frame) {
      // the memory is freed as a whole
    }
  }

  /** A register by type. */
  @Benchmark
  public int mmioTyped() {
    return io.read(STATUS);
  }

  /** A register by number. */
  @Benchmark
  public int mmioRaw() {
    return (int) rawIo.registers.read(STATUS_OFFSET, Integer.BYTES);
  }

  /** An entry is pushed and popped, by type. */
  @Benchmark
  public long ringTyped() {
    int at = index++ & ENTRIES - 1;
    ring.set(at, ADDRESS, index);
    ring.set(at, LENGTH, index);
    ring.set(at, FLAGS, index);
    return ring.get(at, ADDRESS) + ring.get(at, LENGTH) + ring.get(at, FLAGS);
  }

  /** An entry is pushed and popped, in a segment. */
  @Benchmark
  public long ringRaw() {
    int at = index++ & ENTRIES - 1;
    long entry = (long) at * ENTRY_SIZE;
    rawRing.set(LONG, entry, index);
    rawRing.set(INT, entry + LENGTH_OFFSET, index);
    rawRing.set(SHORT, entry + FLAGS_OFFSET, (short) index);
    return rawRing.get(LONG, entry)
        + rawRing.get(INT, entry + LENGTH_OFFSET)
        + Short.toUnsignedInt(rawRing.get(SHORT, entry + FLAGS_OFFSET));
  }

  /** A buffer is filled in, lent, returned and looked at, by type. */
  @Benchmark
  public long bufferTyped() {
    CpuBuffer mine = buffer;
    mine.writeLong(0, index++);
    DeviceBuffer lent = mine.toDevice();
    long answer = tell(lent.address());
    CpuBuffer returned = lent.toCpu();
    return answer + returned.readLong(Long.BYTES);
  }

  /** A buffer is filled in, lent, returned and looked at: a segment and the guard's window. */
  @Benchmark
  public long bufferRaw() {
    RawBuffer raw = rawBuffer;
    raw.bytes.set(LONG, 0, index++);
    raw.window.open();
    long answer = tell(raw.window.address());
    raw.window.close();
    return answer + raw.bytes.get(LONG, Long.BYTES);
  }

  /** The device is told an address, and has done its work when this returns. */
  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private long tell(long address) {
    return address;
  }
}
