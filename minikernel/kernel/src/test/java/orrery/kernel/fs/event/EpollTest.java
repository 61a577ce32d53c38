package orrery.kernel.fs.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.LittleEndian;
import orrery.kernel.abi.MapFlag;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.fs.FileBench;
import orrery.kernel.fs.TestCaller;
import orrery.kernel.fs.pipe.PipeFile;
import orrery.kernel.fs.pipe.Pipes;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.KernelMemory;
import orrery.kernel.memory.Mmu;
import orrery.kernel.memory.Tlb;
import orrery.kernel.wait.Caller;
import orrery.machine.cpu.Translation;

class EpollTest {
  private static final int PAGE = 4096;
  private static final int LEVEL = PollEvent.POLLIN;
  private static final int EDGE = PollEvent.POLLIN | PollEvent.EPOLLET;

  private final FileBench bench = new FileBench(8 << 20);
  private final Epoll epoll = new Epoll(bench.vfs);
  private final PipeFile in = Pipes.readSide(bench.vfs, bench.caller, OpenFlag.O_NONBLOCK);
  private final PipeFile out = Pipes.writeSide(in, OpenFlag.O_NONBLOCK);
  private AddressSpace memory;
  private long events;

  /** No CPU: nothing is cached. */
  private static final class NoTlb implements Tlb {
    @Override
    public void textId(int id) {}

    @Override
    public void flushPage(long va) {}

    @Override
    public void flushAll() {}

    @Override
    public Translation translation() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static final class NoMmu implements Mmu {
    @Override
    public Tlb translation(long rootTable) {
      return new NoTlb();
    }

    @Override
    public void invalidateCode(long address, long length) {}
  }

