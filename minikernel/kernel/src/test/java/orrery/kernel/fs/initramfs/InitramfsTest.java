package orrery.kernel.fs.initramfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.fs.FileBench;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.PathWalker;
import orrery.kernel.fs.tmpfs.TmpfsFile;

class InitramfsTest {
  private static final long ADDRESS = FileBench.BASE + (2 << 20);

  /** Writes newc archives. */
  private static final class Archive {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int inode = 1;

    Archive add(String name, int mode, byte[] data) {
      return add(name, mode, data, inode++, 1, 0);
    }

    Archive add(String name, int mode, byte[] data, int ino, int links, int padding) {
      StringBuilder h = new StringBuilder("070701");
      int[] numbers = {
        ino, mode, 5, 6, links, 1000, data.length, 8, 1, 4, 64, name.length() + 1 + padding, 0
      };
      for (int n : numbers) {
        String hex = Integer.toHexString(n);
        h.append("0".repeat(8 - hex.length())).append(hex);
      }
      out.writeBytes(h.append(name).toString().getBytes(StandardCharsets.ISO_8859_1));
      out.writeBytes(new byte[1 + padding]);
      align();
      out.writeBytes(data);
      align();
      return this;
    }

    /** A file whose data begins at a page. */
    Archive addAligned(String name, byte[] data) {
      int plain = out.size() + 110 + name.length() + 1;
      int padding = (plain + 4095 & -4096) - plain;
      return add(name, 0100755, data, inode++, 1, padding);
    }

    private void align() {
      while (out.size() % 4 != 0) {
        out.write(0);
      }
    }

    byte[] end() {
      return add("TRAILER!!!", 0, new byte[0]).out.toByteArray();
    }
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] noise(int n) {
    byte[] b = new byte[n];
    new Random(n).nextBytes(b);
    return b;
  }

  private static Archive sample() {
    return new Archive()
        .add(".", 0040755, new byte[0])
        .add("bin", 0040755, new byte[0])
        .addAligned("bin/busybox", noise(100_000))
        .add("bin/sh", 0120777, bytes("busybox"))
        .add("./etc/passwd", 0100644, bytes("root:x:0:0"))
        .add("/dev/console", 0020600, new byte[0])
        .add("hard1", 0100600, new byte[0], 77, 2, 0)
        .add("hard2", 0100600, bytes("shared"), 77, 2, 0);
  }

  private static void load(FileBench bench, byte[] image) throws InitramfsException {
    bench.frames.reserve(ADDRESS, image.length);
    bench.memory.copyIn(image, 0, ADDRESS, image.length);
    new Initramfs(bench.root, bench.frames).load(ADDRESS, image.length);
  }

  private static void checkSample(FileBench bench) {
    assertArrayEquals(noise(100_000), contents(bench, "/bin/sh"));
    assertArrayEquals(bytes("root:x:0:0"), contents(bench, "/etc/passwd"));
    assertArrayEquals(bytes("shared"), contents(bench, "/hard1"));
    Inode passwd = find(bench, "/etc/passwd");
    assertEquals(0100644, passwd.mode());
    assertEquals(5, passwd.uid());
    assertEquals(6, passwd.gid());
    assertEquals(1_000_000_000_000L, passwd.modified());
    assertSame(find(bench, "/hard1"), find(bench, "/hard2"));
    assertEquals(2, find(bench, "/hard1").links());
    assertEquals(0x440, find(bench, "/dev/console").deviceNumber());
  }

  private static Inode find(FileBench bench, String path) {
    return bench
        .vfs
        .walker()
        .find(bench.caller, bench.fs, null, path, PathWalker.NO_FOLLOW)
        .inode();
  }

  private static byte[] contents(FileBench bench, String path) {
    OpenFile f = bench.open(path, OpenFlag.O_RDONLY);
    byte[] data = bench.readAt(f, FileBench.WINDOW, 0);
    f.drop();
    return data;
  }

