package orrery.kernel.fs.tmpfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.SeekWhence;
import orrery.kernel.fs.FileBench;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.NameOperations;
import orrery.kernel.fs.OpenFile;

class TmpfsTest {
  private final FileBench bench = new FileBench(8 << 20);

  @AfterEach
  void close() {
    bench.close();
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void anUnlinkedFileLivesUntilItIsClosed() {
    OpenFile f = bench.open("/f", OpenFlag.O_CREAT | OpenFlag.O_RDWR);
    bench.write(bench.caller, f, bytes("still here"));
    int free = bench.frames.free();
    bench.vfs.names().unlink(bench.caller, bench.fs, null, "/f");
    assertEquals("/f (deleted)", f.path());
    assertArrayEquals(bytes("still here"), bench.readAt(f, 100, 0));
    assertEquals(free, bench.frames.free());
    f.drop();
    assertEquals(free + 1, bench.frames.free());
  }

  @Test
  void anOpenFileKnowsItsPathAfterARename() {
    bench.vfs.names().makeDirectory(bench.caller, bench.fs, null, "/d", 0755);
    OpenFile f = bench.open("/d/f", OpenFlag.O_CREAT);
    bench.vfs.names().rename(bench.caller, bench.fs, null, "/d/f", null, "/d/g", 0);
    bench.vfs.names().rename(bench.caller, bench.fs, null, "/d", null, "/e", 0);
    assertEquals("/e/g", f.path());
    f.drop();
  }

  @Test
  void appendingWritesGoToTheEnd() {
    OpenFile a = bench.open("/f", OpenFlag.O_CREAT | OpenFlag.O_WRONLY | OpenFlag.O_APPEND);
    OpenFile b = bench.open("/f", OpenFlag.O_WRONLY | OpenFlag.O_APPEND);
    bench.write(bench.caller, a, bytes("one "));
    bench.write(bench.caller, b, bytes("two "));
    bench.write(bench.caller, a, bytes("three"));
    OpenFile r = bench.open("/f", OpenFlag.O_RDONLY);
    assertArrayEquals(bytes("one two three"), bench.read(bench.caller, r, 100));
  }

  @Test
  void seekFindsDataAndHoles() {
    OpenFile f = bench.open("/f", OpenFlag.O_CREAT | OpenFlag.O_RDWR);
    bench.writeAt(f, bytes("x"), 0);
    bench.writeAt(f, bytes("y"), 1 << 20);
    assertEquals(4096, f.seek(bench.caller, 0, SeekWhence.SEEK_HOLE));
    assertEquals(1 << 20, f.seek(bench.caller, 4096, SeekWhence.SEEK_DATA));
    assertEquals((1 << 20) + 1, f.seek(bench.caller, 1 << 20, SeekWhence.SEEK_HOLE));
    assertEquals(-Errno.ENXIO, f.seek(bench.caller, (1 << 20) + 1, SeekWhence.SEEK_DATA));
    assertEquals(16, f.inode().blocks());
  }

  @Test
  void whenMemoryIsFullWritesGetNoSpaceAndProgramsStillGetFrames() {
    OpenFile f = bench.open("/f", OpenFlag.O_CREAT | OpenFlag.O_RDWR);
    byte[] block = new byte[FileBench.WINDOW];
    long n;
    long total = 0;
    do {
      n = bench.write(bench.caller, f, block);
      total += Math.max(n, 0);
    } while (n > 0);
    assertEquals(-Errno.ENOSPC, n);
    assertEquals(total, f.inode().size());
    assertTrue(bench.frames.free() > 0);
  }

  @Test
  void farApartWritesEndInNoSpaceNotInAFullHeap() {
    OpenFile f = bench.open("/f", OpenFlag.O_CREAT | OpenFlag.O_RDWR);
    long n = 1;
    long at = 1;
    while (n > 0 && at > 0) {
      n = bench.writeAt(f, bytes("x"), at);
      at *= 2;
    }
    f.inode().truncate(0);
    f.drop();
    for (int i = 0; n >= 0; i++) {
      String path = "/" + i + "x".repeat(200);
      n =
          -FileBench.errno(
              () -> bench.vfs.names().makeDirectory(bench.caller, bench.fs, null, path, 0755));
    }
    assertEquals(-Errno.ENOSPC, n);
  }

  @Test
  void exchangeSwapsFilesAndFolders() {
    bench.vfs.names().makeDirectory(bench.caller, bench.fs, null, "/d", 0755);
    bench.vfs.names().makeDirectory(bench.caller, bench.fs, null, "/d/sub", 0755);
    bench.open("/f", OpenFlag.O_CREAT).drop();
    bench
        .vfs
        .names()
        .rename(bench.caller, bench.fs, null, "/d/sub", null, "/f", NameOperations.RENAME_EXCHANGE);
    assertTrue(bench.vfs.find(bench.caller, bench.fs, "/f").inode().isDirectory());
    assertTrue(bench.vfs.find(bench.caller, bench.fs, "/d/sub").inode().isRegular());
    Location root = bench.vfs.mounts().root();
    assertEquals(4, root.inode().links());
    assertEquals(2, bench.vfs.find(bench.caller, bench.fs, "/d").inode().links());
    assertEquals(
        "/",
        bench.vfs.find(bench.caller, bench.fs, "/f/..").inode() == root.inode()
            ? "/"
            : "elsewhere");
  }

  @Test
  void sealedMemoryFilesKeepTheirSize() {
    MemoryFile f = MemoryFile.create(bench.root, "m", 0777, 0, 0);
    bench.write(bench.caller, f, bytes("12345"));
    f.file().seals(FileSeal.F_SEAL_SHRINK | FileSeal.F_SEAL_GROW);
    assertEquals(Errno.EPERM, FileBench.errno(() -> f.inode().truncate(4)));
    assertEquals(Errno.EPERM, FileBench.errno(() -> f.inode().truncate(6)));
    assertEquals(-Errno.EPERM, bench.writeAt(f, bytes("x"), 5));
    assertEquals(1, bench.writeAt(f, bytes("x"), 4));
    assertEquals("/memfd:m (deleted)", f.path());
    int free = bench.frames.free();
    f.drop();
    assertEquals(free + 1, bench.frames.free());
  }

  @Test
  void aListingSurvivesRemovalsAndTellsStayersOnce() {
    for (int i = 0; i < 100; i++) {
      bench.open("/f" + i, OpenFlag.O_CREAT).drop();
    }
    List<String> told = new ArrayList<>();
    long[] position = {0};
    int[] room = {0};
    do {
      room[0] = 7;
      bench
          .root
          .root()
          .list(
              bench.caller,
              position[0],
              (name, number, mode, next) -> {
                if (room[0] == 0) {
                  return false;
                }
                room[0]--;
                told.add(name);
                position[0] = next;
                return true;
              });
      for (String name : told) {
        if (FileBench.errno(
                () -> bench.vfs.names().unlink(bench.caller, bench.fs, null, "/" + name))
            == 0) {
          bench.open("/new" + name, OpenFlag.O_CREAT).drop();
        }
      }
    } while (room[0] == 0 && told.size() < 1000);
    assertEquals(100, told.stream().filter(n -> n.startsWith("f")).distinct().count());
    assertEquals(told.size(), told.stream().distinct().count());
  }
}
