package orrery.kernel.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.fs.tmpfs.Tmpfs;

/** Where paths lead in a little tree: errors are written as their numbers' names. */
class PathWalkerTest {
  private final FileBench bench = new FileBench(8 << 20);

  @BeforeEach
  void makeTree() {
    mkdir("/d");
    mkdir("/d/e");
    mkdir("/d/closed");
    mkdir("/mnt");
    touch("/d/f");
    touch("/d/e/g");
    touch("/d/closed/h");
    symlink("f", "/d/toF");
    symlink("/d/e", "/d/toE");
    symlink("nowhere", "/d/dangling");
    symlink("loop", "/d/loop");
    symlink("toE/../toF", "/d/chain");
    symlink("e/", "/d/slashed");
    symlink("..", "/d/up");
    Location mnt = bench.vfs.find(bench.caller, bench.fs, "/mnt");
    bench.vfs.mounts().mount(new Tmpfs(bench.vfs, "tmpfs"), "none", mnt, 0);
    mkdir("/mnt/inner");
    touch("/mnt/inner/x");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private void mkdir(String p) {
    bench.vfs.names().makeDirectory(bench.caller, bench.fs, null, p, 0755);
  }

  private void touch(String p) {
    bench.open(p, OpenFlag.O_CREAT).drop();
  }

  private void symlink(String target, String p) {
    bench.vfs.names().makeSymlink(bench.caller, bench.fs, target, null, p);
  }

  private String find(String path, int flags) {
    try {
      Location l = bench.vfs.walker().find(bench.caller, bench.fs, null, path, flags);
      return PathNames.of(l, null);
    } catch (ErrnoException e) {
      return "errno " + e.errno();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "//, /",
    "/.., /",
    "/d, /d",
    "/d/, /d",
    "/d//e///g, /d/e/g",
    "/d/./e/., /d/e",
    "/d/e/.., /d",
    "/d/e/../../d/f, /d/f",
    "/d/toF, /d/f",
    "/d/toE, /d/e",
    "/d/toE/g, /d/e/g",
    "/d/toE/.., /d",
    "/d/chain, /d/f",
    "/d/slashed, /d/e",
    "/d/up/d/f, /d/f",
    "/mnt, /mnt",
    "/mnt/inner/x, /mnt/inner/x",
    "/mnt/.., /",
    "/mnt/inner/../.., /",
    "/mnt/inner/../../d, /d",
    "/none, errno 2",
    "/none/, errno 2",
    "/none/x, errno 2",
    "/d/dangling, errno 2",
    "/d/f/, errno 20",
    "/d/f/., errno 20",
    "/d/f/.., errno 20",
    "/d/f/x, errno 20",
    "/d/toF/, errno 20",
    "/d/loop, errno 40",
    "/d/loop/x, errno 40",
    "'', errno 2",
  })
  void pathsLeadWhereLinuxLeadsThem(String path, String expected) {
    assertEquals(expected, find(path, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "/d/toF, /d/toF",
    "/d/toE, /d/toE",
    "/d/toE/, /d/e",
    "/d/toE/g, /d/e/g",
    "/d/loop, /d/loop",
    "/d/dangling, /d/dangling",
    "/d/toF/, errno 20",
  })
  void aLastLinkIsNotFollowedIfAskedSo(String path, String expected) {
    assertEquals(expected, find(path, PathWalker.NO_FOLLOW));
  }

  @ParameterizedTest
  @CsvSource({
    "4, /d/toF, errno 40",
    "4, /d/f, /d/f",
    "1, /mnt, errno 18",
    "1, /d/f, /d/f",
    "8, /d, errno 18",
    "8, d/f, /d/f",
    "8, .., errno 18",
    "8, d/up/d, /d",
    "8, d/up/.., errno 18",
    "8, d/toE, errno 18",
    "16, ../../d/toE/g, /d/e/g",
  })
  void restrictedWalksStayWhereTheyMust(int resolve, String path, String expected) {
    assertEquals(expected, find(path, PathWalker.resolveFlags(resolve)));
  }

  @Test
  void namesAndPathsHaveALongestLength() {
    assertEquals("errno " + Errno.ENOENT, find("/" + "x".repeat(255), 0));
    assertEquals("errno " + Errno.ENAMETOOLONG, find("/" + "x".repeat(256), 0));
    assertEquals("errno " + Errno.ENOENT, find("/" + "./".repeat(2046) + "x", 0));
    assertEquals("errno " + Errno.ENAMETOOLONG, find("/" + "./".repeat(2047) + "x", 0));
  }

  @Test
  void fortyLinksAreFollowedAndNoMore() {
    touch("/l0");
    for (int i = 1; i <= 41; i++) {
      symlink("l" + (i - 1), "/l" + i);
    }
    assertEquals("/l0", find("/l40", 0));
    assertEquals("errno " + Errno.ELOOP, find("/l41", 0));
  }

  @Test
  void aFolderWithoutSearchPermissionStopsOthersThanRoot() {
    Inode closed = bench.vfs.find(bench.caller, bench.fs, "/d/closed").inode();
    closed.changePermissions(0700);
    bench.caller.as(1000, 1000);
    assertEquals("errno " + Errno.EACCES, find("/d/closed/h", 0));
    assertEquals("/d/closed", find("/d/closed", 0));
    closed.changePermissions(0710);
    assertEquals("errno " + Errno.EACCES, find("/d/closed/h", 0));
    bench.caller.as(1000, 0);
    assertEquals("/d/closed/h", find("/d/closed/h", 0));
  }

  @Test
  void chrootIsTheTop() {
    bench.fs.root(bench.vfs.find(bench.caller, bench.fs, "/d"));
    assertEquals("/d/f", find("/f", 0));
    assertEquals("/d", find("/..", 0));
    assertEquals("/d/e", find("/e/../../e", 0));
    assertEquals("errno " + Errno.ENOENT, find("/toE", 0));
    Location e = bench.vfs.find(bench.caller, bench.fs, "/e");
    assertEquals("/e", PathNames.ofCurrent(e, bench.fs.root()));
    Location outside = bench.vfs.mounts().root();
    assertEquals("(unreachable)/", PathNames.ofCurrent(outside, bench.fs.root()));
  }

  @Test
  void aRemovedCurrentFolderHasNoPathButStillAParent() {
    mkdir("/gone");
    bench.fs.current(bench.vfs.find(bench.caller, bench.fs, "/gone"));
    bench.vfs.names().removeDirectory(bench.caller, bench.fs, null, "/gone");
    assertNull(PathNames.ofCurrent(bench.fs.current(), bench.fs.root()));
    assertEquals("/", find("..", 0));
    assertEquals(
        Errno.ENOENT, FileBench.errno(() -> bench.open("new", OpenFlag.O_CREAT | OpenFlag.O_RDWR)));
  }

  @ParameterizedTest
  @CsvSource({
    // path, O_ flags in octal, error
    "/d/f, 0300, 17",
    "/d/dangling, 0300, 17",
    "/d/new/, 0100, 21",
    "/d, 0100, 21",
    "/d, 01, 21",
    "/d/., 0100, 21",
    "/d/toF, 0100000, 40",
    "/d/f, 040000, 20",
    "/d/toE, 0140000, 20",
    "/d/f, 040100, 22",
    "/none/new, 0100, 2",
    "/d/f/new, 0100, 20",
    "/d/dangling, 0100, 0",
    "/d, 020040000, 22",
    "/d, 020040002, 0",
  })
  void openFailsAsInLinux(String path, String flags, int errno) {
    int f = Integer.parseInt(flags, 8);
    assertEquals(errno, FileBench.errno(() -> bench.open(path, f).drop()));
  }

  @ParameterizedTest
  @CsvSource({
    "/, 16",
    "/d/., 22",
    "/d/e/.., 39",
    "/d, 39",
    "/d/f, 20",
    "/mnt, 16",
    "/none, 2",
    "/d/toE/, 20",
  })
  void rmdirFailsAsInLinux(String path, int errno) {
    assertEquals(
        errno,
        FileBench.errno(
            () -> bench.vfs.names().removeDirectory(bench.caller, bench.fs, null, path)));
  }

  @Test
  void aBusyMountStaysUnlessDetached() {
    OpenFile f = bench.open("/mnt/inner/x", OpenFlag.O_RDONLY);
    Mount m = f.mount();
    assertEquals(Errno.EBUSY, FileBench.errno(() -> bench.vfs.mounts().unmount(m, false)));
    bench.vfs.mounts().unmount(m, true);
    assertEquals("errno " + Errno.ENOENT, find("/mnt/inner", 0));
    assertSame(m, f.mount());
    f.drop();
    assertEquals(1, bench.vfs.mounts().all().size());
  }

  @Test
  void stickyFoldersProtectOthersFiles() {
    bench.vfs.find(bench.caller, bench.fs, "/d").inode().changePermissions(01777);
    bench.caller.as(1000, 1000);
    assertEquals(
        Errno.EPERM,
        FileBench.errno(() -> bench.vfs.names().unlink(bench.caller, bench.fs, null, "/d/f")));
    touch("/d/mine");
    bench.vfs.names().unlink(bench.caller, bench.fs, null, "/d/mine");
  }
}
