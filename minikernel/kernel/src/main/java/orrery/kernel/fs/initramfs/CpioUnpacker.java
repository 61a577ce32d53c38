package orrery.kernel.fs.initramfs;

import java.util.HashMap;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.tmpfs.Tmpfs;
import orrery.kernel.fs.tmpfs.TmpfsFile;
import orrery.kernel.fs.tmpfs.TreeBuilder;

/** Unpacks cpio archives in the newc format. */
final class CpioUnpacker {
  private static final String TRAILER = "TRAILER!!!";
  private static final int TARGET_MAX = 4095;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final int MINOR_MASK = 0xf_ffff;
  private static final int MAJOR_MASK = 0xfff;

  /** Names with equal keys are names of one file. */
  private record LinkKey(long device, long inode, int type) {}

  private final TreeBuilder tree;
  private final HashMap<LinkKey, Inode> linked = new HashMap<>();

  CpioUnpacker(Tmpfs fs) {
    tree = new TreeBuilder(fs);
  }

  /** Unpacks the archive that {@code in} is at, up to and including its trailer. */
  void unpack(ArchiveInput in) throws InitramfsException {
    linked.clear();
    String last = "the start";
    for (; ; ) {
      String name = entry(in, last);
      if (name == null) {
        return;
      }
      last = name;
    }
  }

  /** Unpacks an entry; null if it was the trailer. */
  private String entry(ArchiveInput in, String last) throws InitramfsException {
    long start = in.position();
    if (in.look(CpioHeader.SIZE) < CpioHeader.SIZE) {
      throw new InitramfsException(
          "the initial root is cut off after " + last + ": no trailer at byte " + start);
    }
    if (!CpioHeader.isNext(in)) {
      throw new InitramfsException(
          "the initial root is damaged after " + last + ": no cpio header at byte " + start);
    }
    long inode = number(in, CpioHeader.INODE, last);
    int mode = (int) number(in, CpioHeader.MODE, last);
    int uid = (int) number(in, CpioHeader.UID, last);
    int gid = (int) number(in, CpioHeader.GID, last);
    long links = number(in, CpioHeader.LINKS, last);
    long modified = number(in, CpioHeader.MODIFIED, last) * NANOS_PER_SECOND;
    long size = number(in, CpioHeader.FILE_SIZE, last);
    int type = mode & FileMode.S_IFMT;
    long device = 0;
    if (type == FileMode.S_IFCHR || type == FileMode.S_IFBLK) {
      device =
          FileSystem.makeDevice(
              (int) number(in, CpioHeader.DEVICE_MAJOR, last) & MAJOR_MASK,
              (int) number(in, CpioHeader.DEVICE_MINOR, last) & MINOR_MASK);
    }
    LinkKey key = null;
    if (links > 1 && type != FileMode.S_IFDIR) {
      long host = number(in, CpioHeader.MAJOR, last) << 32 | number(in, CpioHeader.MINOR, last);
      key = new LinkKey(host, inode, type);
    }
    String name = name(in, number(in, CpioHeader.NAME_SIZE, last), last);
    if (name.equals(TRAILER)) {
      align(in);
      return null;
    }
    align(in);
    try {
      Inode made = make(in, name, key, type, mode, device, uid, gid, size);
      made.changeTimes(modified, modified);
    } catch (ErrnoException e) {
      throw failure(name, e);
    }
    align(in);
    return name;
  }

