package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;

final class ProcessTableTest {
  private static final int MAX_THREADS = 20;

  /** Places that only the super-user gets. */
  private static final int PRIVILEGED_PLACES = 8;

  private static final int USER = 1000;

  private final ProcessTable table = new ProcessTable(MAX_THREADS);
  private final TestProcesses processes = new TestProcesses(table, null);

  private Process process(int pid) {
    return processes.process(pid, null);
  }

  private Task thread(int tid, Process of) {
    return processes.thread(tid, of);
  }

  @Test
  void numbersOutsideTheTableNameNothing() {
    thread(1, process(1));
    for (int id : new int[] {0, -1, Integer.MIN_VALUE, ProcessTable.PID_MAX, Integer.MAX_VALUE}) {
      assertNull(table.process(id));
      assertNull(table.task(id));
      assertNull(table.group(id));
    }
    assertNotNull(table.process(1));
  }

  @Test
  void numbersRiseAndComeAgainOnlyAfterAWrapPastTheReservedOnes() {
    assertEquals(1, table.newId());
    assertEquals(2, table.newId());
    for (int i = 3; i < ProcessTable.PID_MAX; i++) {
      assertEquals(i, table.newId());
    }
    assertEquals(300, table.newId());
  }

  @Test
  void aNumberThatAProcessAThreadOrAGroupHasIsNotGivenOut() {
    process(2);
    thread(3, process(1));
    table.group(4, new Session(4));
    assertEquals(5, table.newId());
  }

  @Test
  void aZombieKeepsItsPlaceUntilItIsReaped() {
    Process p = process(5);
    Task t = thread(5, p);
    assertEquals(1, table.threads());
    table.remove(t, true);
    assertEquals(1, table.threads());
    assertNull(table.task(5));
    assertSame(p, table.process(5));
    table.remove(p);
    assertEquals(0, table.threads());
    assertNull(table.process(5));
  }

  @Test
  void aThreadThatIsNotTheLastGivesItsPlaceBackAtOnce() {
    Process p = process(5);
    thread(5, p);
    Task second = thread(6, p);
    assertEquals(2, table.threads());
    table.remove(second, false);
    assertEquals(1, table.threads());
  }

  @Test
  void theLastPlacesAreTheSuperUsers() {
    Process root = process(1);
    Process user = process(2);
    user.credentials().uids(USER, USER, USER);
    for (int tid = 10; table.threads() < MAX_THREADS - PRIVILEGED_PLACES; tid++) {
      table.reserve(user);
      thread(tid, root);
    }
    assertRefused(user);
    for (int tid = 100; table.threads() < MAX_THREADS; tid++) {
      table.reserve(root);
      thread(tid, root);
    }
    assertRefused(root);
  }

  @Test
  void aUsersLimitCountsThatUsersThreads() {
    Process root = process(1);
    Process user = process(2);
    user.credentials().uids(USER, USER, USER);
    user.limits().set(Limits.NPROC, 2, 2);
    thread(1, root);
    thread(3, root);
    thread(2, user);
    table.reserve(user);
    thread(4, user);
    assertRefused(user);
  }

  private void assertRefused(Process parent) {
    ErrnoException e = assertThrows(ErrnoException.class, () -> table.reserve(parent));
    assertEquals(Errno.EAGAIN, e.errno());
  }

  @Test
  void theThreadThatSurvivesAnExecTakesTheLeadersNumber() {
    Process p = process(7);
    Task leader = thread(7, p);
    Task other = thread(8, p);
    p.threads().remove(leader);
    table.remove(leader, false);
    table.becomeLeader(other);
    assertEquals(7, other.tid());
    assertSame(other, table.task(7));
    assertNull(table.task(8));
  }

  @Test
  void aGroupLivesAsLongAsItsMembers() {
    Process a = process(2);
    Process b = process(3);
    ProcessGroup group = table.group(2, new Session(1));
    table.move(a, group);
    table.move(b, group);
    table.move(a, null);
    assertSame(group, table.group(2));
    table.move(b, table.group(3, group.session()));
    assertNull(table.group(2));
    assertEquals(3, b.group().id());
    assertNotEquals(group, b.group());
  }

  @Test
  void walksFindEveryProcessInOrder() {
    process(9);
    process(4);
    assertEquals(4, table.next(0).pid());
    assertEquals(9, table.next(5).pid());
    assertNull(table.next(10));
  }
}