  @BeforeEach
  void mapMemory() {
    memory = new KernelMemory(bench.frames, new NoMmu()).newAddressSpace();
    int flags = MapFlag.MAP_PRIVATE | MapFlag.MAP_ANONYMOUS;
    int prot = MapFlag.PROT_READ | MapFlag.PROT_WRITE;
    events = memory.layout().map(0, PAGE, prot, flags, null, 0, true, null);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private void add(int events, long data) {
    assertEquals(0, epoll.control(Epoll.EPOLL_CTL_ADD, 3, in, events, data));
  }

  private int collect() {
    return epoll.collect(memory, events, 8);
  }

  private void write(int n) {
    bench.caller.beginCall();
    assertEquals(n, bench.write(bench.caller, out, new byte[n]));
  }

  private void read(int n) {
    assertEquals(n, bench.readResult(bench.caller, in, n));
  }

  @Test
  void aLevelIsToldAsLongAsItLasts() {
    add(LEVEL, 0x1234_5678_9abc_def0L);
    assertEquals(0, collect());
    write(10);
    assertEquals(1, collect());
    assertEquals(PollEvent.POLLIN, memory.readInt(events));
    assertEquals(0x1234_5678_9abc_def0L, memory.readLong(events + 8));
    assertEquals(1, collect());
    read(10);
    assertEquals(0, collect());
  }

  @Test
  void anEdgeIsToldOnceForEachArrival() {
    add(EDGE, 1);
    write(10);
    assertEquals(1, collect());
    assertEquals(0, collect());
    read(5);
    assertEquals(0, collect(), "reading is no arrival");
    write(1);
    assertEquals(1, collect());
    assertEquals(0, collect());
  }

  @Test
  void whatIsThereAlreadyIsToldWhenAnItemIsAddedOrChanged() {
    write(1);
    add(EDGE, 1);
    assertEquals(1, collect());
    assertEquals(0, collect());
    assertEquals(0, epoll.control(Epoll.EPOLL_CTL_MOD, 3, in, EDGE, 2));
    assertEquals(1, collect());
    assertEquals(2, memory.readLong(events + 8));
  }

  @Test
  void aOneShotItemIsToldOnceUntilItIsChanged() {
    add(LEVEL | PollEvent.EPOLLONESHOT, 1);
    write(1);
    assertEquals(1, collect());
    write(1);
    assertEquals(0, collect());
    epoll.control(Epoll.EPOLL_CTL_MOD, 3, in, LEVEL | PollEvent.EPOLLONESHOT, 1);
    assertEquals(1, collect());
  }

  @Test
  void hangUpsAreToldUnasked() {
    add(0, 1);
    out.drop();
    assertEquals(1, collect());
    assertEquals(PollEvent.POLLHUP, memory.readInt(events));
  }

  @Test
  void aWaiterIsWokenByAnArrivalAndNotByARead() {
    add(LEVEL, 1);
    TestCaller waiter = new TestCaller(bench.timers);
    waiter.beginCall();
    assertEquals(Caller.BLOCKED, waiter.sleepOn(epoll.waiters()));
    write(1);
    assertFalse(waiter.isAsleep());
  }

  @Test
  void aClosedFileLeavesAndADuplicateKeepsIt() {
    add(LEVEL, 1);
    in.acquire();
    write(1);
    in.drop();
    assertEquals(1, collect());
    in.drop();
    assertEquals(0, collect());
    assertEquals(0, bench.vfs.anonymous().budget().used());
  }

  @Test
  void instancesWatchEachOtherButNotInCirclesOrTooDeep() {
    Epoll inner = epoll;
    add(LEVEL, 1);
    for (int i = 0; i < 4; i++) {
      Epoll outer = new Epoll(bench.vfs);
      assertEquals(0, outer.control(Epoll.EPOLL_CTL_ADD, 4, inner, LEVEL, i));
      assertEquals(-Errno.ELOOP, epoll.control(Epoll.EPOLL_CTL_ADD, 5, outer, LEVEL, i));
      inner = outer;
    }
    Epoll sixth = new Epoll(bench.vfs);
    assertEquals(-Errno.ELOOP, sixth.control(Epoll.EPOLL_CTL_ADD, 4, inner, LEVEL, 0));
    assertEquals(0, inner.poll(null));
    write(1);
    assertEquals(PollEvent.READABLE, inner.poll(null));
    read(1);
    assertEquals(0, inner.poll(null));
  }

  @Test
  void wrongRequestsAreRefused() {
    assertEquals(-Errno.EINVAL, epoll.control(Epoll.EPOLL_CTL_ADD, 4, epoll, LEVEL, 0));
    assertEquals(-Errno.ENOENT, epoll.control(Epoll.EPOLL_CTL_DEL, 3, in, 0, 0));
    add(LEVEL, 1);
    assertEquals(-Errno.EEXIST, epoll.control(Epoll.EPOLL_CTL_ADD, 3, in, LEVEL, 0));
    assertEquals(0, epoll.control(Epoll.EPOLL_CTL_DEL, 3, in, 0, 0));
    assertEquals(
        -Errno.EPERM,
        epoll.control(Epoll.EPOLL_CTL_ADD, 5, bench.open("/f", OpenFlag.O_CREAT), LEVEL, 0));
  }

  @Test
  void aFaultKeepsTheEvent() {
    add(EDGE, 1);
    write(1);
    assertEquals(Errno.EFAULT, FileBench.errno(() -> epoll.collect(memory, 8, 8)));
    assertEquals(1, collect());
  }

  @Test
  void aCounterBlocksAtZeroAndAtItsTop() {
    EventFile f = new EventFile(bench.vfs, 0, 0);
    TestCaller reader = new TestCaller(bench.timers);
    reader.beginCall();
    assertEquals(Caller.BLOCKED, bench.readResult(reader, f, 8));
    bench.caller.beginCall();
    assertEquals(8, bench.write(bench.caller, f, little(5)));
    assertFalse(reader.isAsleep());
    reader.resumeCall();
    assertArrayEquals(little(5), bench.read(reader, f, 8));
    assertEquals(8, bench.write(bench.caller, f, little(-2)));
    assertEquals(PollEvent.READABLE, f.poll(null));
    TestCaller writer = new TestCaller(bench.timers);
    writer.beginCall();
    assertEquals(Caller.BLOCKED, bench.write(writer, f, little(1)));
    assertEquals(-Errno.EINVAL, bench.write(bench.caller, f, little(-1)));
    assertEquals(-Errno.EINVAL, bench.readResult(bench.caller, f, 7));
  }

  @Test
  void aTimerCountsItsExpirations() {
    bench.caller.now(1000);
    TimerFile f = new TimerFile(bench.vfs, false, 0);
    f.set(bench.caller, false, 100, 50);
    assertEquals(0, f.poll(null));
    assertEquals(100, f.left(bench.caller));
    TestCaller reader = new TestCaller(bench.timers);
    reader.beginCall();
    assertEquals(Caller.BLOCKED, bench.readResult(reader, f, 8));
    bench.caller.now(1100);
    assertFalse(reader.isAsleep());
    bench.caller.now(1260);
    assertEquals(PollEvent.READABLE, f.poll(null));
    assertArrayEquals(little(4), bench.read(bench.caller, f, 8));
    assertEquals(40, f.left(bench.caller));
    assertEquals(0, f.poll(null));
    bench.caller.now(1300);
    assertTrue(f.poll(null) != 0);
    f.set(bench.caller, false, 0, 0);
    assertEquals(0, f.poll(null));
    assertEquals(0, f.left(bench.caller));
  }

  private static byte[] little(long v) {
    byte[] b = new byte[Long.BYTES];
    LittleEndian.putLong(b, 0, v);
    return b;
  }
}
