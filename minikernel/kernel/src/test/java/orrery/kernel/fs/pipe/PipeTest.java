package orrery.kernel.fs.pipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.fs.FileBench;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.TestCaller;
import orrery.kernel.wait.Caller;

class PipeTest {
  private static final int STEPS = 600;

  /** A thread that is in the middle of a write or read, or not. */
  private static final class Party {
    final TestCaller caller;
    byte[] data;
    int most;

    Party(FileBench bench) {
      caller = new TestCaller(bench.timers);
    }
  }

  /** Several writers and readers in any order: every byte that went in is there or came out. */
  @Property(tries = 60)
  void noByteIsLostAndNobodySleepsInVain(@ForAll long seed) {
    Random r = new Random(seed);
    try (FileBench bench = new FileBench(4 << 20)) {
      int free = bench.frames.free();
      PipeFile in = Pipes.readSide(bench.vfs, bench.caller, 0);
      PipeFile out = Pipes.writeSide(in, 0);
      if (r.nextBoolean()) {
        assertEquals(4096, in.resize(1));
      }
      Party[] writers = {new Party(bench), new Party(bench), new Party(bench)};
      Party[] readers = {new Party(bench), new Party(bench)};
      long[] written = {0};
      long read = 0;
      for (int i = 0; i < STEPS; i++) {
        if (r.nextBoolean()) {
          Party w = writers[r.nextInt(writers.length)];
          write(bench, out, w, r, written);
        } else {
          Party p = readers[r.nextInt(readers.length)];
          read += read(bench, in, p, r);
        }
        assertEquals(written[0] - read + partial(writers), in.pipe().available());
      }
      // Nobody sleeps although it could go on.
      for (Party w : writers) {
        if (w.data != null && w.caller.isAsleep()) {
          int room = in.pipe().capacity() - in.pipe().available();
          assertTrue(room < Pipe.PIPE_BUF, "a writer sleeps with room for " + room);
        }
      }
      for (Party p : readers) {
        assertFalse(p.caller.isAsleep() && in.pipe().available() > 0, "a reader sleeps");
      }
      for (Party p : readers) {
        p.caller.endSleep();
      }
      for (Party w : writers) {
        w.caller.endSleep();
      }
      in.drop();
      out.drop();
      assertEquals(free, bench.frames.free());
    }
  }

  private static long partial(Party[] writers) {
    long sum = 0;
    for (Party w : writers) {
      sum += w.data == null ? 0 : w.caller.progress();
    }
    return sum;
  }

  private static void write(FileBench bench, OpenFile out, Party w, Random r, long[] written) {
    if (w.data != null) {
      if (w.caller.isAsleep()) {
        return;
      }
      w.caller.resumeCall();
    } else {
      w.data = new byte[1 + r.nextInt(r.nextBoolean() ? 10 : 20_000)];
      w.caller.beginCall();
    }
    long n = bench.write(w.caller, out, w.data);
    if (n != Caller.BLOCKED) {
      assertEquals(w.data.length, n);
      written[0] += n;
      w.data = null;
      w.caller.beginCall();
    }
  }

  private static long read(FileBench bench, OpenFile in, Party p, Random r) {
    if (p.most != 0) {
      if (p.caller.isAsleep()) {
        return 0;
      }
      p.caller.resumeCall();
    } else {
      p.most = 1 + r.nextInt(r.nextBoolean() ? 10 : 30_000);
      p.caller.beginCall();
    }
    long n = bench.readResult(p.caller, in, p.most);
    if (n == Caller.BLOCKED) {
      return 0;
    }
    assertTrue(n > 0);
    p.most = 0;
    return n;
  }

  /** The bytes themselves against a queue of bytes, with one reader and one writer. */
  @Property(tries = 60)
  void contentsAreThoseOfAQueue(@ForAll long seed) {
    Random r = new Random(seed);
    try (FileBench bench = new FileBench(4 << 20)) {
      PipeFile in = Pipes.readSide(bench.vfs, bench.caller, OpenFlag.O_NONBLOCK);
      PipeFile out = Pipes.writeSide(in, OpenFlag.O_NONBLOCK);
      ArrayDeque<Byte> model = new ArrayDeque<>();
      int capacity = Pipe.DEFAULT_CAPACITY;
      for (int i = 0; i < 200; i++) {
        bench.caller.beginCall();
        switch (r.nextInt(5)) {
          case 0, 1 -> {
            byte[] data = new byte[1 + r.nextInt(r.nextBoolean() ? 100 : 30_000)];
            r.nextBytes(data);
            long n = bench.write(bench.caller, out, data);
            int room = capacity - model.size();
            boolean none = room == 0 || data.length <= Pipe.PIPE_BUF && room < data.length;
            assertEquals(none ? -Errno.EAGAIN : Math.min(room, data.length), n);
            for (int k = 0; k < n; k++) {
              model.add(data[k]);
            }
          }
          case 2, 3 -> {
            byte[] got = bench.read(bench.caller, in, 1 + r.nextInt(30_000));
            if (model.isEmpty()) {
              assertEquals(null, got);
              continue;
            }
            byte[] expected = new byte[got.length];
            for (int k = 0; k < got.length; k++) {
              expected[k] = model.remove();
            }
            assertArrayEquals(expected, got);
          }
          default -> {
            int wanted = 4096 << r.nextInt(6);
            long n = in.resize(wanted);
            if (n > 0) {
              assertEquals(wanted, n);
              capacity = wanted;
            } else {
              assertEquals(-Errno.EBUSY, n);
              assertTrue(model.size() + 4096 > wanted, "no reason to refuse");
            }
          }
        }
        assertEquals(model.size(), in.pipe().available());
      }
    }
  }

