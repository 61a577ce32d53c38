package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs on the mini-kernel, and the disks that {@code --drive} gives them. */
final class BlockDeviceTest {
  private static final int SIZE = 24 << 20;

  @TempDir Path folder;
  private Path image;
  private byte[] contents;

  @BeforeEach
  void makeImage() throws Exception {
    contents = new byte[SIZE];
    new Random(3).nextBytes(contents);
    image = Files.write(folder.resolve("disk.img"), contents);
  }

  private Launched.Result sh(String script) throws Exception {
    return Launched.orrery(
        "run", "--verbose", "--drive", image.toString(), "--", "busybox", "sh", "-c", script);
  }

  private static String sum(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void wholeDiskReadsAsOnTheHost() throws Exception {
    Launched.Result result = sh("dd if=/dev/nvme0n1 bs=1M 2>/dev/null | sha256sum");
    assertEquals(0, result.status(), result.err());
    assertTrue(result.out().contains(sum(contents)), result.out());
  }

  @Test
  void whatWasSyncedIsInTheHostsFile() throws Exception {
    Launched.Result result =
        sh(
            "set -e; yes orrery | head -c 300000 >/tmp/t; dd if=/tmp/t of=/dev/nvme0n1 bs=1000"
                + " seek=5 conv=notrunc 2>/dev/null; sync; dd if=/dev/nvme0n1 bs=1000 skip=5"
                + " count=300 2>/dev/null | cmp - /tmp/t && echo same");
    assertTrue(result.out().endsWith("same\n"), result.out() + result.err());
    byte[] written = "orrery\n".repeat(43_000).substring(0, 300_000).getBytes();
    System.arraycopy(written, 0, contents, 5000, written.length);
    assertArrayEquals(contents, Files.readAllBytes(image));
    assertTrue(result.err().contains("handles of drivers were closed"), result.err());
    assertFalse(result.err().contains("DMA guard"), result.err());
  }

  @Test
  void readOnlyDriveRefusesToBeOpenedForWriting() throws Exception {
    Launched.Result result =
        Launched.orrery(
            "run",
            "--drive",
            image + ",readonly",
            "--",
            "sh",
            "-c",
            "echo x >/dev/nvme0n1 || cat /sys/block/nvme0n1/ro");
    assertTrue(result.out().endsWith("1\n"), result.out());
    assertArrayEquals(contents, Files.readAllBytes(image));
  }

  @Test
  void memoryMuchSmallerThanTheDiskIsEnough() throws Exception {
    Launched.Result result =
        Launched.orrery(
            "run",
            "--memory",
            "16M",
            "--drive",
            image.toString(),
            "--",
            "sh",
            "-c",
            "sha256sum /dev/nvme0n1; dd if=/dev/zero of=/dev/nvme0n1 bs=64k 2>/dev/null; sync;"
                + " sha256sum /dev/nvme0n1");
    assertTrue(result.out().contains(sum(contents)), result.out() + result.err());
    assertTrue(result.out().contains(sum(new byte[SIZE])), result.out() + result.err());
    assertArrayEquals(new byte[SIZE], Files.readAllBytes(image));
  }

  private Launched.Result debian(String script) throws Exception {
    Launched.Result root =
        Launched.run(
            new byte[0],
            List.of(
                Launched.project().resolve("test-images/root").toString(),
                "bash",
                "coreutils",
                "grep",
                "fio",
                "nvme-cli",
                "util-linux",
                "fdisk",
                "gdisk"));
    assertEquals(0, root.status(), root.err());
    return Launched.orrery(
        "run",
        "--verbose",
        "--timeout",
        "115",
        "--root",
        root.out().strip(),
        "--drive",
        image + ",serial=ORACLE",
        "--",
        "bash",
        "-c",
        script);
  }

  /** Debian's fio writes random blocks by every engine that it has, reads them back and checks. */
  @Tag("slow")
  @Test
  void debiansFioVerifiesWhatItWrote() throws Exception {
    Launched.Result result =
        debian(
            """
            cd /tmp
            check() {
              fio --name=t --filename=/dev/nvme0n1 --rw=randrw --verify=crc32c --size=8m "$@" \
                >out 2>&1 && grep -q 'err= 0' out || { echo "failed: $*"; cat out; }
            }
            mixed="--bsrange=512-128k --blockalign=512"
            check --ioengine=libaio --direct=1 --iodepth=32 $mixed
            check --ioengine=libaio --direct=1 --iodepth=32 --bs=4k
            check --ioengine=libaio --iodepth=8 --bs=4k --fsync=32
            check --ioengine=io_uring --direct=1 --iodepth=32 $mixed
            check --ioengine=io_uring --direct=1 --iodepth=32 --fixedbufs --registerfiles --bs=8k
            check --ioengine=io_uring --iodepth=4 $mixed
            check --ioengine=io_uring --direct=1 --iodepth=8 --sqthread_poll=1 --bs=4k
            check --ioengine=psync --direct=1 $mixed
            check --ioengine=pvsync2 --sync=1 --bs=4k
            check --ioengine=mmap --bs=4k
            check --ioengine=mmap --bs=4k --fsync=16
            echo done
            sha256sum /dev/nvme0n1
            """);
    assertEquals(0, result.status(), result.out() + result.err());
    assertTrue(result.out().contains("\ndone\n"), result.out() + result.err());
    assertFalse(result.out().contains("failed:"), result.out());
    assertTrue(result.out().contains(sum(Files.readAllBytes(image))), result.out());
    assertFalse(Arrays.equals(contents, Files.readAllBytes(image)));
    assertTrue(result.err().contains("handles of drivers were closed"), result.err());
    assertFalse(result.err().contains("DMA guard"), result.err());
  }

  /** Debian's partitioning tools and nvme-cli see the disk as on Linux. */
  @Tag("slow")
  @Test
  void debiansToolsFindTheDiskAndPartitionIt() throws Exception {
    Launched.Result result =
        debian(
            """
            printf 'label: gpt\\nsize=8M,name=one\\nsize=4M,name=two\\n' |
              sfdisk -q /dev/nvme0n1 || exit
            lsblk -rbno NAME,MAJ:MIN,SIZE,TYPE,SERIAL,TRAN
            blkid -s PARTLABEL -o value /dev/nvme0n1p2
            sgdisk -v /dev/nvme0n1 | grep -c 'No problems found'
            head -c 4096 /dev/urandom >/tmp/r; dd if=/tmp/r of=/dev/nvme0n1p2 2>/dev/null
            [ "$(dd if=/dev/nvme0n1 bs=4096 skip=2304 count=1 2>/dev/null | sha256sum)" = \
              "$(sha256sum </tmp/r)" ] && echo same
            nvme list | tail -1
            nvme id-ns /dev/nvme0n1 | grep nsze
            nvme show-regs /dev/nvme0
            nvme show-regs /dev/nvme0n1 -H | grep 'Enable  '
            nvme show-regs /dev/nvme0 -H -o json | tr -d ' '
            nvme list-subsys | grep -o 'nvme0 pcie .*'
            grep -o '259.*' /proc/partitions
            blockdev --getsize64 --getss --getpbsz --getro /dev/nvme0n1
            """);
    assertEquals(0, result.status(), result.out() + result.err());
    String out = result.out();
    assertTrue(out.contains("nvme0n1 259:0 25165824 disk ORACLE nvme\n"), out);
    assertTrue(out.contains("nvme0n1p1 259:1 8388608 part  nvme\n"), out);
    assertTrue(out.contains("\ntwo\n1\nsame\n"), out);
    assertTrue(out.contains("/dev/nvme0n1") && out.contains("25.17  MB /  25.17  MB"), out);
    assertTrue(out.contains("nsze    : 0xc000"), out);
    assertTrue(out.contains("cap     : 84008300a010fff\nversion : 20000\n"), out);
    assertTrue(out.contains("csts    : 1\nnssr    : 0\ncrto    : a\n"), out);
    assertTrue(out.contains("(EN): Yes\n"), out);
    assertTrue(out.contains("\"cap\":594484153232199679,\n\"vs\":131072,\n"), out);
    assertTrue(out.contains("nvme0 pcie 0000:00:"), out);
    assertTrue(out.contains("25165824\n512\n512\n0\n"), out);
  }
}
