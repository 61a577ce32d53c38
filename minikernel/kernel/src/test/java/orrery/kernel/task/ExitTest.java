package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Signal;
import orrery.kernel.fs.FileBench;
import orrery.kernel.fs.FileTable;
import orrery.kernel.fs.OpenFileCount;
import orrery.machine.cpu.UserContext;

final class ExitTest {
  private static final long HANDLER = 0x40_0000;
  private static final long IGNORE = 1;
  private static final int STATUS = 7 << 8;

  private final ProgramFixture f = new ProgramFixture();
  private final FileBench files = new FileBench(4 << 20);
  private final OpenFileCount open = new OpenFileCount(100);
  private final List<Integer> initEnded = new ArrayList<>();
  private final Exit exit =
      new Exit(f.scheduler, f.table, f.futexes, f.signals, status -> initEnded.add(status));
  private final SignalInfo info = new SignalInfo();

  private Process parent;
  private Task parentThread;
  private Process child;
  private Task childThread;

  @BeforeEach
  void makeProcesses() {
    parent = f.process(20, f.init);
    parentThread = thread(20, parent);
    child = f.process(21, parent);
    childThread = thread(21, child);
    for (Process p : List.of(f.init, parent)) {
      p.handlers().set(Signal.SIGCHLD, HANDLER, 0, 0, 0);
    }
  }

  @AfterEach
  void close() {
    files.close();
    f.close();
  }

  private Task thread(int tid, Process of) {
    return f.enter(
        new Task(
            tid,
            of,
            f.scheduler,
            new UserContext(),
            f.memory.share(),
            new FileTable(open),
            files.vfs.newContext(),
            "test"));
  }

  private int take(Task t) {
    int signal = t.signals().take(t.signals().mask(), info);
    t.signals().recalculate();
    return signal;
  }

  @Test
  void theLastThreadsEndMakesAZombieAndTellsTheParent() {
    int users = f.memory.users();
    exit.thread(childThread, STATUS);
    assertTrue(child.isZombie());
    assertEquals(STATUS, child.exitStatus());
    assertSame(child, f.table.process(21));
    assertNull(f.table.task(21));
    assertEquals(users - 1, f.memory.users());
    assertEquals(Signal.SIGCHLD, take(parentThread));
  }

  @Test
  void anEarlierThreadsEndLeavesTheProcess() {
    Task second = thread(22, child);
    exit.thread(childThread, STATUS);
    assertFalse(child.isZombie());
    assertEquals(List.of(second), child.threads());
    assertEquals(0, take(parentThread));
  }

  @Test
  void aGroupsEndEndsEveryThreadWithTheFirstStatus() {
    thread(22, child);
    exit.group(child, STATUS);
    exit.group(child, STATUS + 1);
    assertTrue(child.isZombie());
    assertTrue(child.threads().isEmpty());
    assertEquals(STATUS, child.exitStatus());
  }

  @Test
  void othersEndWhenAThreadExecutes() {
    Task second = thread(22, child);
    exit.othersThan(second);
    assertEquals(List.of(second), child.threads());
    assertFalse(child.isZombie());
  }

  @Test
  void orphansGoToInit() {
    exit.group(parent, 0);
    assertSame(f.init, child.parent());
    assertTrue(f.init.children().contains(child));
  }

  @Test
  void orphansGoToTheNearestThatAdopts() {
    Process reaper = f.process(30, f.init);
    thread(30, reaper);
    Process middle = f.process(31, reaper);
    thread(31, middle);
    Process orphan = f.process(32, middle);
    thread(32, orphan);
    reaper.adoptsOrphans(true);
    exit.group(middle, 0);
    assertSame(reaper, orphan.parent());
  }

  @Test
  void anOrphanHearsOfItsParentsDeathIfItAskedTo() {
    child.handlers().set(Signal.SIGTERM, HANDLER, 0, 0, 0);
    child.parentDeathSignal(Signal.SIGTERM);
    exit.group(parent, 0);
    assertEquals(Signal.SIGTERM, take(childThread));
  }

  @Test
  void aChildThatNobodyWantsIsReapedAtOnce() {
    parent.handlers().set(Signal.SIGCHLD, IGNORE, 0, 0, 0);
    int threads = f.table.threads();
    exit.group(child, 0);
    assertNull(f.table.process(21));
    assertTrue(parent.children().isEmpty());
    assertEquals(threads - 1, f.table.threads());
    assertEquals(0, take(parentThread));
  }

  @Test
  void aReapedZombieIsForgotten() {
    exit.group(child, 0);
    exit.reap(child);
    assertNull(f.table.process(21));
    assertFalse(parent.children().contains(child));
  }

  @Test
  void aStoppedJobThatIsOrphanedIsHungUp() {
    f.jobs.newSession(parent);
    f.table.move(child, f.table.group(21, parent.session()));
    for (int signal : new int[] {Signal.SIGHUP, Signal.SIGCONT}) {
      child.handlers().set(signal, HANDLER, 0, 0, 0);
    }
    f.jobs.stop(child, Signal.SIGTSTP);
    exit.group(parent, 0);
    assertFalse(child.isStopped());
    assertEquals(Signal.SIGHUP, take(childThread));
    assertEquals(Signal.SIGCONT, take(childThread));
  }

  @Test
  void initsEndIsTheMachines() {
    Process init = f.process(1, null);
    Task only = thread(1, init);
    exit.thread(only, STATUS);
    assertEquals(List.of(STATUS), initEnded);
  }
}
