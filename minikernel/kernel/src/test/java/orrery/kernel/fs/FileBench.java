package orrery.kernel.fs;

import java.util.concurrent.atomic.AtomicLong;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.tmpfs.Tmpfs;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.Ram;

/** A kernel's file side with a tmpfs root in a little memory, and short ways to use it. */
public final class FileBench implements AutoCloseable {
  public static final long BASE = 0x4000_0000L;

  /** Bytes that one read or write of the bench moves at most. */
  public static final int WINDOW = 256 << 10;

  public final Ram ram;
  public final PhysicalMemory memory;
  public final FrameAllocator frames;
  public final TimerQueue timers = new TimerQueue();
  public final AtomicLong clock = new AtomicLong(1_000_000_000L);
  public final Vfs vfs;
  public final Tmpfs root;
  public final FileSystemContext fs;
  public final TestCaller caller = new TestCaller(timers);
  private final long window;
  private final IoBuffer io = new IoBuffer();

  /** A machine with {@code bytes} of memory. */
  public FileBench(long bytes) {
    ram = new Ram(BASE, bytes);
    memory = new PhysicalMemory(ram, (address, length) -> {});
    frames = new FrameAllocator(memory);
    window = BASE + bytes - WINDOW;
    frames.reserve(window, WINDOW);
    vfs = new Vfs(frames, timers, clock::incrementAndGet);
    root = new Tmpfs(vfs, "rootfs");
    vfs.mounts().mountRoot(root, "rootfs");
    fs = vfs.newContext();
    fs.umask(0);
  }

  @Override
  public void close() {
    ram.close();
  }

  /** What {@code c} gets when it opens {@code path}. */
  public OpenFile open(String path, int flags) {
    return vfs.open(caller, fs, path, flags, 0666);
  }

  /** One attempt to write; the result of the call. */
  public long write(TestCaller c, OpenFile f, byte[] data) {
    memory.copyIn(data, 0, window, data.length);
    IoBuffer b = io.physical(memory, window, data.length);
    b.skip(c.progress());
    return result(() -> f.write(c, b));
  }

  /** One attempt to read; what was read, or null if the result was negative. */
  public byte[] read(TestCaller c, OpenFile f, int most) {
    long n = result(() -> f.read(c, io.physical(memory, window, most)));
    if (n < 0) {
      return null;
    }
    byte[] data = new byte[(int) n];
    memory.copyOut(window, data, 0, data.length);
    return data;
  }

  /** One attempt to read; the result of the call. */
  public long readResult(TestCaller c, OpenFile f, int most) {
    return result(() -> f.read(c, io.physical(memory, window, most)));
  }

  public long writeAt(OpenFile f, byte[] data, long offset) {
    memory.copyIn(data, 0, window, data.length);
    return result(() -> f.writeAt(caller, io.physical(memory, window, data.length), offset));
  }

  public byte[] readAt(OpenFile f, int most, long offset) {
    long n = result(() -> f.readAt(caller, io.physical(memory, window, most), offset));
    byte[] data = new byte[(int) n];
    memory.copyOut(window, data, 0, data.length);
    return data;
  }

  /** A system call's body. */
  @FunctionalInterface
  public interface Call {
    long make();
  }

  /** As the dispatcher does it: an error is a negative number. */
  public static long result(Call call) {
    try {
      return call.make();
    } catch (ErrnoException e) {
      return -e.errno();
    } catch (BlockedException e) {
      return e.answer();
    }
  }

  /** The error number that {@code action} fails with; 0 if it does not. */
  public static int errno(Runnable action) {
    try {
      action.run();
      return 0;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }
}
