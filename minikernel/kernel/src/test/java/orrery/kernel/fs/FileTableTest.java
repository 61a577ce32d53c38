package orrery.kernel.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.OpenFlag;

class FileTableTest {
  private final FileBench bench = new FileBench(4 << 20);
  private final FileTable table = bench.vfs.newFileTable();

  @AfterEach
  void close() {
    bench.close();
  }

  private OpenFile file() {
    return bench.open("/f", OpenFlag.O_CREAT | OpenFlag.O_RDWR);
  }

  @Test
  void theLowestFreeDescriptorIsGivenOut() {
    for (int i = 0; i < 100; i++) {
      assertEquals(i, table.install(file(), false));
    }
    table.close(70);
    table.close(3);
    table.close(40);
    assertEquals(50 + 20, table.install(file(), 50, false));
    assertEquals(3, table.install(file(), false));
    assertEquals(40, table.install(file(), false));
    assertEquals(100, table.install(file(), false));
  }

  @Test
  void theLimitIsEmfileAndNothingLeaks() {
    table.limit(2);
    table.install(file(), false);
    table.install(file(), false);
    assertEquals(2, bench.vfs.openFiles().open());
    assertEquals(Errno.EMFILE, FileBench.errno(() -> table.install(file(), false)));
    assertEquals(2, bench.vfs.openFiles().open());
    table.release();
    assertEquals(0, bench.vfs.openFiles().open());
  }

  @Test
  void aCopySharesOpenFilesAndKeepsTheFlags() {
    int a = table.install(file(), true);
    int b = table.install(file(), false);
    FileTable copy = table.copy();
    assertSame(table.get(a), copy.get(a));
    assertTrue(copy.closeOnExec(a));
    copy.closeMarked();
    assertNull(copy.peek(a));
    assertSame(table.get(b), copy.get(b));
    table.release();
    assertEquals(1, bench.vfs.openFiles().open());
    copy.release();
    assertEquals(0, bench.vfs.openFiles().open());
  }

  @Test
  void replacingClosesWhatWasThere() {
    int a = table.install(file(), true);
    OpenFile other = file();
    table.replace(a, other, false);
    assertSame(other, table.get(a));
    assertFalse(table.closeOnExec(a));
    assertEquals(1, bench.vfs.openFiles().open());
    table.replace(500, other.acquire(), true);
    assertTrue(table.closeOnExec(500));
    assertEquals(501, table.bound());
    assertEquals(Errno.EBADF, FileBench.errno(() -> table.replace(-1, other.acquire(), false)));
  }

  @Test
  void aPathOnlyDescriptorDoesNoInput() {
    int fd = table.install(bench.open("/", OpenFlag.O_PATH), false);
    assertEquals(Errno.EBADF, FileBench.errno(() -> table.get(fd)));
    assertEquals("/", table.getAny(fd).path());
  }

  @Test
  void anExecutedFileIsNotWritten() {
    file().drop();
    Inode i = bench.vfs.find(bench.caller, bench.fs, "/f").inode();
    i.beginExecution();
    assertEquals(Errno.ETXTBSY, FileBench.errno(this::file));
    i.endExecution();
    OpenFile f = file();
    assertEquals(Errno.ETXTBSY, FileBench.errno(i::beginExecution));
    f.drop();
    i.beginExecution();
  }
}
