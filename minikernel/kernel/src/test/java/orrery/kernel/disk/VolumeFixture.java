package orrery.kernel.disk;

import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import orrery.kernel.block.BlockFixture;
import orrery.kernel.block.DiskGeometry;
import orrery.kernel.block.RamDisk;
import orrery.kernel.fs.Entry;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.TestCaller;
import orrery.kernel.fs.Vfs;
import orrery.kernel.fs.tmpfs.Tmpfs;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.memory.MemoryFixture;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.clock.MachineClock;
import orrery.ownership.Census;

/** A program with memory, and a disk in memory that it opens under /dev. */
public final class VolumeFixture implements AutoCloseable {
  public static final long MEMORY = 0x10_0000;
  static final int MEMORY_PAGES = 600;

  final BlockFixture block;
  final RamDisk disk;
  final Vfs vfs;
  final Volumes volumes;
  final TestCaller caller;
  final AddressSpace space;
  private final Tmpfs dev;
  private final IoBuffer io = new IoBuffer();

  VolumeFixture(DiskGeometry geometry) {
    this(geometry, new byte[0]);
  }

  VolumeFixture(DiskGeometry geometry, byte[] contents) {
    this(geometry, contents, Census.withBirthPlaces());
  }

  VolumeFixture(DiskGeometry geometry, byte[] contents, Census census) {
    block = new BlockFixture(geometry, census);
    disk = block.disk;
    System.arraycopy(contents, 0, disk.bytes, 0, contents.length);
    TimerQueue timers = block.driver.timers;
    vfs = new Vfs(block.memory.frames, timers, block.clock::realtimeNanos);
    caller = new TestCaller(timers);
    space = block.memory.kernel.newAddressSpace();
    caller.memory(space);
    MemoryFixture.map(space, MEMORY, MEMORY_PAGES, MemoryFixture.READ_WRITE, MemoryFixture.PRIVATE);
    volumes =
        new Volumes(
            block.driver.disks,
            new PlaceWaiter() {
              @Override
              public FrameAllocator frames() {
                return block.memory.frames;
              }

              @Override
              public TimerQueue timers() {
                return timers;
              }

              @Override
              public MachineClock clock() {
                return block.clock;
              }

              @Override
              public long zeroFrame() {
                return block.memory.kernel.zeroFrame();
              }

              @Override
              public void log(String line) {
                block.driver.lines.add(line);
              }

              @Override
              public boolean until(BooleanSupplier done) {
                while (!done.getAsBoolean() && disk.pending() > 0) {
                  disk.finish(1);
                }
                return done.getAsBoolean();
              }
            });
    dev = new Tmpfs(vfs, "devtmpfs");
    vfs.mounts().number(dev);
    volumes.attach(vfs, dev.root(), caller);
    disk.log.clear();
  }

  public OpenFile open(String name, int flags) {
    Entry entry = dev.root().find(caller, name);
    if (entry == null) {
      throw new AssertionError("there is no /dev/" + name);
    }
    return entry.inode().open(caller, flags);
  }

  boolean exists(String name) {
    return dev.root().find(caller, name) != null;
  }

  /** A disk with a cache that holds anything. */
  public static VolumeFixture ofRandomBytes(int size) {
    byte[] contents = new byte[size];
    new Random(7).nextBytes(contents);
    return new VolumeFixture(
        DiskGeometry.of(512, size / 512).withQueue(64 << 10, 8).withVolatileCache(true), contents);
  }

  public RamDisk disk() {
    return disk;
  }

  public Vfs vfs() {
    return vfs;
  }

  public TestCaller caller() {
    return caller;
  }

  public AddressSpace space() {
    return space;
  }

  /** Makes a call as the scheduler does, again and again until it does not sleep. */
  public long call(LongSupplier call) {
    caller.beginCall();
    for (int i = 0; i < 10_000; i++) {
      long result = call.getAsLong();
      if (result != Caller.BLOCKED) {
        return result;
      }
      while (caller.isAsleep() && disk.pending() > 0) {
        disk.finish(1);
      }
      if (caller.isAsleep()) {
        throw new AssertionError("nobody wakes the program");
      }
      caller.resumeCall();
    }
    throw new AssertionError("the call never ends");
  }

  long read(OpenFile f, long va, long length, long offset) {
    return call(() -> f.readAt(caller, io.user(space, va, length), offset));
  }

  long write(OpenFile f, long va, long length, long offset) {
    return call(() -> f.writeAt(caller, io.user(space, va, length), offset));
  }

  long sync(OpenFile f) {
    return call(() -> f.sync(caller));
  }

  public byte[] bytes(long va, int length) {
    byte[] b = new byte[length];
    space.copyIn(va, b, 0, length);
    return b;
  }

  void put(long va, byte[] b) {
    space.copyOut(b, 0, va, b.length);
  }

  @Override
  public void close() {
    volumes.shutDown();
    space.release();
    block.close();
  }
}