  @Test
  void smallWritesAreAtomic() {
    try (FileBench bench = new FileBench(4 << 20)) {
      PipeFile in = Pipes.readSide(bench.vfs, bench.caller, 0);
      PipeFile out = Pipes.writeSide(in, OpenFlag.O_NONBLOCK);
      assertEquals(65_000, bench.write(bench.caller, out, new byte[65_000]));
      assertEquals(-Errno.EAGAIN, bench.write(bench.caller, out, new byte[4096]));
      assertEquals(536, bench.write(bench.caller, out, new byte[4097]));
      assertEquals(0, out.poll(null) & PollEvent.POLLOUT);
    }
  }

  @Test
  void aPipeWithoutWritersEndsAndWithoutReadersBreaks() {
    try (FileBench bench = new FileBench(4 << 20)) {
      PipeFile in = Pipes.readSide(bench.vfs, bench.caller, 0);
      PipeFile out = Pipes.writeSide(in, 0);
      bench.write(bench.caller, out, new byte[] {1, 2, 3});
      out.drop();
      assertEquals(PollEvent.READABLE | PollEvent.POLLHUP, in.poll(null));
      assertArrayEquals(new byte[] {1, 2, 3}, bench.read(bench.caller, in, 10));
      assertEquals(0, bench.readResult(bench.caller, in, 10));

      PipeFile in2 = Pipes.readSide(bench.vfs, bench.caller, 0);
      PipeFile out2 = Pipes.writeSide(in2, 0);
      in2.drop();
      assertEquals(-Errno.EPIPE, bench.write(bench.caller, out2, new byte[1]));
      assertEquals(PollEvent.WRITABLE | PollEvent.POLLERR, out2.poll(null));
    }
  }

  @Test
  void openingAFifoWaitsForTheOtherSideEvenIfItHasGoneAgain() {
    try (FileBench bench = new FileBench(4 << 20)) {
      bench.vfs.names().makeNode(bench.caller, bench.fs, null, "/p", 0010644, 0);
      TestCaller reader = new TestCaller(bench.timers);
      reader.beginCall();
      assertEquals(Caller.BLOCKED, open(bench, reader, OpenFlag.O_RDONLY));
      assertTrue(reader.isAsleep());
      bench.caller.beginCall();
      OpenFile out = bench.open("/p", OpenFlag.O_WRONLY);
      assertFalse(reader.isAsleep());
      // The writer may write and go before the reader has had its turn.
      assertEquals(2, bench.write(bench.caller, out, new byte[] {7, 8}));
      out.drop();
      reader.resumeCall();
      OpenFile in = bench.vfs.open(reader, bench.fs, "/p", OpenFlag.O_RDONLY, 0);
      assertArrayEquals(new byte[] {7, 8}, bench.read(reader, in, 10));
      assertEquals(0, bench.readResult(reader, in, 10));
    }
  }

  @Test
  void aNonBlockingWriterNeedsAReader() {
    try (FileBench bench = new FileBench(4 << 20)) {
      bench.vfs.names().makeNode(bench.caller, bench.fs, null, "/p", 0010644, 0);
      int flags = OpenFlag.O_WRONLY | OpenFlag.O_NONBLOCK;
      assertEquals(-Errno.ENXIO, open(bench, bench.caller, flags));
      OpenFile in = bench.open("/p", OpenFlag.O_RDONLY | OpenFlag.O_NONBLOCK);
      assertEquals(0, in.poll(null), "no hang-up before the first writer");
      bench.open("/p", flags).drop();
      assertEquals(PollEvent.POLLHUP, in.poll(null));
    }
  }

  @Test
  void aSignalInterruptsASleepingReader() {
    try (FileBench bench = new FileBench(4 << 20)) {
      PipeFile in = Pipes.readSide(bench.vfs, bench.caller, 0);
      PipeFile out = Pipes.writeSide(in, 0);
      TestCaller reader = new TestCaller(bench.timers);
      reader.beginCall();
      assertEquals(Caller.BLOCKED, bench.readResult(reader, in, 1));
      reader.signal(true);
      reader.resumeCall();
      assertEquals(-Errno.ERESTARTSYS, bench.readResult(reader, in, 1));
      out.drop();
    }
  }

  private static long open(FileBench bench, TestCaller c, int flags) {
    return FileBench.result(
        () -> {
          bench.vfs.open(c, bench.fs, "/p", flags, 0).drop();
          return 0;
        });
  }
}