  @Test
  void alignedDataIsAdoptedWhereItIsAndTheRestOfTheImageIsFreed() throws InitramfsException {
    try (FileBench bench = new FileBench(8 << 20)) {
      int free = bench.frames.free();
      load(bench, sample().end());
      checkSample(bench);
      long pages = 25 + 2; // busybox; passwd and the hard link
      assertEquals(free - pages, bench.frames.free());
      TmpfsFile f = (TmpfsFile) find(bench, "/bin/busybox");
      long frame = f.page(0);
      assertTrue(frame >= ADDRESS && frame < ADDRESS + 8192);
      bench.frames.release(frame);
    }
  }

  @Test
  void compressedAndConcatenatedArchivesAreUnpacked() throws Exception {
    byte[] more = new Archive().add("etc/more", 0100600, bytes("more")).end();
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    image.writeBytes(new Archive().add("first", 0040700, new byte[0]).end());
    image.writeBytes(new byte[512]);
    image.writeBytes(gzip(sample().end()));
    image.writeBytes(new byte[7]);
    image.writeBytes(gzip(more));
    try (FileBench bench = new FileBench(8 << 20)) {
      int free = bench.frames.free();
      load(bench, image.toByteArray());
      checkSample(bench);
      assertArrayEquals(bytes("more"), contents(bench, "/etc/more"));
      assertTrue(find(bench, "/first").isDirectory());
      assertEquals(free - 28, bench.frames.free());
    }
  }

  private static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(data);
    }
    return out.toByteArray();
  }

  @Test
  void aCutImageNamesTheEntry() {
    byte[] image = sample().end();
    int passwd = new String(image, StandardCharsets.ISO_8859_1).indexOf("root:x");
    byte[] cut = Arrays.copyOf(image, passwd + 4);
    try (FileBench bench = new FileBench(8 << 20)) {
      String message = assertThrows(InitramfsException.class, () -> load(bench, cut)).getMessage();
      assertTrue(message.contains("./etc/passwd"), message);
      assertTrue(message.contains("6 bytes are missing"), message);
    }
  }

  @Test
  void aBadHeaderNamesTheEntryBefore() {
    byte[] image = sample().end();
    int at = new String(image, StandardCharsets.ISO_8859_1).indexOf("./etc/passwd") - 110;
    image[at + 20] = 'x';
    try (FileBench bench = new FileBench(8 << 20)) {
      String message =
          assertThrows(InitramfsException.class, () -> load(bench, image)).getMessage();
      assertTrue(message.contains("after bin/sh"), message);
    }
  }

  @Test
  void otherCompressionIsNamed() {
    try (FileBench bench = new FileBench(8 << 20)) {
      byte[] xz = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0, 0, 0};
      String message = assertThrows(InitramfsException.class, () -> load(bench, xz)).getMessage();
      assertTrue(message.contains("xz"), message);
    }
  }

  /** Whatever is in the image: it loads or is refused, and no frame is lost. */
  @Property(tries = 600)
  void damagedImagesAreRefusedWithoutHarm(@ForAll long seed) throws IOException {
    Random r = new Random(seed);
    byte[] image = sample().end();
    if (r.nextInt(4) == 0) {
      image = gzip(image);
    }
    int changes = 1 + r.nextInt(4);
    String hex = "0123456789abcdef";
    for (int i = 0; i < changes; i++) {
      int at = r.nextInt(10) == 0 ? r.nextInt(image.length) : image.length - 1 - r.nextInt(1200);
      at = Math.floorMod(r.nextInt(3) == 0 ? r.nextInt(400) : at, image.length);
      image[at] = (byte) (r.nextBoolean() ? hex.charAt(r.nextInt(16)) : r.nextInt(256));
    }
    if (r.nextInt(5) == 0) {
      image = Arrays.copyOf(image, r.nextInt(image.length));
    }
    try (FileBench bench = new FileBench(8 << 20)) {
      int free = bench.frames.free();
      try {
        load(bench, image);
      } catch (InitramfsException e) {
        assertTrue(e.getMessage().startsWith("the initial root"), e.getMessage());
      }
      long held = free - bench.frames.free();
      bench.root.release();
      assertEquals(free, bench.frames.free(), held + " frames were held");
      assertEquals(0, bench.vfs.budget().used());
    }
  }
}
