package orrery.kernel.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.OpenFlag;

class FileLocksTest {
  private static final int BYTES = 60;
  private static final int OWNERS = 3;
  private static final String[] OWNER_NAMES = {"a", "b", "c"};
  private static final int STEPS = 200;

  /** Against a model that notes for every byte and owner what lock it has. */
  @Property(tries = 200)
  void recordLocksCoverTheBytesThatTheyShould(@ForAll long seed) {
    Random r = new Random(seed);
    Budget budget = Budget.space(1 << 20);
    FileLocks locks = new FileLocks(budget);
    int[][] model = new int[OWNERS][BYTES];
    for (int[] m : model) {
      Arrays.fill(m, FileLocks.F_UNLCK);
    }
    for (int i = 0; i < STEPS; i++) {
      int owner = r.nextInt(OWNERS);
      int type = r.nextInt(3);
      int start = r.nextInt(BYTES);
      int end = start + r.nextInt(BYTES - start);
      boolean conflict = false;
      for (int o = 0; o < OWNERS; o++) {
        for (int b = start; o != owner && b <= end; b++) {
          conflict |=
              model[o][b] != FileLocks.F_UNLCK
                  && (type == FileLocks.F_WRLCK || model[o][b] == FileLocks.F_WRLCK);
        }
      }
      Object who = OWNER_NAMES[owner];
      boolean found = type != FileLocks.F_UNLCK && locks.conflict(who, type, start, end) != null;
      assertEquals(conflict && type != FileLocks.F_UNLCK, found);
      if (!found) {
        locks.set(who, 1, type, start, end);
        Arrays.fill(model[owner], start, end + 1, type);
      }
    }
    for (int o = 0; o < OWNERS; o++) {
      locks.releaseOwner(OWNER_NAMES[o]);
    }
    assertEquals(0, budget.used());
  }

  @Test
  void aLockInTheMiddleSplitsAnother() {
    FileLocks locks = new FileLocks(Budget.space(1000));
    locks.set("a", 1, FileLocks.F_WRLCK, 0, FileLocks.TO_END);
    locks.set("a", 1, FileLocks.F_UNLCK, 10, 19);
    assertNull(locks.conflict("b", FileLocks.F_WRLCK, 10, 19));
    assertNotNull(locks.conflict("b", FileLocks.F_RDLCK, 9, 9));
    FileLocks.Lock tail = locks.conflict("b", FileLocks.F_RDLCK, 20, 20);
    assertEquals(20, tail.start());
    assertEquals(FileLocks.TO_END, tail.end());
  }

  @Test
  void wholeFileLocksBelongToOpenFilesAndGoWithThem() {
    try (FileBench bench = new FileBench(4 << 20)) {
      OpenFile a = bench.open("/f", OpenFlag.O_CREAT | OpenFlag.O_RDWR);
      OpenFile b = bench.open("/f", OpenFlag.O_RDWR);
      FileLocks locks = a.inode().locks();
      assertTrue(locks.lockWhole(a, 1, FileLocks.F_RDLCK));
      assertTrue(locks.lockWhole(b, 2, FileLocks.F_RDLCK));
      assertFalse(locks.lockWhole(b, 2, FileLocks.F_WRLCK));
      a.drop();
      assertTrue(locks.lockWhole(b, 2, FileLocks.F_WRLCK));
    }
  }

  @Test
  void aProcessLosesItsRecordLocksWithTheFirstDescriptorThatItCloses() {
    try (FileBench bench = new FileBench(4 << 20)) {
      FileTable table = bench.vfs.newFileTable();
      int first = table.install(bench.open("/f", OpenFlag.O_CREAT | OpenFlag.O_RDWR), false);
      int second = table.install(bench.open("/f", OpenFlag.O_RDWR), false);
      FileLocks locks = table.get(first).inode().locks();
      locks.set(table, 1, FileLocks.F_WRLCK, 0, 9);
      assertNotNull(locks.conflict("other", FileLocks.F_WRLCK, 0, 9));
      table.close(second);
      assertNull(locks.conflict("other", FileLocks.F_WRLCK, 0, 9));
    }
  }

  @Test
  void circlesOfWaitingTablesAreSeen() {
    OpenFileCount count = new OpenFileCount(10);
    FileTable a = new FileTable(count);
    FileTable b = new FileTable(count);
    FileTable c = new FileTable(count);
    a.waitsFor(b);
    b.waitsFor(c);
    assertTrue(a.isWaitingFor(c));
    assertFalse(c.isWaitingFor(a));
    b.waitsFor(null);
    assertFalse(a.isWaitingFor(c));
  }
}