  private Inode make(
      ArchiveInput in,
      String name,
      LinkKey key,
      int type,
      int mode,
      long device,
      int uid,
      int gid,
      long size)
      throws InitramfsException {
    tree.go(name);
    switch (type) {
      case FileMode.S_IFDIR -> {
        requireEmpty(size, name);
        return tree.directory(mode, uid, gid);
      }
      case FileMode.S_IFLNK -> {
        return tree.symlink(target(in, name, size), uid, gid);
      }
      case FileMode.S_IFREG -> {
        Inode known = known(key);
        TmpfsFile file =
            (TmpfsFile) (known != null ? tree.link(known) : tree.file(mode, 0, uid, gid));
        if (key != null) {
          linked.put(key, file);
        }
        if (size > 0) {
          contents(in, file, name, size);
        }
        return file;
      }
      case FileMode.S_IFCHR, FileMode.S_IFBLK, FileMode.S_IFIFO, FileMode.S_IFSOCK -> {
        requireEmpty(size, name);
        Inode known = known(key);
        Inode node = known != null ? tree.link(known) : tree.file(mode, device, uid, gid);
        if (key != null) {
          linked.put(key, node);
        }
        return node;
      }
      default ->
          throw new InitramfsException(
              "the initial root's entry "
                  + name
                  + " has no known file type: mode 0"
                  + Integer.toOctalString(mode));
    }
  }

  /** The file that an earlier entry with {@code key} made, if it still has a name. */
  private Inode known(LinkKey key) {
    Inode i = key == null ? null : linked.get(key);
    return i == null || i.links() == 0 ? null : i;
  }

  private static void contents(ArchiveInput in, TmpfsFile file, String name, long size)
      throws InitramfsException {
    file.truncate(0);
    long n = in.unpack(file, size);
    if (n < size) {
      throw new InitramfsException(
          "the initial root is cut off in " + name + ": " + (size - n) + " bytes are missing");
    }
  }

  private static String target(ArchiveInput in, String name, long size) throws InitramfsException {
    if (size == 0 || size > TARGET_MAX) {
      throw new InitramfsException(
          "the initial root's link " + name + " has a target of " + size + " bytes");
    }
    if (in.look((int) size) < size) {
      throw new InitramfsException("the initial root is cut off in " + name);
    }
    String target = in.text((int) size);
    if (target.isEmpty()) {
      throw new InitramfsException("the initial root's link " + name + " has an empty target");
    }
    in.pass(size);
    return target;
  }

  private static void requireEmpty(long size, String name) throws InitramfsException {
    if (size != 0) {
      throw new InitramfsException(
          "the initial root's entry " + name + " has data, but is no file");
    }
  }

  private static String name(ArchiveInput in, long size, String last) throws InitramfsException {
    if (size < 2 || size > ArchiveInput.WINDOW) {
      throw new InitramfsException(
          "the initial root is damaged after " + last + ": a name of " + size + " bytes");
    }
    in.pass(CpioHeader.SIZE);
    if (in.look((int) size) < size) {
      throw new InitramfsException("the initial root is cut off in the name after " + last);
    }
    String name = in.text((int) size);
    if (name.isEmpty()) {
      throw new InitramfsException("the initial root is damaged after " + last + ": an empty name");
    }
    in.pass(size);
    return name;
  }

  private static long number(ArchiveInput in, int index, String last) throws InitramfsException {
    long n = CpioHeader.number(in, index);
    if (n == CpioHeader.BAD) {
      throw new InitramfsException(
          "the initial root is damaged after "
              + last
              + ": no number in the header at byte "
              + in.position());
    }
    return n;
  }

  /** Headers and data begin at multiples of 4, counted from the archive's start. */
  private static void align(ArchiveInput in) throws InitramfsException {
    int odd = (int) (in.position() & CpioHeader.ALIGNMENT - 1);
    if (odd != 0) {
      in.pass(in.look(CpioHeader.ALIGNMENT - odd));
    }
  }

  private static InitramfsException failure(String name, ErrnoException e) {
    String why =
        switch (e.errno()) {
          case Errno.ENOSPC -> "no memory is left for it";
          case Errno.ENAMETOOLONG -> "a name in its path is longer than 255 bytes";
          case Errno.ENOTDIR -> "its path leads through a file";
          case Errno.ELOOP -> "its path leads through too many links";
          case Errno.EEXIST, Errno.EISDIR -> "another entry of that name is in its way";
          default -> "error " + e.errno();
        };
    return new InitramfsException("the initial root's entry " + name + " cannot be made: " + why);
  }
}
