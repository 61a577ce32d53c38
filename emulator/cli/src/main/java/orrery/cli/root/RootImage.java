package orrery.cli.root;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import orrery.machine.MachineException;
import orrery.machine.boot.BootPayload;

/**
 * A root file system to be packed into the guest's memory: a base, which is a host folder or an
 * archive that this class packed before, and copies of host files in it.
 */
public final class RootImage implements BootPayload {
  private static final long MIB = 1 << 20;

  /**
   * Above the inode numbers of every base: a number met again would be another name of one file.
   */
  private static final int FIRST_INODE_AFTER_BASE = 1 << 24;

  private static final long READ_CHUNK = 1 << 30;

  private final Path base;
  private final List<Copy> copies;
  private final long now = System.currentTimeMillis() / 1000;

  private final Names names = new Names();
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Object, Integer> inodes = new HashMap<>();
  private final Map<Object, Integer> links = new HashMap<>();
  private final Map<Object, Integer> written = new HashMap<>();
  private int nextInode = 1;

  /**
   * Describes a root; nothing is read yet.
   *
   * @param base a folder, a file packed by {@link #pack}, or null for an empty root
   */
  public RootImage(Path base, List<Copy> copies) {
    this.base = base;
    this.copies = List.copyOf(copies);
  }

  @Override
  public long load(MemorySegment room) throws IOException {
    try {
      long start = base != null && !Files.isDirectory(base) ? archive(room) : 0;
      if (start == 0 && base != null) {
        HostFolder.list(base, ".", this::add);
      }
      for (Copy copy : copies) {
        copy(copy);
      }
      return write(room, start);
    } catch (FileSystemException e) {
      throw new MachineException("cannot read " + e.getFile() + ": " + reason(e), e);
    }
  }

  /** Packs the root into a file; it appears whole or not at all. */
  public void pack(Path file) throws IOException {
    pack(file, List.of());
  }

  /** Packs the root and the entries {@code more} in folders of their own into a file. */
  void pack(Path file, List<Entry> more) throws IOException {
    Path part = Files.createTempFile(file.toAbsolutePath().getParent(), ".new", ".cpio");
    try {
      HostFolder.list(base, ".", this::add);
      for (Entry entry : more) {
        int slash = entry.path().lastIndexOf('/');
        names.folder(entry.path().substring(0, Math.max(0, slash)), now, this::addMade);
        add(entry);
      }
      try (FileChannel channel =
          FileChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        channel.truncate(writeMapped(channel));
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private long writeMapped(FileChannel channel) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return write(channel.map(FileChannel.MapMode.READ_WRITE, 0, bound(), arena), 0);
    }
  }

  /** Reads the packed archive but for its end, where the copies go on. */
  private long archive(MemorySegment room) throws IOException {
    try (FileChannel file = FileChannel.open(base, StandardOpenOption.READ)) {
      long size = file.size();
      checkRoom(size, room);
      long position = 0;
      while (position < size) {
        long wanted = Math.min(size - position, READ_CHUNK);
        int got = file.read(room.asSlice(position, wanted).asByteBuffer(), position);
        if (got < 0) {
          break;
        }
        position += got;
      }
      if (copies.isEmpty()) {
        return position;
      }
      CpioIndex.read(room.asSlice(0, position), names::add);
      long end = position - CpioWriter.trailerLength();
      room.asSlice(end, position - end).fill((byte) 0);
      nextInode = FIRST_INODE_AFTER_BASE;
      return end;
    }
  }

  private void copy(Copy copy) throws IOException {
    Path host = copy.host().toRealPath();
    boolean intoFolder = copy.guest().endsWith("/");
    String guest = copy.guest().replaceAll("/+$", "");
    String last = guest.substring(guest.lastIndexOf('/') + 1);
    if (Files.isDirectory(host)) {
      // A folder that is there already keeps its mode; a new one takes the host's.
      boolean existed = names.leadsToFolder(guest);
      String folder = names.folder(guest, now, this::addMade);
      String name = folder.isEmpty() ? "." : folder;
      HostFolder.list(host, name, entry -> addUnlessKept(entry, existed ? name : null));
      return;
    }
    if (!intoFolder && names.leadsToFolder(guest)) {
      intoFolder = true;
    }
    String parent = intoFolder ? guest : guest.substring(0, guest.length() - last.length());
    String name = intoFolder ? copy.host().getFileName().toString() : last;
    String folder = names.folder(parent, now, this::addMade);
    Entry entry = HostFolder.entry(host, folder.isEmpty() ? name : folder + "/" + name);
    if (!entry.isRegular()) {
      throw new MachineException("--copy " + copy.host() + ": neither a file nor a folder");
    }
    add(entry);
  }

  private void add(Entry entry) {
    if (FileType.of(entry.mode()) == FileType.SOCKET) {
      return; // belongs to a process of the host
    }
    names.add(entry);
    addMade(entry);
  }

  private void addUnlessKept(Entry entry, String kept) {
    if (!entry.path().equals(kept)) {
      add(entry);
    }
  }

  private void addMade(Entry entry) {
    entries.add(entry);
    if (entry.identity() != null) {
      links.merge(entry.identity(), 1, Integer::sum);
    }
  }

  private long bound() {
    long bound = CpioWriter.trailerLength();
    for (Entry entry : entries) {
      bound += CpioWriter.bound(entry);
    }
    return bound;
  }

  private long write(MemorySegment room, long start) throws IOException {
    if (start != 0 && entries.isEmpty()) {
      return start;
    }
    checkRoom(start + bound(), room);
    CpioWriter writer = new CpioWriter(room, start);
    for (Entry entry : entries) {
      if (entry.identity() == null) {
        writer.write(entry, nextInode++, 1, true);
      } else {
        writeLinked(writer, entry);
      }
    }
    writer.end();
    return writer.position();
  }

  /** The last name of a file carries its content, as every reader of the format expects. */
  private void writeLinked(CpioWriter writer, Entry entry) throws IOException {
    int inode = inodes.computeIfAbsent(entry.identity(), unused -> nextInode++);
    int count = links.get(entry.identity());
    boolean last = written.merge(entry.identity(), 1, Integer::sum) == count;
    writer.write(entry, inode, count, last);
  }

  private static void checkRoom(long bytes, MemorySegment room) {
    if (bytes > room.byteSize()) {
      throw new MachineException(
          "the root needs "
              + (bytes / MIB + 1)
              + " MiB of the guest's memory, "
              + room.byteSize() / MIB
              + " MiB are there: give more with --memory");
    }
  }

  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }
}
